import { readdirSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Letter, parseDeadFileName } from '../../../src/core/dead-letter.ts'
import { AppError } from '../../../src/core/errors.ts'
import { relevantSettings } from '../../checkpoint/output-settings.ts'
import { chunkKey, type State } from '../../checkpoint/state.ts'
import type { ChunkPass, ChunkProcessor, Reject, WrittenTable } from '../../chunk-processor.ts'
import { readingOf } from '../../formats/reading.ts'
import type { Sink } from '../../sinks/sink.ts'
import { chunkIds } from '../chunk-id.ts'
import { errorCode } from '../explain.ts'
import { byUrgency } from '../process-chunks.ts'
import { refusalsOf } from '../refusals.ts'
import type { RunOptions } from '../run-stage.ts'
import { addChunk, emptyTally, progressOf } from '../tally.ts'
import { makeTempFolder } from '../temp-folder.ts'
import { type Claim, claimAttempt, endAttempt, hasEnded, type LineSettings, settingsOf } from './attempt.ts'
import { compact, type DeadFile, openDeadFile } from './letters.ts'

export interface RetryParts {
  readonly state: State
  readonly sink: Sink
  /** Of the stage's checkpoint. */
  readonly folder: string
}

/** Takes the lines again that earlier runs of a stage refused; those that are refused once more stay. */
export const retryStage = async (options: RunOptions, { state, sink, folder }: RetryParts): Promise<void> => {
  const { params, stage, signal, onTally, onProgress } = options
  if (stage.outputs.some(({ relation }) => relation === 'lines'))
    throw new AppError({
      what: `Stage ${stage.id} has nothing to take again.`,
      why: 'Every line is a row there, also one that no format takes.',
      next: ['Name a stage that reads fields: structured, private or aggregated.'],
      kind: 'usage',
    })
  const dead = join(folder, 'dead')
  let tally = emptyTally(stage)
  onTally(tally)
  const processor = keepProcessor(options)
  try {
    for (const path of deadFilesOf(dead, state)) {
      for (;;) {
        signal.throwIfAborted()
        const found = openDeadFile(path)
        if (found === undefined) break
        if (found.letters.length === 0) {
          if (found.done > 0) compact(path, new Map(), options.writer)
          break
        }
        const wanted: Claim = { settings: settingsOf(params), syncTimeUs: Math.round(options.now() * 1000) }
        const claim = claimAttempt(path, found.attempt, wanted, options.writer)
        const attempted = await attempt(options, { path, found, claim, sink, open: processor.open })
        if (attempted !== undefined) {
          tally = addChunk(tally, attempted)
          const rest = tally.lines_rejected > 0 ? { dead: relative(params.data, dead) } : {}
          tally = { ...tally, ...rest, understood: tally.lines_parsed > 0, lines_retried: tally.lines_read }
          onTally(tally)
          onProgress(progressOf(tally, 0))
        }
        // one that was left by a run with other settings is ended first; then it is this run's turn
        if (isDeepStrictEqual(claim.settings, wanted.settings)) break
      }
    }
  } finally {
    processor.close()
  }
}

/** Those whose chunk has its rows: of an open one the lines may still become rows in the usual way. */
const deadFilesOf = (folder: string, state: State): readonly string[] => {
  const open = new Set(state.open.map(chunkKey))
  return namesIn(folder)
    .flatMap((name) => {
      const chunk = parseDeadFileName(name)
      return chunk === undefined || open.has(chunkKey(chunk)) ? [] : [{ name, chunk }]
    })
    .sort((a, b) => (a.chunk.log < b.chunk.log ? -1 : a.chunk.log > b.chunk.log ? 1 : a.chunk.start - b.chunk.start))
    .map(({ name }) => join(folder, name))
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return []
    throw thrown
  }
}

interface Attempt {
  readonly path: string
  readonly found: DeadFile
  readonly claim: Claim
  readonly sink: Sink
  readonly open: (wanted: LineSettings) => Promise<ChunkProcessor>
}

