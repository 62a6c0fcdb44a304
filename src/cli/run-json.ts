import { noTotals, type Totals } from '../core/report.ts'
import type { RunNode, StageRun } from '../engine/state.ts'

/** What `run --json` prints of one node; names are documented in docs/json.md. */
export interface NodeJson extends Totals {
  readonly id: string
  readonly provider: string
  readonly region: string
  readonly state: string
  readonly ms: number
  readonly error: string | null
}

export interface RunJson {
  readonly stage: string
  readonly job_id: string | null
  readonly command: string | null
  readonly nodes: readonly NodeJson[]
  readonly totals: Totals & { readonly ms: number }
}

const countsOf = (source: Totals): Totals => ({
  lines_read: source.lines_read,
  lines_parsed: source.lines_parsed,
  lines_rejected: source.lines_rejected,
  lines_blank: source.lines_blank,
  repaired: source.repaired,
  rows: source.rows,
  masked: source.masked,
  full_addresses: source.full_addresses,
  bytes_read: source.bytes_read,
  bytes_unread: source.bytes_unread,
  waiting: source.waiting,
  bytes_sent: source.bytes_sent,
  chunks: source.chunks,
})

const nodeJson = (node: RunNode): NodeJson => ({
  id: node.id,
  provider: node.provider,
  region: node.region,
  state: node.state,
  ...countsOf(node.report ?? noTotals),
  ms: node.report?.ms ?? 0,
  error: node.reason ?? null,
})

/** A finished run as the one object that `run --json` prints. */
export const runJson = (run: StageRun): RunJson => ({
  stage: run.stageId,
  job_id: run.job?.jobId ?? null,
  command: run.job?.command ?? null,
  nodes: run.nodes.map(nodeJson),
  totals: {
    ...countsOf(run.totals),
    ms: run.endedAt === undefined || run.requestedAt === undefined ? 0 : run.endedAt - run.requestedAt,
  },
})
