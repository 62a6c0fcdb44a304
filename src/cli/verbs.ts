import { infoVerb } from './info.ts'
import { nodesVerb } from './nodes.ts'
import { queryVerb } from './query.ts'
import type { Verb } from './verb.ts'

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [nodesVerb, queryVerb, infoVerb]
