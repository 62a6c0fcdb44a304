import { z } from 'zod'
import type { RuleState } from '../pass/rules.ts'

const rulesSchema = z.custom<RuleState>((value) => typeof value === 'object' && value !== null)
const bytes = z.number().int().nonnegative()

/** First bytes of a file, by which it is known again under any name. */
const headSchema = z.object({ length: bytes, hash: z.string() })
export type Head = z.infer<typeof headSchema>

/** What the content of a log was up to an offset, by which another file is proven to go on with it. */
const proofSchema = z.object({
  /** CRC-32 of all of it. */
  checksum: z.number().int().nonnegative(),
  /** Its last bytes; missing for what is packed, which is not read backwards. */
  tail: headSchema.optional(),
})
export type Proof = z.infer<typeof proofSchema>

/** The set of files that were named one by one. */
export const inputSet = 'input'

const logSchema = z.object({
  /** The fingerprint: middle part of remote_log_id; stays when the head grows longer. */
  id: z.string(),
  head: headSchema,
  /** Name of the log below the data folder, or `inputSet`. */
  set: z.string(),
  /** Where it was seen last. */
  path: z.string(),
  /** Which file of which disk it was then; missing where an earlier version saw it. */
  inode: z.string().optional(),
  /** Length of its content when it was seen last. */
  size: bytes,
  /** End of its last chunk. */
  offset: bytes,
  /** Of the content up to `offset`; missing where nothing was read, or by an earlier version. */
  proof: proofSchema.optional(),
  /** Lines of its finished chunks, and how many of them became events; missing where an earlier version began it. */
  lines: bytes.optional(),
  parsed: bytes.optional(),
  /** Length of the packed file that holds `size` bytes of content. */
  packed: bytes.optional(),
  /** Hash of the whole content of a stream, which has no other name. */
  stream: z.string().optional(),
  /** True once it vanished; what was unread then has been reported. */
  gone: z.boolean().default(false),
})
export type LogState = z.infer<typeof logSchema>

const readSchema = z.object({ format: z.string(), client: z.enum(['auto', 'peer', 'forwarded']) })

const intentSchema = z.object({
  kind: z.literal('intent'),
  log: z.string(),
  start: bytes,
  end: bytes,
  /** Set where not all is made of it: its emergencies alone, or what was owed of such chunks. */
  part: z.enum(['urgent', 'rest']).optional(),
  /** Of the content of the log up to `end`. */
  proof: proofSchema.optional(),
  /** Length of the one line that the chunk is, where it is too long to be held. */
  oversizedLine: bytes.optional(),
  /** How its lines are read, where not by `auto`: whoever does it again makes the same rows. */
  read: readSchema.optional(),
  /** State of the rules before the first byte. */
  rules: rulesSchema,
  syncTimeUs: bytes,
})
export type Intent = z.infer<typeof intentSchema>

/** What a chunk of which only the emergencies were made still owes. */
const owedSchema = z.object({
  log: z.string(),
  start: bytes,
  end: bytes,
  read: readSchema.optional(),
  /** State of the rules that reading its lines takes: a header of the log. */
  rules: rulesSchema,
  /** Lines of it, once its emergencies are loaded. */
  lines: bytes.default(0),
})
export type Owed = z.infer<typeof owedSchema>

const outcomeSchema = z.object({
  kind: z.literal('outcome'),
  log: z.string(),
  start: bytes,
  part: intentSchema.shape.part,
  /** Lines read, and those that became events. */
  lines: bytes.optional(),
  parsed: bytes.optional(),
  /** State of the rules after the last byte. */
  rules: rulesSchema,
})
type Outcome = z.infer<typeof outcomeSchema>

const foundSchema = z.object({
  kind: z.literal('found'),
  logs: z.array(logSchema),
  /** Ids of logs that are no longer there. */
  gone: z.array(z.string()),
  /** When something unread was there, in milliseconds since the epoch. */
  since: z.number().optional(),
})
export type Found = z.infer<typeof foundSchema>

export const entrySchema = z.discriminatedUnion('kind', [intentSchema, outcomeSchema, foundSchema])
export type Entry = z.infer<typeof entrySchema>

export const stateSchema = z.object({
  /** The settings that change what the stage writes. */
  settings: z.record(z.string(), z.union([z.number(), z.string()])),
  logs: z.array(logSchema),
  /** Intents without an outcome, oldest first. */
  open: z.array(intentSchema),
  /** What waits behind its emergencies, in log order. */
  owed: z.array(owedSchema).optional(),
  /** When the oldest of what waits was seen first, in milliseconds since the epoch. */
  since: z.number().optional(),
  /** The chunk claimed last, as `chunkKey` names it. */
  last: z.string().optional(),
  /** State of the rules after the chunk claimed last, or before it while it has no outcome. */
  rules: rulesSchema,
})
export type State = z.infer<typeof stateSchema>