/** One attempt to its end; undefined when another run ended it. */
const attempt = async (options: RunOptions, { path, found, claim, sink, open }: Attempt) => {
  const { params, stage, node, initialRules, writer } = options
  const chunk = parseDeadFileName(basename(path))
  if (chunk === undefined) return undefined
  const { letters, attempt: number } = found
  const settings = relevantSettings(stage, claim.settings)
  const ids = chunkIds({ ...chunk, epoch: params.epoch, node: node.id, stage, settings, attempt: number })
  const processor = await open(claim.settings)
  const rejects: Reject[] = []
  const input = {
    bytes: linesOf(letters),
    start: letters[0]?.head.offset ?? 0,
    offsets: letters.map(({ head }) => head.offset),
    fingerprint: chunk.log,
    chunkIds: ids,
    syncTimeUs: BigInt(claim.syncTimeUs),
    rules: initialRules(),
    careful: true,
  }
  const pass = await processor.pass(input, (part) => {
    for (const reject of part.rejects) rejects.push(reject)
  })
  const paths = Object.fromEntries(stage.outputs.map(({ table }) => [table, sink.aside(table, ids[table])]))
  const writeAndLoad = async (): Promise<readonly WrittenTable[]> => {
    try {
      const written = await pass.write(paths)
      for (const { table } of byUrgency(written)) await sink.load(table, ids[table])
      return written
    } catch (thrown) {
      // another run that made the same attempt was first, and removed the files that were left aside
      if (hasEnded(path, number)) return []
      throw thrown
    }
  }
  const written = await writeAndLoad()
  const refused = new Map(rejects.map(({ offset, reason }) => [offset, reason]))
  const loaded = letters.map(({ head }) => head.offset).filter((offset) => !refused.has(offset))
  const isMine = endAttempt(path, number, loaded, writer)
  // the loaded ones are written down: what the file still holds of them is skipped from here on
  if (isMine) compact(path, refused, writer)
  for (const { table } of stage.outputs) await sink.tidy(table, ids[table])
  return isMine ? outcomeOf(pass, rejects, written, found) : undefined
}

const outcomeOf = (
  pass: ChunkPass,
  rejects: readonly Reject[],
  written: readonly WrittenTable[],
  { letters, file }: DeadFile,
) => ({
  counts: pass.counts,
  written,
  // the log itself is not read
  bytes: 0,
  refused: refusalsOf({
    rejects,
    bytesOf: ({ line = 0 }) => letters[line - 1]?.bytes ?? new Uint8Array(0),
    lineOf: ({ line = 0 }) => letters[line - 1]?.head.line,
    file,
  }),
})

const linesOf = (letters: readonly Letter[]): Uint8Array => {
  const lf = Buffer.from('\n')
  return Buffer.concat(letters.flatMap(({ bytes }) => [bytes, lf]))
}

/** One processor at a time, opened again where lines are to be read otherwise. */
const keepProcessor = (options: RunOptions) => {
  const { params, stage, node, now } = options
  let current:
    | { readonly wanted: LineSettings; readonly processor: ChunkProcessor; readonly tempDir: string }
    | undefined
  const close = (): void => {
    current?.processor.close()
    if (current !== undefined) rmSync(current.tempDir, { recursive: true, force: true })
    current = undefined
  }
  return {
    close,
    open: async (wanted: LineSettings): Promise<ChunkProcessor> => {
      if (current !== undefined && isDeepStrictEqual(current.wanted, wanted)) return current.processor
      close()
      const tempDir = makeTempFolder({ ...options, folder: join(params.data, '.bbq', 'tmp'), now: now() })
      const { project, memoryMb } = params
      const settings = { ...params, ...wanted }
      const reading = readingOf(wanted.format, wanted.client)
      const processor = await options.openChunkProcessor({ stage, node, project, settings, reading, memoryMb, tempDir })
      current = { wanted, processor, tempDir }
      return processor
    },
  }
}
