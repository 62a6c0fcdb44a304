import type { ChunkInput, OutputSettings } from '../../../processors/chunk-processor.ts'
import { readingOf } from '../../../processors/formats/reading.ts'
import { openPass } from '../../../processors/pass/open-pass.ts'
import type {
  AlertRow,
  CountRow,
  EventRow,
  FieldRelation,
  LineRow,
  PassOutput,
} from '../../../processors/pass/output.ts'
import { initialRules, type RuleState } from '../../../processors/pass/rules.ts'
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

export const chunk = (bytes: Uint8Array, start = 0, rules: RuleState = initialRules()): ChunkInput => ({
  bytes,
  start,
  fingerprint: 'f1',
  chunkIds: { raw_logs: 'r', log_results: 'l', log_aggregates: 'a', emergency_logs: 'e' },
  syncTimeUs: 0n,
  rules,
})

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

/** The passes over a log that is cut at the given places, put together; what they remember goes through JSON. */
export const runPass = (
  bytes: Uint8Array,
  relations: readonly RelationName[],
  cuts: readonly number[] = [],
  given: OutputSettings = settings,
): Result => {
  const pass = open(relations, given)
  const outputs: Result[] = []
  let rules = initialRules()
  let start = 0
  for (const end of [...cuts, bytes.length]) {
    if (end <= start) continue
    const copy = Uint8Array.from(bytes.subarray(start, end))
    const output = pass(chunk(copy, start, rules))
    copy.fill(0)
    outputs.push(decode(output))
    rules = JSON.parse(JSON.stringify(output.rules)) as RuleState
    start = end
  }
  return merge(outputs, rules)
}

const decode = (output: PassOutput): Result => ({
  counts: output.counts,
  // a line's number counts from the beginning of its chunk
  rejects: output.rejects.map(({ line: _, ...reject }) => reject),
  lines: decodeRelation(output.lines, ([off, raw_line]) => ({ off: Number(off), raw_line: raw_line ?? '' }), byOffset),
  events: decodeRelation(output.events, toEvent, byOffset),
  masked: decodeRelation(output.masked, toEvent, byOffset),
  alerts: decodeRelation(output.alerts, toAlert, byOffset),
  windowCounts: decodeRelation(output.windowCounts, toCount, (a, b) => Number(a.window_us - b.window_us)),
  messages: output.messages ?? [],
  rules: output.rules,
})

const byOffset = (a: { readonly off: number }, b: { readonly off: number }): number => a.off - b.off

const decodeRelation = <Row>(
  relation: FieldRelation<Row> | undefined,
  make: (fields: readonly (string | null)[]) => Row,
  order: (a: Row, b: Row) => number,
): readonly Row[] => {
  if (relation === undefined) return []
  const rows = Buffer.from(relation.file).toString('utf8').split('\n')
  if (rows.pop() !== '') throw new Error('the last row has no end')
  if (rows.length !== relation.fileRows) throw new Error(`${rows.length} rows, not ${relation.fileRows}`)
  const fromFile = rows.map((row) => make(row.split('\x1f').map((field) => (field === '' ? null : field))))
  return [...fromFile, ...relation.exact].sort(order)
}

const toCount = (fields: readonly (string | null)[]): CountRow => {
  if (fields.length !== 5) throw new Error(`${fields.length} fields`)
  const [window, status, endpoint, n, bytes] = fields
  return {
    window_us: BigInt(window ?? 'none'),
    status: Number(status),
    endpoint: endpoint ?? null,
    n: Number(n),
    bytes: BigInt(bytes ?? 'none'),
  }
}

const toAlert = (fields: readonly (string | null)[]): AlertRow => {
  if (fields.length !== 7) throw new Error(`${fields.length} fields`)
  const [off, ts_us, kind, reason, event_id, message, ip] = fields
  return {
    off: Number(off),
    ts_us: BigInt(ts_us ?? 'none'),
    kind: kind as AlertRow['kind'],
    reason: reason ?? '',
    event_id: event_id ?? '',
    message: message ?? '',
    ip: ip ?? null,
  }
}

const toEvent = (fields: readonly (string | null)[]): EventRow => {
  if (fields.length !== 14 && fields.length !== 11) throw new Error(`${fields.length} fields`)
  const [
    off,
    ip,
    user_id,
    ts_us,
    method,
    path,
    protocol,
    status,
    bytes,
    referer,
    user_agent,
    host = null,
    duration = null,
    forwarded = null,
  ] = fields
  const absent = null
  return {
    off: Number(off),
    ip: ip ?? absent,
    user_id: user_id ?? absent,
    ts_us: BigInt(ts_us ?? 'none'),
    method: method ?? absent,
    path: path ?? absent,
    protocol: protocol ?? absent,
    status: Number(status),
    bytes: bytes === null || bytes === undefined ? null : BigInt(bytes),
    referer: referer ?? absent,
    user_agent: user_agent ?? absent,
    host: host ?? absent,
    duration_ms: duration === null || duration === undefined ? absent : Number(duration),
    forwarded_for: forwarded ?? absent,
    message: null,
  }
}

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