/** Names a chunk within its stage: no two begin at one byte, but for what one owed. */
export const chunkKey = ({ log, start, part }: Pick<Intent, 'log' | 'start' | 'part'>): string =>
  part === 'rest' ? `${log}/${start}/rest` : `${log}/${start}`

/** Vanished logs are remembered for a while, because a file that is being renamed can be missed. */
const goneLimit = 1000

/** The state after an entry. */
export const fold = (state: State, entry: Entry): State => {
  switch (entry.kind) {
    case 'intent':
      if (entry.part === 'rest') return { ...paidOff(state, entry), open: [...state.open, entry] }
      return {
        ...(entry.part === 'urgent' ? { ...state, owed: owing(state, entry) } : withoutSince(state)),
        logs: state.logs.map((log) => (log.id === entry.log ? claimed(log, entry) : log)),
        open: [...state.open, entry],
        last: chunkKey(entry),
        rules: entry.rules,
      }
    case 'outcome': {
      const key = chunkKey(entry)
      const open = state.open.filter((intent) => chunkKey(intent) !== key)
      const logs = state.logs.map((log) => (log.id === entry.log ? counted(log, entry) : log))
      const owed = state.owed?.map((each) => (entry.part === 'urgent' && isAt(each, entry) ? told(each, entry) : each))
      const rules = key === state.last ? entry.rules : state.rules
      return { ...state, logs, open, rules, ...(owed && { owed }) }
    }
    case 'found': {
      const logs = forget(mergeLogs(state.logs, entry))
      const owed = state.owed?.filter(({ log }) => logs.some(({ id }) => id === log))
      const since = state.since ?? entry.since
      return { ...state, logs, ...(owed && { owed }), ...(since === undefined ? {} : { since }) }
    }
  }
}

const withoutSince = ({ since: _, ...state }: State): State => state

const isAt = (owed: Owed, { log, start }: { readonly log: string; readonly start: number }): boolean =>
  owed.log === log && owed.start === start

const told = (owed: Owed, { lines = 0 }: Outcome): Owed => ({ ...owed, lines })

/** A line too long to be held is refused, and owes nothing. */
const owing = ({ owed = [] }: State, { log, start, end, read, rules, oversizedLine }: Intent): Owed[] => {
  if (oversizedLine !== undefined) return owed
  const headers = rules.headers?.filter(([id]) => id === log)
  const bare: RuleState = { logins: [], raised: [], windows: [], ...(headers?.length ? { headers } : {}) }
  return [...owed, { log, start, end, ...(read && { read }), rules: bare, lines: 0 }]
}

const paidOff = (state: State, { log, start, end }: Intent): State => ({
  ...withoutSince(state),
  owed: (state.owed ?? []).filter((each) => each.log !== log || each.start < start || each.end > end),
})

const claimed = ({ proof: _, ...log }: LogState, { end, proof }: Intent): LogState => ({
  ...log,
  offset: end,
  ...(proof === undefined ? {} : { proof }),
})

/** The first chunk begins the count; where it was not counted, nothing is known of all. */
const counted = (log: LogState, { start, lines, parsed }: Outcome): LogState => {
  const begun = log.lines ?? (start === 0 ? 0 : undefined)
  if (begun === undefined || lines === undefined) return log
  return { ...log, lines: begun + lines, parsed: (log.parsed ?? 0) + (parsed ?? 0) }
}

const mergeLogs = (known: readonly LogState[], found: Found): readonly LogState[] => {
  const seen = new Map(found.logs.map((log) => [log.id, log]))
  const kept = known.map((log) => {
    const now = seen.get(log.id)
    seen.delete(log.id)
    if (now !== undefined) return { ...now, ...progressOf(log), gone: false }
    return found.gone.includes(log.id) ? { ...log, gone: true } : log
  })
  return [...kept, ...seen.values()]
}

/** What was read of a log, wherever it lies now. */
const progressOf = ({ offset, proof, lines, parsed }: LogState) => ({
  offset,
  ...(proof === undefined ? {} : { proof }),
  ...(lines === undefined ? {} : { lines }),
  ...(parsed === undefined ? {} : { parsed }),
})

const forget = (logs: readonly LogState[]): LogState[] => {
  const gone = logs.filter((log) => log.gone)
  const forgotten = new Set(gone.slice(0, Math.max(0, gone.length - goneLimit)))
  return logs.filter((log) => !forgotten.has(log))
}

/** Bytes of a log of which rows are still to be made: those after its last chunk, its open chunks, and what is owed. */
export const unreadBytes = (state: State, log: LogState): number =>
  Math.max(0, log.size - log.offset) + openBytes(state, log) + bytesIn(state.owed ?? [], log)

export const openBytes = (state: State, log: LogState): number => bytesIn(state.open, log)

const bytesIn = (ranges: readonly Pick<Intent, 'log' | 'start' | 'end'>[], { id }: LogState): number =>
  ranges.filter(({ log }) => log === id).reduce((sum, { start, end }) => sum + end - start, 0)
