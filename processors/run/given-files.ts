import { readFileSync } from 'node:fs'
import { AppError } from '../../src/core/errors.ts'
import { type OwnFile, ownFilesSchema } from '../../src/core/own-files.ts'
import type { Params } from '../params.ts'
import { explainFile } from './explain.ts'

/** The files that are read instead of the node's log; undefined where its log is read. */
export const givenFiles = ({ input, inputs }: Params): readonly OwnFile[] | undefined => {
  if (inputs !== undefined) return readList(inputs)
  return input.length === 0 ? undefined : input.map((path) => ({ path }))
}

const readList = (path: string): readonly OwnFile[] => {
  const next = 'Run the stage again, which writes it.'
  try {
    const parsed = ownFilesSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (parsed.success) return parsed.data.files
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw explainFile(thrown, `The list of files ${path} cannot be read.`, next)
  }
  throw new AppError({ what: `${path} is no list of files.`, next: [next] })
}
