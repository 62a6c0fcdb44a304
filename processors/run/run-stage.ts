import { rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { type Detected, nothingDetected } from '../../src/core/detected.ts'
import { AppError } from '../../src/core/errors.ts'
import type { NodeIdentity } from '../../src/core/node.ts'
import type { Progress } from '../../src/core/report.ts'
import type { Stage } from '../../src/core/stage.ts'
import { type Journal, openJournal } from '../checkpoint/journal.ts'
import { compareSettings, relevantSettings } from '../checkpoint/output-settings.ts'
import {
  type Entry,
  entrySchema,
  fold,
  type Intent,
  openBytes,
  type State,
  stateSchema,
  unreadBytes,
} from '../checkpoint/state.ts'
import type { ChunkContext, ChunkProcessor } from '../chunk-processor.ts'
import { readingOf } from '../formats/reading.ts'
import type { Params } from '../params.ts'
import type { RuleState } from '../pass/rules.ts'
import { openSink } from '../sinks/index.ts'
import type { Sink } from '../sinks/sink.ts'
import { chunkIds } from './chunk-id.ts'
import { openDeadLetters } from './dead-letters.ts'
import { detectLogs } from './detect-logs.ts'
import { type Discovered, discoverInputs, discoverLog } from './discover.ts'
import { explainFile } from './explain.ts'
import { findWork, setName, type Work } from './find-work.ts'
import { givenFiles } from './given-files.ts'
import { openQueue } from './next-chunk.ts'
import { processChunks } from './process-chunks.ts'
import { retryStage } from './retry/retry-stage.ts'
import type { Source } from './source.ts'
import { addChunk, emptyTally, progressOf, type Tally } from './tally.ts'
import { makeTempFolder, removeOldAsides } from './temp-folder.ts'
import { decideTake, leftBy, partOf, type Waiting } from './wait.ts'

export interface RunOptions {
  readonly params: Params
  readonly stage: Stage
  readonly node: NodeIdentity
  readonly initialRules: () => RuleState
  readonly openChunkProcessor: (context: ChunkContext) => Promise<ChunkProcessor>
  readonly host: string
  readonly pid: number
  /** Unique a process. */
  readonly writer: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onTally: (tally: Tally) => void
  readonly onProgress: (progress: Progress) => void
  readonly onNotice: (text: string) => void
}

/** Runs a stage over what is new in this node's log; throws an AppError when not all of it could be done. */
export const runStage = async (options: RunOptions): Promise<void> => {
  const { params, stage, writer, now } = options
  const { epoch } = params
  const kept = relevantSettings(stage, params)
  const nameOf = (table: string): string => (table === 'log_results' ? params.logResultsTable : table)
  const sink = openSink(params.sink, { epoch, nameOf, writer, params, now })
  await sink.check()

  const folder = join(params.data, '.bbq', 'state', epoch, stage.id)
  const journal = openCheckpoint(options, folder, kept)
  compareSettings(stage, journal.read().settings, kept)

  if (params.retry) return retryStage(options, { state: journal.read(), sink, folder })
  const discovered = await discover(params, journal.read())
  try {
    const work = await findWork(journal, params, discovered, now)
    const waiting = decideTake({
      stage,
      params,
      state: journal.read(),
      logs: work.logs,
      bytes: work.bytesTotal,
      now: now(),
    })
    const detected = waiting.take === 'none' ? nothingDetected : await detectUnread(options, work)
    const tally: Tally = {
      ...emptyTally(stage),
      bytes_unread: work.bytesUnread,
      ...detected,
      notices: [...work.notices, ...detected.notices],
    }
    options.onTally(tally)
    explainEmptiness(params, discovered, options.onNotice)
    if (work.bytesTotal > 0) await processAll(options, { journal, work, sink, kept, folder, tally, waiting })
    const [first, ...others] = work.problems
    if (first !== undefined) throw others.length === 0 ? first : withOthers(first, others)
  } finally {
    for (const source of discovered.sources) source.close()
  }
}

/** What the logs with something new in them are; raw takes lines as they are. */
const detectUnread = async ({ params, stage, now }: RunOptions, { logs, bytesTotal }: Work): Promise<Detected> => {
  if (bytesTotal === 0 || stage.outputs.every(({ relation }) => relation === 'lines')) return nothingDetected
  const unread = logs.filter(({ log, file }) => log.offset < file.size).map(({ file }) => file)
  const reading = readingOf(params.format, params.client)
  return detectLogs(unread, reading, { second: Math.floor(now() / 1000), micros: 0 })
}

interface Opened {
  readonly journal: Journal<State, Entry>
  readonly work: Work
  readonly sink: Sink
  /** The settings that change what the stage writes. */
  readonly kept: Readonly<Record<string, number | string>>
  /** Of the checkpoint. */
  readonly folder: string
  readonly tally: Tally
  readonly waiting: Waiting
}

const processAll = async (options: RunOptions, opened: Opened): Promise<void> => {
  const { params, stage, node, writer, now, signal, onTally, onProgress } = options
  const { journal, work, sink, kept, folder, waiting } = opened
  const { epoch, project, memoryMb, chunkBytes } = params
  const { format, client } = params
  const reading = readingOf(format, client)
  let { tally } = opened
  const bytesTotal = bytesToRead(journal.read(), opened)
  let tempDir: string | undefined
  try {
    onProgress(progressOf(tally, bytesTotal))
    for (const place of [dirname(folder), join(folder, 'dead')]) removeOldAsides(place, now())
    const queue = openQueue({
      journal,
      logs: work.logs,
      take: waiting.take,
      chunkBytes,
      now,
      read: { format, client },
      ...endsOf(options, work),
    })
    await processChunks({
      stage,
      journal,
      queue,
      openProcessor: (part) => {
        if (tempDir !== undefined) rmSync(tempDir, { recursive: true, force: true })
        tempDir = makeTempFolder({ ...options, folder: join(params.data, '.bbq', 'tmp'), now: now() })
        return options.openChunkProcessor({
          stage: partOf(stage, part),
          node,
          project,
          settings: params,
          reading,
          memoryMb,
          tempDir,
        })
      },
      deadLetters: openDeadLetters(join(folder, 'dead'), writer),
      sink,
      readingOf: ({ read }) => (isSame(read, params) ? reading : readingOf(read?.format ?? 'auto', read?.client)),
      idsOf: ({ intent }) => chunkIds({ ...intent, epoch, node: node.id, stage, settings: kept }),
      onChunk: (chunk) => {
        tally = understanding(addChunk(tally, chunk), journal.read(), work)
        if (tally.lines_rejected > 0) tally = { ...tally, dead: relative(params.data, join(folder, 'dead')) }
        onTally(tally)
        onProgress(progressOf(tally, bytesTotal))
      },
      signal,
    })
    tally = { ...tally, waiting: queue.waiting(), ...(await leftFor(opened, now())) }
    onTally(tally)
  } finally {
    if (tempDir !== undefined) rmSync(tempDir, { recursive: true, force: true })
  }
}

/** What is owed was read before. */
const bytesToRead = (state: State, { work, waiting }: Opened): number => {
  const bytesOf = waiting.take === 'none' ? openBytes : unreadBytes
  const owed = waiting.take === 'none' ? [] : (state.owed ?? [])
  const all = work.logs.reduce((sum, { log }) => sum + bytesOf(state, log), 0)
  return Math.max(0, all - owed.reduce((sum, { start, end }) => sum + end - start, 0))
}

/** What is left for a later run, and when that is. */
const leftFor = async ({ journal, work, waiting }: Opened, now: number) => {
  if (waiting.take === 'all') return {}
  const { lines, half } = await leftBy(journal.read(), work.logs)
  if (lines === 0) return { waiting: half }
  return { waiting: half, lines_waiting: lines, sent_in_ms: Math.max(0, Math.round(waiting.dueAt - now)) }
}

const isSame = (read: Intent['read'], { format, client }: Params): boolean =>
  (read?.format ?? 'auto') === format && (read?.client ?? 'auto') === client

/** A log of which an earlier run understood a line is understood, whatever is new in it. */
const understanding = (tally: Tally, state: State, { logs }: Work): Tally => {
  const known = new Map(state.logs.map((log) => [log.id, log]))
  const earlier = logs.some(({ log: { id } }) => (known.get(id)?.parsed ?? 0) > 0)
  return { ...tally, understood: tally.lines_rejected === 0 || tally.lines_parsed > 0 || earlier }
}

/** When the last line of a file counts without its end: never in a log that grows; in a file of somebody's own, once nobody writes there. */
const endsOf = ({ params, now }: RunOptions, { complete }: Work) => ({
  complete,
  isWhole: (source: Source): boolean => complete && (isFixed(source) || !params.growing) && !source.mayGrow(now()),
})

const isFixed = ({ packed, stream }: Source): boolean => packed !== undefined || stream !== undefined

const openCheckpoint = (
  { initialRules, writer }: RunOptions,
  folder: string,
  settings: Readonly<Record<string, number | string>>,
): Journal<State, Entry> => {
  try {
    return openJournal({
      folder,
      state: stateSchema,
      entry: entrySchema,
      initial: (): State => ({ settings: { ...settings }, logs: [], open: [], rules: initialRules() }),
      fold,
      writer,
    })
  } catch (thrown) {
    throw explainFile(thrown, `The checkpoint ${folder} cannot be written.`, 'Mount the data folder read-write.')
  }
}

const discover = (params: Params, state: State): Promise<Discovered> => {
  const given = givenFiles(params)
  const set = setName(params, given !== undefined)
  const known = state.logs.filter((log) => log.set === set)
  return given === undefined ? discoverLog(resolve(params.data, params.log), known) : discoverInputs(given, known)
}

const explainEmptiness = (
  params: Params,
  { sources, problems, complete }: Discovered,
  onNotice: (text: string) => void,
) => {
  for (const { path, size } of sources) if (size === 0) onNotice(`${path} is empty.`)
  if (sources.length > 0 || problems.length > 0) return
  if (complete) throw new AppError({ what: 'There is no file to read: the list of files is empty.' })
  throw new AppError({
    what: `There is no log ${resolve(params.data, params.log)}.`,
    why: 'Neither the file nor a rotated one of its name exists.',
    next: ['Check that the log folder is mounted there, or name the log with --log.'],
  })
}

const withOthers = (first: AppError, others: readonly AppError[]): AppError => {
  const withStep = ({ message, next }: AppError): string => [message, ...next.slice(0, 1)].join(' ')
  return new AppError({ what: `${withStep(first)} ${others.length} more: ${others.map(withStep).join(' ')}` })
}
