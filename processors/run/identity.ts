import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import type { NodeIdentity } from '../../src/core/node.ts'
import { nodeIdentitySchema } from '../../src/core/preparation.ts'
import { errorCode, explainFile } from './explain.ts'

/** Who this node is: `.bbq/node.json` in its data folder; throws an AppError when nobody has written it. */
export const readIdentity = (data: string): NodeIdentity => {
  const path = join(data, '.bbq', 'node.json')
  const parsed = nodeIdentitySchema.safeParse(parseJson(path, readText(path)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError({
    what: `${path} does not describe a node.`,
    why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}.`,
    next: [prepare],
  })
}

const prepare = 'Prepare the node, which writes the file, and run the stage again.'

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw explainFile(thrown, `${path} cannot be read.`, prepare)
    throw new AppError({
      what: `This node does not know its name: ${path} is missing.`,
      why: 'The node was not prepared, or its data folder is not mounted there.',
      next: [prepare],
      cause: thrown,
    })
  }
}

const parseJson = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError({ what: `${path} is no JSON.`, next: [prepare], cause })
  }
}
