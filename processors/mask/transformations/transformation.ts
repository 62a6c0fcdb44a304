import type { Prefixes } from '../address.ts'
import type { Find } from '../rewrite.ts'
import type { Signs } from '../suspects.ts'

/** One thing that is taken out of what leaves a node, from the stage private on. */
export interface Transformation {
  /** What is to be changed in a reading of any text. */
  readonly find?: (prefixes: Prefixes) => Find
  /** What `find` changes are addresses, which a report counts. */
  readonly addresses?: true
  /** No name of a user is sent. */
  readonly users?: true
  /** By what the bytes of a field tell quickly that `find` may change it. It may be told too often; a field with an escape is looked at in any case. */
  readonly signs?: (prefixes: Prefixes) => Signs
}
