import { basename } from 'node:path'
import { mergeRefusals, type Refusal } from '../../src/core/refusals.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { Journal } from '../checkpoint/journal.ts'
import { chunkKey, type Entry, type Intent, type State } from '../checkpoint/state.ts'
import type { ChunkPart, ChunkPass, ChunkProcessor, WrittenTable } from '../chunk-processor.ts'
import type { Reading } from '../formats/reading.ts'
import { noCounts } from '../pass/counts.ts'
import type { Sink } from '../sinks/sink.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { ChunkQueue, ClaimedChunk } from './next-chunk.ts'
import { refusalsOf } from './refusals.ts'
import type { FinishedChunk } from './tally.ts'

export interface ProcessOptions {
  readonly stage: Stage
  readonly journal: Journal<State, Entry>
  readonly queue: ChunkQueue
  /** Called for the first chunk, for one of which another part is made, and after one that failed. */
  readonly openProcessor: (part: Intent['part']) => Promise<ChunkProcessor>
  readonly deadLetters: DeadLetters
  /** How the lines of a chunk are read. */
  readonly readingOf: (intent: Intent) => Reading
  readonly sink: Sink
  readonly idsOf: (chunk: ClaimedChunk) => Readonly<Record<string, string>>
  /** Told of every chunk whose outcome this run made. */
  readonly onChunk: (chunk: FinishedChunk) => void
  readonly signal: AbortSignal
}

/** A chunk that could not be made into rows; loading is not at fault. */
class ChunkFailure extends Error {
  readonly key: string

  constructor(key: string, cause: unknown) {
    super('a chunk failed', { cause })
    this.key = key
  }
}

/** Works on chunk after chunk until none is left; one that fails is claimed already, and is done again with care. */
export const processChunks = async (options: ProcessOptions): Promise<void> => {
  const careful = new Set<string>()
  for (;;) {
    try {
      return await processUntilFailure(options, careful)
    } catch (thrown) {
      if (!(thrown instanceof ChunkFailure)) throw thrown
      if (careful.has(thrown.key)) throw thrown.cause
      careful.add(thrown.key)
      options.queue.restart()
    }
  }
}

/**
 * One is written while the pass is at the next, and the writer is handed the next
 * before that pass begins; what was written is loaded and noted behind, in order, while the next is written.
 */
const processUntilFailure = async (options: ProcessOptions, careful: ReadonlySet<string>): Promise<void> => {
  const { queue, signal } = options
  let processor: ChunkProcessor | undefined
  let part: Intent['part']
  let writing: Promise<unknown> = Promise.resolve()
  let finishing: Promise<void> = Promise.resolve()
  let finishingBefore: Promise<void> = Promise.resolve()
  try {
    for (;;) {
      signal.throwIfAborted()
      const chunk = await queue.next()
      if (chunk === undefined) break
      const { intent } = chunk
      const ids = options.idsOf(chunk)
      if (processor !== undefined && part !== intent.part) {
        await settled(finishingBefore, finishing)
        processor.close()
        processor = undefined
      }
      part = intent.part
      processor ??= await options.openProcessor(part)
      const { pass, refused } = await passChunk(options, processor, chunk, careful)
      queue.passed(intent, { rules: pass.rules, lines: pass.counts.lines_read })
      await writing
      await finishingBefore
      const written = pass.write(pathsOf(options, ids)).catch(failureOf(intent))
      finishingBefore = finishing
      finishing = finish(options, { chunk, pass, refused, ids, writing: written, before: finishingBefore })
      // a failed write is told by `finishing`, which is awaited later; until then it must not end the process
      writing = written.catch(() => undefined)
      finishing.catch(() => undefined)
    }
  } finally {
    try {
      await settled(finishingBefore, finishing)
    } finally {
      processor?.close()
    }
  }
}

const failureOf =
  (intent: Intent) =>
  (cause: unknown): never => {
    throw new ChunkFailure(chunkKey(intent), cause)
  }

