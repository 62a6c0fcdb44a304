import type { NodeIdentity } from '../../src/core/node.ts'
import type { OutputSettings } from '../chunk-processor.ts'
import type { ParsedLine } from '../formats/parse-line.ts'
import type { Reading } from '../formats/reading.ts'
import { titleOf } from '../formats/shape.ts'
import { openPass } from '../pass/open-pass.ts'
import { type EventRow, eventFields, type PassOutput } from '../pass/output.ts'
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
  const run = (relation: 'events' | 'masked' | 'alerts'): PassOutput =>
    openPass({ relations: new Set([relation]), settings, node, reading })({
      bytes: Buffer.from(line),
      start: 0,
      fingerprint: 'line',
      chunkIds: { raw_logs: '', log_results: '', log_aggregates: '', emergency_logs: '' },
      syncTimeUs: nowUs,
      rules: initialRules(),
    })
  const events = run('events')
  const masked = run('masked')
  const { second, status, method, path } = parsed.event
  const start = Math.floor(second / settings.windowSeconds) * settings.windowSeconds
  const columns = columnsOf(masked.masked)
  return {
    understood: true,
    line,
    format: titleOf(parsed.shape),
    structured: columnsOf(events.events),
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

const shownTime = (micros: string | null): string | null =>
  micros === null ? null : `${new Date(Number(BigInt(micros) / 1000n)).toISOString().slice(0, -1)}${micros.slice(-3)}Z`

/** The one row of a relation by the names of its columns. */
const columnsOf = (relation: PassOutput['events']): Columns => {
  const [exact] = relation?.exact ?? []
  const values =
    exact === undefined
      ? Buffer.from(relation?.file ?? [])
          .toString('utf8')
          .trimEnd()
          .split('\x1f')
          .map((text) => (text === '' ? null : text))
      : eventFields.map((field) => textOf(exact[field as keyof EventRow]))
  const named = Object.fromEntries(eventFields.map((field, i) => [field, values[i] ?? null]))
  const { off: _, ts_us, ...columns } = named
  return { timestamp: shownTime(ts_us ?? null), ...columns }
}

const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** `kind: reason` of each emergency that the line raises. */
const alertsOf = ({ alerts }: PassOutput): readonly string[] => [
  ...(alerts?.exact ?? []).map(({ kind, reason }) => `${kind}: ${reason}`),
  ...Buffer.from(alerts?.file ?? [])
    .toString('utf8')
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split('\x1f'))
    .map(([, , kind, reason]) => `${kind}: ${reason}`),
]
