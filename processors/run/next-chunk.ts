import type { Journal } from '../checkpoint/journal.ts'
import { chunkKey, type Entry, type Intent, type Owed, type State } from '../checkpoint/state.ts'
import type { RuleState } from '../pass/rules.ts'
import { type Cut, type Cutter, openCutter, type Room } from './cutter.ts'
import type { Matched } from './match.ts'
import { checksumBefore, proofOf } from './proofs.ts'
import type { Source } from './source.ts'
import type { Take } from './wait.ts'

export interface ClaimedChunk {
  readonly intent: Intent
  readonly cut: Cut
  readonly source: Source
  /** Lines of its log before it, where they were counted. */
  readonly linesBefore: number | undefined
  /** True when another run had claimed it. */
  readonly again: boolean
}

export interface ChunkQueue {
  /** The next chunk of this run: one that somebody claimed and did not finish, or a new one; undefined when all is read. */
  next(): Promise<ClaimedChunk | undefined>
  /** Tells what a chunk came to, once its pass is done. */
  passed(intent: Intent, after: PassedChunk): void
  /** Gives out again what was given and has no outcome yet. */
  restart(): void
  /** Bytes of last lines that wait for their end, in the logs that were read to it. */
  waiting(): number
}

interface PassedChunk {
  /** State of the rules after the last byte. */
  readonly rules: RuleState
  readonly lines: number
}