/** The pass over a chunk, whose refused lines are kept by then. */
const passChunk = async (
  { deadLetters, idsOf, readingOf }: ProcessOptions,
  processor: ChunkProcessor,
  chunk: ClaimedChunk,
  careful: ReadonlySet<string>,
): Promise<{ readonly pass: ChunkPass; readonly refused: readonly Refusal[] }> => {
  const { intent, cut, source, linesBefore, again } = chunk
  const letters = deadLetters.begin({ source, log: intent.log, cut, linesBefore, again })
  let refused: readonly Refusal[] = []
  try {
    const input = {
      bytes: cut.bytes,
      start: cut.start,
      ...(cut.oversizedLine === undefined ? {} : { oversizedLine: cut.oversizedLine }),
      fingerprint: intent.log,
      reading: readingOf(intent),
      chunkIds: idsOf(chunk),
      syncTimeUs: BigInt(intent.syncTimeUs),
      rules: intent.rules,
      careful: careful.has(chunkKey(intent)),
    }
    const keep = async (part: ChunkPart): Promise<void> => {
      // stage raw keeps true bytes of lines that have their row
      if (part.counts.lines_rejected > 0) refused = mergeRefusals(refused, refusalsIn(chunk, part))
      await letters.add(part.rejects)
    }
    const known = (): void => undefined
    const pass = await processor.pass(input, isRest(intent) ? known : keep).catch(failureOf(intent))
    if (isRest(intent)) letters.abandon()
    else letters.end()
    return { pass, refused }
  } catch (thrown) {
    letters.abandon()
    throw thrown
  }
}

/** Its lines were counted, and the refused ones kept, with their emergencies. */
const isRest = ({ part }: Intent): boolean => part === 'rest'

/** Waits until both have ended, then gives the value of the second or throws what failed first. */
const settled = async <T>(first: Promise<unknown>, second: Promise<T>): Promise<T> => {
  await Promise.allSettled([first, second])
  await first
  return second
}

const pathsOf = ({ sink, stage }: ProcessOptions, ids: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(stage.outputs.map(({ table }) => [table, sink.aside(table, ids[table] ?? '')]))

/** Tables in the order of loading: emergencies are wanted first. */
export const byUrgency = (written: readonly WrittenTable[]): readonly WrittenTable[] =>
  [...written].sort((a, b) => Number(b.table === 'emergency_logs') - Number(a.table === 'emergency_logs'))

const refusalsIn = ({ cut, source, linesBefore }: ClaimedChunk, { rejects }: ChunkPart): readonly Refusal[] =>
  refusalsOf({
    rejects,
    bytesOf: ({ offset, length }) => cut.bytes.subarray(offset - cut.start, offset - cut.start + length),
    lineOf: ({ line }) => (linesBefore === undefined || line === undefined ? undefined : linesBefore + line),
    file: basename(source.path),
  })

const ofPart = ({ log, start, part }: Intent): Pick<Intent, 'log' | 'start' | 'part'> =>
  part === undefined ? { log, start } : { log, start, part }

interface Passed {
  readonly chunk: ClaimedChunk
  readonly pass: ChunkPass
  readonly refused: readonly Refusal[]
  readonly ids: Readonly<Record<string, string>>
  readonly writing: Promise<readonly WrittenTable[]>
  /** The end of the chunk before. */
  readonly before: Promise<void>
}

const finish = async (
  { journal, sink, stage, onChunk }: ProcessOptions,
  { chunk: { intent, again }, pass, refused, ids, writing, before }: Passed,
): Promise<void> => {
  const idOf = (table: string): string => ids[table] ?? ''
  const isOpen = (state: State): boolean => state.open.some((each) => chunkKey(each) === chunkKey(intent))

  const writeAndLoad = async (): Promise<readonly WrittenTable[]> => {
    try {
      const written = await settled(before, writing)
      if (isOpen(journal.read())) for (const { table } of byUrgency(written)) await sink.load(table, idOf(table))
      return written
    } catch (thrown) {
      // another run that did the same chunk was first, and removed the files that were left aside
      if (!isOpen(journal.read())) return []
      throw thrown
    }
  }

  const written = await writeAndLoad()
  const { lines_read: lines, lines_parsed: parsed } = pass.counts
  const made = journal.append((state): Entry | undefined =>
    isOpen(state)
      ? { kind: 'outcome', ...ofPart(intent), ...(isRest(intent) ? {} : { lines, parsed }), rules: pass.rules }
      : undefined,
  )
  // told at once: whatever ends the run from here on, the chunk is in its report
  const { masked, full_addresses } = pass.counts
  const counted = isRest(intent)
    ? { counts: { ...noCounts, masked, full_addresses }, bytes: 0 }
    : { counts: pass.counts, bytes: intent.end - intent.start }
  if (made !== undefined) onChunk({ ...counted, refused, written })
  if (again || made === undefined) for (const { table } of stage.outputs) await sink.tidy(table, idOf(table))
}
