import type { LineReader } from '../formats/open-reader.ts'
import type { SimpleLine } from '../formats/simple-line.ts'
import * as layout from '../vector/layout.ts'
import type { RoomProgram } from '../vector/room.ts'
import type { AlertRules } from './alerts.ts'
import { type Hold, heldBy } from './held.ts'
import type { RequestVerdict } from './requests.ts'
import type { TallyEntry } from './tally.ts'

/** Counts the lines that no rule can meet, many at a time. */
export interface QuickCounts {
  /** Lines of the window that begins at `window` seconds, from a place on; the place behind the last. */
  many(from: number, window: number, rules: AlertRules): number
  /** Lines that were counted. */
  count(): number
  /** Takes in the number of a line's request, and what the rules think of it. */
  learn(line: SimpleLine, request: number, verdict: RequestVerdict): void
  /** Takes in a line whose target holds no attack, or whose referer and agent hold none. */
  learnHarmless(line: SimpleLine, what: 'target' | 'referer'): void
  each(visit: (entry: TallyEntry) => void): void
  /** Entries that `each` visits. */
  size(): number
  /** Memory of the program for the clients with failed logins. */
  readonly filter: Uint8Array
}

/** Lines that are not even tried after so many in a row that could not be counted, at most. */
const longestPause = 256

interface Options {
  readonly program: RoomProgram
  readonly bytes: Buffer
  readonly reader: LineReader
  readonly windowSeconds: number
  readonly hold: Hold
}

export const beginQuickCounts = ({ program, bytes, reader, windowSeconds, hold }: Options): QuickCounts => {
  const { area } = program
  const ints = (at: number, length: number) => new Int32Array(area.buffer, area.byteOffset + at, length)
  const heads = ints(layout.countHeadAt, 2)
  const requests = ints(layout.requestsAt, layout.mostNumbers)
  const bytesAt = (at: number, length: number) => new Uint8Array(area.buffer, area.byteOffset + at, length)
  const harmless = {
    target: bytesAt(layout.harmlessTargetsAt, layout.mostNumbers),
    referer: bytesAt(layout.harmlessReferersAt, layout.mostNumbers),
  }
  const windows: number[] = []
  let total = 0
  let pause = 0
  let rest = 0
  program.beginNumbers()
  program.beginCounts()

  const kindOf = (window: number): number => {
    if (windows.at(-1) === window) return (windows.length - 1) * 1000
    const known = windows.indexOf(window)
    return (known < 0 ? windows.push(window) - 1 : known) * 1000
  }

  return {
    many: (from, window, rules) => {
      if (rest > 0) {
        rest -= 1
        return from
      }
      const most = Math.min(rules.harmless(window), bytes.length)
      if (most === 0) return from
      const before = heads[0] ?? 0
      heads[1] = 0
      const next = reader.many(from, (table, high, fits) =>
        program.countLines(from, bytes.length, table, high, fits, window, windowSeconds, kindOf(window), most),
      )
      const counted = heads[1] ?? 0
      pause = counted === 0 ? Math.min(longestPause, pause + 1) : 0
      rest = pause >> 3
      if (counted === 0) return next
      total += counted
      rules.requests(window, counted)
      hold(heldBy.endpoint * ((heads[0] ?? 0) - before))
      return next
    },
    count: () => total,
    learn: ({ joined, methodStart, endpointEnd }, request, { path, login }) => {
      const number = joined ? program.numberOf(layout.pathColumn, methodStart, endpointEnd) : -1
      if (number < 0 || requests[number] !== 0) return
      const attack = path.attack === undefined ? 0 : layout.requestAttackBit
      const unserved = path.unserved === undefined ? 0 : layout.requestUnservedBit
      requests[number] =
        (request << 4) | attack | unserved | (login ? layout.requestLoginBit : 0) | layout.requestKnownBit
    },
    learnHarmless: ({ pathStart, pathEnd, refererStart, refererEnd }, what) => {
      const number =
        what === 'target'
          ? program.numberOf(layout.agentColumn, pathStart, pathEnd)
          : program.numberOf(layout.refererColumn, refererStart, refererEnd)
      if (number >= 0) harmless[what][number] = 1
    },
    each: (visit) => {
      const entries = ints(layout.countEntriesAt, ((heads[0] ?? 0) * layout.countEntryBytes) / 4)
      const sums = new Float64Array(area.buffer, area.byteOffset + layout.countEntriesAt, entries.length / 2)
      const entry = { window: 0, status: 0, request: 0, n: 0, sum: 0, large: undefined }
      for (let at = 0; at < entries.length; at += layout.countEntryBytes / 4) {
        const kind = entries[at + 1] ?? 0
        entry.window = windows[Math.floor(kind / 1000)] ?? 0
        entry.status = kind % 1000
        entry.request = entries[at] ?? 0
        entry.n = entries[at + 2] ?? 0
        entry.sum = sums[(at + 4) / 2] ?? 0
        visit(entry)
      }
    },
    size: () => heads[0] ?? 0,
    filter: bytesAt(layout.loginFilterAt, layout.loginFilterBytes),
  }
}