export interface QueueOptions {
  readonly journal: Journal<State, Entry>
  readonly logs: readonly Matched<Source>[]
  readonly chunkBytes: number
  /** True for files that were named one by one: no other run sees newer ones. */
  readonly complete: boolean
  /** True when a last line of this file counts although it has no end. */
  readonly isWhole: (source: Source) => boolean
  /** What new bytes are made to: all, emergencies alone, or nothing yet; chunks that are open are always done again. */
  readonly take: Take
  /** How lines of new chunks are read. */
  readonly read: NonNullable<Intent['read']>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Gives out chunks in log order, each claimed in the journal before it is given. */
export const openQueue = ({
  journal,
  logs,
  chunkBytes,
  complete,
  isWhole,
  take,
  read,
  now,
}: QueueOptions): ChunkQueue => {
  const sources = new Map(logs.map(({ file, log }) => [log.id, file]))
  const isAhead = take === 'urgent' || take === 'together'
  const exhausted = new Set<string>()
  /** Logs of which bytes that are claimed are gone: nothing of them is given out. */
  const unreadable = new Set<string>()
  const passed = new Map<string, PassedChunk>()
  const waiting = new Map<string, number>()
  const room: Room = { buffer: Buffer.alloc(0) }
  let current: { readonly log: string; readonly cutter: Cutter } | undefined

  const cutterOf = (log: string, source: Source): Cutter => {
    const cutterOptions = { source, chunkBytes, complete: () => isWhole(source), room }
    if (current?.log !== log) current = { log, cutter: openCutter(cutterOptions) }
    return current.cutter
  }

  const redo = async (intent: Intent, source: Source): Promise<ClaimedChunk | undefined> => {
    const cut = await cutterOf(intent.log, source).exact(intent)
    if (cut === undefined) unreadable.add(intent.log)
    return cut && { intent, cut, source, linesBefore: linesBefore(journal.read(), intent, passed), again: true }
  }

  const begin = async (state: State, log: string, source: Source): Promise<ClaimedChunk | undefined> => {
    const before = state.logs.find(({ id }) => id === log) ?? { offset: 0 }
    const start = before.offset
    const cut = await cutterOf(log, source).next(start, await checksumBefore(source, before))
    if (cut === undefined) {
      exhausted.add(log)
      if (source.holds(source.size)) waiting.set(log, Math.max(0, source.size - start))
      return undefined
    }
    const { end, oversizedLine, checksum } = cut
    const proof = await proofOf(source, end, checksum)
    const intent = journal.append((newest): Intent | undefined =>
      newest.last !== state.last || offsetOf(newest, log) !== start
        ? undefined
        : {
            kind: 'intent',
            log,
            start,
            end,
            ...(isAhead ? { part: 'urgent' as const } : {}),
            proof,
            ...(oversizedLine === undefined ? {} : { oversizedLine }),
            ...(read.format === 'auto' && read.client === 'auto' ? {} : { read }),
            rules: (newest.last === undefined ? undefined : passed.get(newest.last)?.rules) ?? newest.rules,
            syncTimeUs: Math.round(now() * 1000),
          },
    )
    return intent && { intent, cut, source, linesBefore: linesBefore(state, intent, passed), again: false }
  }

  /** Claims what is owed of chunks that follow one another, as one. */
  const settle = (): Intent | undefined =>
    journal.append((state): Intent | undefined => {
      const [first, ...others] = (state.owed ?? []).filter(({ log }) => sources.has(log) && !unreadable.has(log))
      if (first === undefined) return undefined
      let end = first.end
      for (const each of others)
        if (each.start === end && isAlike(each, first) && each.end - first.start <= chunkBytes) end = each.end
      const { log, start, rules } = first
      const syncTimeUs = Math.round(now() * 1000)
      return {
        kind: 'intent',
        part: 'rest',
        log,
        start,
        end,
        ...(first.read && { read: first.read }),
        rules,
        syncTimeUs,
      }
    })

  const next = async (): Promise<ClaimedChunk | undefined> => {
    for (;;) {
      const state = journal.read()
      forgetFinished(state, passed)
      const isMine = (intent: Intent): boolean =>
        !passed.has(chunkKey(intent)) && sources.has(intent.log) && !unreadable.has(intent.log)
      const log =
        take === 'none' ? undefined : logs.find(({ log: { id } }) => !exhausted.has(id) && !unreadable.has(id))
      const settles = take === 'all' || (take === 'together' && log === undefined)
      const left = state.open.find(isMine) ?? (settles ? settle() : undefined)
      const [id, source] = left ? [left.log, sources.get(left.log)] : [log?.log.id, log?.file]
      if (id === undefined || source === undefined) return undefined
      if (left === undefined && waitsForOthers(state, passed, complete)) return undefined
      const chunk = left ? await redo(left, source) : await begin(state, id, source)
      if (chunk !== undefined) return chunk
    }
  }

  return {
    next,
    passed: (intent, after) => passed.set(chunkKey(intent), after),
    restart: () => {
      for (const each of [passed, exhausted, unreadable, waiting]) each.clear()
    },
    waiting: () => [...waiting.values()].reduce((sum, bytes) => sum + bytes, 0),
  }
}

const isAlike = (a: Owed, b: Owed): boolean =>
  a.log === b.log && a.read?.format === b.read?.format && a.read?.client === b.read?.client

const offsetOf = (state: State, log: string): number => state.logs.find(({ id }) => id === log)?.offset ?? 0

/** Lines of the log before a chunk: those of its finished chunks and of open ones that were passed here; undefined where one was not counted. */
const linesBefore = (
  state: State,
  { log: id, start }: Pick<Intent, 'log' | 'start'>,
  passed: ReadonlyMap<string, PassedChunk>,
): number | undefined => {
  const earlier = state.open.filter((each) => each.part !== 'rest' && each.log === id && each.start < start)
  const finished = state.logs.find((log) => log.id === id)?.lines
  const first = Math.min(start, ...earlier.map((each) => each.start))
  return earlier.reduce<number | undefined>(
    (sum, each) => {
      const lines = passed.get(chunkKey(each))?.lines
      return sum === undefined || lines === undefined ? undefined : sum + lines
    },
    finished ?? (first === 0 ? 0 : undefined),
  )
}

/** Keeps few of the passed chunks: the open ones and the last one. */
const forgetFinished = (state: State, passed: Map<string, PassedChunk>): void => {
  const needed = new Set([...state.open.map(chunkKey), state.last])
  for (const key of passed.keys()) if (!needed.has(key)) passed.delete(key)
}

/** True when only another run, which sees newer files, can tell the state of the rules after the chunk claimed last. */
const waitsForOthers = (state: State, passed: ReadonlyMap<string, PassedChunk>, complete: boolean): boolean => {
  const last = state.open.find((intent) => chunkKey(intent) === state.last)
  if (last === undefined || complete || passed.has(chunkKey(last))) return false
  return state.logs.some((log) => log.id === last.log && !log.gone && log.size >= last.end)
}
