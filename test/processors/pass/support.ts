import type { ChunkInput, OutputSettings } from '../../../processors/chunk-processor.ts'
import type { EventSource } from '../../../processors/columns/event-columns.ts'
import { type EventCells, keepRows } from '../../../processors/columns/keep-rows.ts'
import { readingOf } from '../../../processors/formats/reading.ts'
import { openPass } from '../../../processors/pass/open-pass.ts'
import type { AlertRow, CountRow, PassOutput } from '../../../processors/pass/output.ts'
import { initialRules, type RuleState } from '../../../processors/pass/rules.ts'
import { countRows, noWindowCounts } from '../../../processors/pass/window-counts.ts'
import { allocateRoom } from '../../../processors/vector/room.ts'
import { transformationIds } from '../../../src/core/private.ts'
import type { RelationName } from '../../../src/core/stage.ts'

export const settings: OutputSettings = {
  windowSeconds: 300,
  maskIpv4: 24,
  maskIpv6: 64,
  private: transformationIds,
  failedLogins: 5,
  failureRequests: 20,
  failureShare: 0.5,
}

const node = {
  id: 'node-1',
  provider: 'aws',
  region: 'eu-central-1',
  hostname: 'web-1',
  public_ip: null,
  private_ip: null,
} as const

export const everything: readonly RelationName[] = ['events', 'masked', 'counts', 'alerts']

export const open = (relations: readonly RelationName[], given: OutputSettings = settings) =>
  openPass({ relations: new Set(relations), settings: given, node, reading: readingOf('auto') })

/** The same, with the events of each chunk as rows. */
export const openKept = (relations: readonly RelationName[], given: OutputSettings = settings) => {
  const kept = keepRows()
  const pass = openPass({
    relations: new Set(relations),
    settings: given,
    node,
    reading: readingOf('auto'),
    openColumn: kept.openColumn,
  })
  return (input: ChunkInput) => {
    const output = pass(input)
    return { output, lines: kept.lines(), events: kept.events(), masked: kept.masked() }
  }
}

export const chunk = (bytes: Uint8Array, start = 0, rules: RuleState = initialRules()): ChunkInput => ({
  bytes,
  start,
  fingerprint: 'f1',
  chunkIds: { raw_logs: 'r', log_results: 'l', log_aggregates: 'a', emergency_logs: 'e' },
  syncTimeUs: 0n,
  rules,
})

interface LineRow {
  readonly off: number
  readonly raw_line: string
}

export interface Result {
  readonly counts: PassOutput['counts']
  readonly rejects: PassOutput['rejects']
  readonly lines: readonly LineRow[]
  readonly events: readonly EventRow[]
  readonly masked: readonly EventRow[]
  readonly alerts: readonly AlertRow[]
  /** Sums of the chunks by window, status and endpoint, sorted. */
  readonly windowCounts: readonly CountRow[]
  readonly messages: PassOutput['messages']
  readonly rules: RuleState
}

let last = allocateRoom(65_536)

/** A room is large, and many are slow to make. */
const allocated = (length: number): Buffer => {
  if (length > last.length) last = allocateRoom(length)
  return last
}

/** The passes over a log that is cut at the given places, put together; what they remember goes through JSON. */
export const runPass = (
  bytes: Uint8Array,
  relations: readonly RelationName[],
  cuts: readonly number[] = [],
  given: OutputSettings = settings,
  inRoom = true,
): Result => {
  const pass = openKept(relations, given)
  const room = inRoom ? allocated(bytes.length) : Buffer.alloc(bytes.length)
  const outputs: Result[] = []
  let rules = initialRules()
  let start = 0
  for (const end of [...cuts, bytes.length]) {
    if (end <= start) continue
    const copy = room.subarray(0, end - start)
    copy.set(bytes.subarray(start, end))
    const passed = pass(chunk(copy, start, rules))
    copy.fill(0)
    outputs.push(decode(passed))
    rules = JSON.parse(JSON.stringify(passed.output.rules)) as RuleState
    start = end
  }
  return merge(outputs, rules)
}

