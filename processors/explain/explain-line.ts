import type { NodeIdentity } from '../../src/core/node.ts'
import type { OutputSettings } from '../chunk-processor.ts'
import type { EventSource } from '../columns/event-columns.ts'
import { type EventCells, keepRows } from '../columns/keep-rows.ts'
import type { ParsedLine } from '../formats/parse-line.ts'
import type { Reading } from '../formats/reading.ts'
import { titleOf } from '../formats/shape.ts'
import { openPass } from '../pass/open-pass.ts'
import type { PassOutput } from '../pass/output.ts'
import { initialRules } from '../pass/rules.ts'
import { isLoginPath, isRefused } from '../rules/logins.ts'

/** What every stage makes of one line. */
export type ExplainedLine =
  | { readonly understood: false; readonly line: string; readonly reason: string; readonly format: string | null }
  | {
      readonly understood: true
      readonly line: string
      /** `syslog, combined + 2 fields` */
      readonly format: string
      /** Columns of the stage structured; null where the line says nothing. */
      readonly structured: Columns
      /** The same columns of the stage private. */
      readonly private: Columns
      /** Addresses that private masked. */
      readonly masked: number
      readonly aggregated: {
        /** Start and end of its window, as RFC 3339. */
        readonly window: readonly [string, string]
        readonly endpoint: string | null
      }
      /** Rules that the line meets, in words. */
      readonly rules: readonly string[]
    }

type Columns = Readonly<Record<string, string | null>>

export interface ExplainOptions {
  readonly settings: OutputSettings
  readonly reading: Reading
  /** Microseconds since the epoch. */
  readonly nowUs: bigint
}

const node: NodeIdentity = {
  id: 'local',
  provider: 'other',
  region: 'local',
  hostname: 'local',
  public_ip: null,
  private_ip: null,
}

/** Sends one parsed line through the pass of the stages; `parsed` says how it was read. */
export const explainLine = (line: string, parsed: ParsedLine, options: ExplainOptions): ExplainedLine => {
  if (!parsed.ok) {
    const format = parsed.shape === undefined ? null : titleOf(parsed.shape)
    return { understood: false, line, reason: parsed.reason, format }
  }
  const { settings, nowUs } = options
  // the line is read as it was: by the one format that it fitted
  const reading = { ...options.reading, formats: [parsed.shape.format] }
  const kept = keepRows()
  const run = (relation: 'events' | 'masked' | 'alerts'): PassOutput =>
    openPass({
      relations: new Set([relation]),
      settings,
      node,
      reading,
      openColumn: kept.openColumn,
    })({
      bytes: Buffer.from(line),
      start: 0,
      fingerprint: 'line',
      chunkIds: { raw_logs: '', log_results: '', log_aggregates: '', emergency_logs: '' },
      syncTimeUs: nowUs,
      rules: initialRules(),
    })
  run('events')
  const masked = run('masked')
  const { second, status, method, path } = parsed.event
  const start = Math.floor(second / settings.windowSeconds) * settings.windowSeconds
  const columns = columnsOf(kept.masked())
  return {
    understood: true,
    line,
    format: titleOf(parsed.shape),
    structured: columnsOf(kept.events()),
    private: columns,
    masked: masked.counts.masked,
    aggregated: {
      window: [timeOf(start), timeOf(start + settings.windowSeconds)],
      endpoint: columns['path']?.split('?', 1)[0] ?? null,
    },
    rules: [
      ...alertsOf(run('alerts')),
      ...(isRefused(status, method === 'POST' && isLoginPath((path ?? '').split('?', 1)[0] ?? ''))
        ? [`failed login: 1 of the ${settings.failedLogins} in a row that raise a security alert`]
        : []),
    ],
  }
}

const timeOf = (second: number): string => new Date(second * 1000).toISOString().replace('.000Z', 'Z')

/** Columns that are shown of a row, beside its time. */
const shown = [
  ...['ip', 'user_id', 'method', 'path', 'protocol', 'status', 'bytes', 'referer', 'user_agent', 'host'],
  ...['duration_ms', 'forwarded_for'],
] as readonly EventSource[]

/** The one row of a relation by the names of its columns. */
const columnsOf = ([row]: readonly EventCells[]): Columns => {
  if (row === undefined) return {}
  const texts = shown.map((name) => [name, row[name] === null ? null : String(row[name])] as const)
  return { timestamp: shownTime(BigInt(row.timestamp ?? 0)), ...Object.fromEntries(texts) }
}

const shownTime = (micros: bigint): string => {
  const [whole = ''] = new Date(Number(micros / 1000n)).toISOString().split('Z')
  return `${whole}${String(micros % 1000n).padStart(3, '0')}Z`
}

/** `kind: reason` of each emergency that the line raises. */
const alertsOf = ({ alerts }: PassOutput): readonly string[] => [
  ...(alerts ?? []).map(({ kind, reason }) => `${kind}: ${reason}`),
]
