import type { Stage } from '../../src/core/stage.ts'
import type { State } from '../checkpoint/state.ts'
import type { Params } from '../params.ts'
import type { Matched } from './match.ts'
import type { Source } from './source.ts'

/** What a run makes of new bytes: all; their emergencies, and then with what is owed the rest; emergencies alone; nothing yet. */
export type Take = 'all' | 'together' | 'urgent' | 'none'

export interface Waiting {
  readonly take: Take
  /** When what waits is sent, in milliseconds since the epoch. */
  readonly dueAt: number
}

interface Given {
  readonly stage: Stage
  readonly params: Params
  readonly state: State
  readonly logs: readonly Matched<Source>[]
  /** Bytes of which rows are still to be made. */
  readonly bytes: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Whether what is new is worth a file: by its size, its age, or because its log was never read. Windows wait until the one
 * is over in which they began to wait, for at most a whole chunk; their emergencies go ahead.
 */
export const decideTake = ({ stage, params, state, logs, bytes, now }: Given): Waiting => {
  const { waitMs, leastBytes, chunkBytes } = params
  const all: Waiting = { take: state.owed?.length && bytes <= chunkBytes ? 'together' : 'all', dueAt: now }
  if (waitMs === undefined) return all
  const since = state.since ?? now
  const windows = makes(stage, 'counts')
  const dueAt = (windows ? windowEnd(since, params.windowSeconds * 1000) : since) + waitMs
  const isNew = logs.some(({ log, file }) => log.offset === 0 && file.size > 0)
  if (isNew || now >= dueAt || bytes >= (windows ? chunkBytes : leastBytes)) return all
  return { take: makes(stage, 'alerts') ? 'urgent' : 'none', dueAt }
}

const makes = ({ outputs }: Stage, relation: 'counts' | 'alerts'): boolean =>
  outputs.some((output) => output.relation === relation)

const windowEnd = (ms: number, windowMs: number): number => (Math.floor(ms / windowMs) + 1) * windowMs

/** The stage with the tables alone that a chunk is made to. */
export const partOf = (stage: Stage, part: 'urgent' | 'rest' | undefined): Stage => {
  if (part === undefined) return stage
  const outputs = stage.outputs.filter(({ relation }) => (relation === 'alerts') === (part === 'urgent'))
  return { ...stage, outputs }
}

const lf = 10

/** What is left is read so much at a time: where a run ended early it may be a whole log. */
const blockBytes = 1_048_576

interface Left {
  /** Lines that were not read, and those that owe their windows. */
  readonly lines: number
  /** Bytes of last lines without their end. */
  readonly half: number
}

/** What is left for a later run. */
export const leftBy = async (state: State, logs: readonly Matched<Source>[]): Promise<Left> => {
  let lines = (state.owed ?? []).reduce((sum, owed) => sum + owed.lines, 0)
  let half = 0
  const block = Buffer.allocUnsafe(blockBytes)
  for (const { log, file } of logs) {
    const start = state.logs.find(({ id }) => id === log.id)?.offset ?? 0
    let end = start
    let at = start
    while (at < file.size) {
      const length = await file.read(at, block.subarray(0, Math.min(block.length, file.size - at)))
      if (length === 0) break
      const unread = block.subarray(0, length)
      for (let found = unread.indexOf(lf); found >= 0; found = unread.indexOf(lf, found + 1)) {
        lines += 1
        end = at + found + 1
      }
      at += length
    }
    half += at - end
  }
  return { lines, half }
}