const decode = ({ output, lines, events, masked }: ReturnType<ReturnType<typeof openKept>>): Result => ({
  counts: output.counts,
  // a line's number counts from the beginning of its chunk
  rejects: output.rejects.map(({ line: _, ...reject }) => reject),
  lines: lines.map(({ remote_log_id, raw_line }) => ({ off: Number(remote_log_id.split('/')[2]), raw_line })),
  events: eventsOf(events),
  masked: eventsOf(masked),
  alerts: (output.alerts ?? []).toSorted(byOffset),
  windowCounts: countRows(output.windowCounts ?? noWindowCounts).toSorted((a, b) => Number(a.window_us - b.window_us)),
  messages: output.messages ?? [],
  rules: output.rules,
})

/** An event as a row. */
export interface EventRow {
  readonly off: number
  readonly ip: string | null
  readonly user_id: string | null
  readonly ts_us: bigint
  readonly method: string | null
  readonly path: string | null
  readonly protocol: string | null
  readonly status: number
  readonly bytes: bigint | null
  readonly referer: string | null
  readonly user_agent: string | null
  readonly host: string | null
  readonly duration_ms: number | null
  readonly forwarded_for: string | null
  readonly message: string | null
}

const eventsOf = (rows: readonly EventCells[]): readonly EventRow[] =>
  rows.map((row) => {
    const text = (name: EventSource): string | null => (row[name] === null ? null : String(row[name]))
    return {
      off: Number(text('remote_log_id')?.split('/')[2]),
      ip: text('ip'),
      user_id: text('user_id'),
      ts_us: BigInt(row.timestamp ?? 'none'),
      method: text('method'),
      path: text('path'),
      protocol: text('protocol'),
      status: Number(row.status),
      bytes: row.bytes === null ? null : BigInt(row.bytes),
      referer: text('referer'),
      user_agent: text('user_agent'),
      host: text('host'),
      duration_ms: row.duration_ms === null ? null : Number(row.duration_ms),
      forwarded_for: text('forwarded_for'),
      message: text('message'),
    }
  })

const byOffset = (a: { readonly off: number }, b: { readonly off: number }): number => a.off - b.off

const merge = (outputs: readonly Result[], rules: RuleState): Result => {
  const sum = (name: keyof Result['counts']): number => outputs.reduce((total, one) => total + one.counts[name], 0)
  return {
    counts: {
      lines_read: sum('lines_read'),
      lines_parsed: sum('lines_parsed'),
      lines_rejected: sum('lines_rejected'),
      lines_blank: sum('lines_blank'),
      repaired: sum('repaired'),
      masked: sum('masked'),
      full_addresses: sum('full_addresses'),
    },
    rejects: outputs.flatMap((one) => one.rejects),
    lines: outputs.flatMap((one) => one.lines),
    events: outputs.flatMap((one) => one.events),
    masked: outputs.flatMap((one) => one.masked),
    alerts: outputs.flatMap((one) => one.alerts),
    windowCounts: mergeCounts(outputs.flatMap((one) => one.windowCounts)),
    messages: outputs.flatMap((one) => one.messages ?? []),
    rules,
  }
}

export const mergeCounts = (rows: readonly CountRow[]): readonly CountRow[] => {
  const sums = new Map<string, CountRow>()
  for (const row of rows) {
    const key = JSON.stringify([String(row.window_us), row.status, row.endpoint])
    const known = sums.get(key)
    sums.set(key, known === undefined ? row : { ...row, n: known.n + row.n, bytes: known.bytes + row.bytes })
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** Places behind each line end. */
export const lineEnds = (bytes: Uint8Array): readonly number[] =>
  [...bytes.entries()].filter(([, byte]) => byte === 10).map(([place]) => place + 1)

/** An alert's count is what its chunk knew: the one thing that depends on where a log is cut. */
export const withoutAlertCounts = (result: Result): Result => ({
  ...result,
  alerts: result.alerts.map((alert) => ({
    ...alert,
    reason: alert.reason.replace(/\d+ (?:failed logins|requests? within)/, 'n'),
  })),
})
