import { AppError } from '../../src/core/errors.ts'
import { bigquerySink } from './bigquery/sink.ts'
import { folderSink } from './folder.ts'
import type { Sink, SinkKind, SinkOptions } from './sink.ts'

const kinds: readonly SinkKind[] = [folderSink, bigquerySink]

/** Opens the sink that `--sink KIND:TARGET` names; throws an AppError of kind `usage` for one that is not known. */
export const openSink = (spec: string, options: SinkOptions): Sink => {
  const colon = spec.indexOf(':')
  const found = kinds.find(({ kind }) => kind === spec.slice(0, Math.max(0, colon)))
  if (found !== undefined) return found.open(spec.slice(colon + 1), options)
  throw new AppError({
    what: `--sink ${spec} names no sink that this program knows.`,
    next: kinds.map(({ kind, target }) => `Write it as ${kind}:${target}`),
    kind: 'usage',
  })
}
