import { guessById } from '../core/guess.ts'
import type { Refusal } from '../core/refusals.ts'
import { noTotals, type Totals } from '../core/report.ts'
import type { RunNode, StageRun } from '../engine/state.ts'
import type { FoundRefusal } from './refusals-text.ts'

/** What `run --json` prints of one node; names are documented in docs/json.md. */
export interface NodeJson extends Counts {
  readonly id: string
  readonly provider: string
  readonly region: string
  readonly state: string
  readonly ms: number
  /** Why lines were refused on this node. */
  readonly rejected: readonly RefusalJson[]
  /** Where the true bytes of refused lines are, below the node's data folder. */
  readonly dead: string | null
  readonly error: string | null
}

type Counts = Omit<Totals, 'rejected'>

export interface RefusalJson {
  readonly reason: string
  readonly count: number
  readonly line: number | null
  readonly file: string | null
  readonly guess: string | null
}

export interface RunJson {
  readonly stage: string
  readonly job_id: string | null
  readonly command: string | null
  readonly nodes: readonly NodeJson[]
  readonly totals: Counts & { readonly ms: number }
  /** Why lines were refused, over all nodes; `text` is there where the log is on this machine. */
  readonly rejected: readonly (RefusalJson & {
    readonly node: string
    readonly text: string | null
    readonly folder: string | null
    readonly next: string | null
  })[]
}

const countsOf = (source: Totals): Counts => ({
  lines_read: source.lines_read,
  lines_parsed: source.lines_parsed,
  lines_rejected: source.lines_rejected,
  lines_blank: source.lines_blank,
  lines_retried: source.lines_retried,
  repaired: source.repaired,
  formats: source.formats,
  fields: source.fields,
  notices: source.notices,
  rows: source.rows,
  masked: source.masked,
  full_addresses: source.full_addresses,
  bytes_read: source.bytes_read,
  bytes_unread: source.bytes_unread,
  waiting: source.waiting,
  lines_waiting: source.lines_waiting,
  sent_in_ms: source.sent_in_ms,
  bytes_sent: source.bytes_sent,
  chunks: source.chunks,
})

const refusalJson = ({ reason, count, line, file, guess }: Refusal): RefusalJson => ({
  reason,
  count,
  line,
  file: file ?? null,
  guess: guessById(guess)?.title ?? guess ?? null,
})

const nodeJson = (node: RunNode): NodeJson => ({
  id: node.id,
  provider: node.provider,
  region: node.region,
  state: node.state,
  ...countsOf(node.report ?? noTotals),
  ms: node.report?.ms ?? 0,
  rejected: (node.report?.rejected ?? []).map(refusalJson),
  dead: node.report?.dead ?? null,
  error: node.reason ?? null,
})

/** A finished run as the one object that `run --json` prints. */
export const runJson = (run: StageRun, refusals: readonly FoundRefusal[]): RunJson => ({
  stage: run.stageId,
  job_id: run.job?.jobId ?? null,
  command: run.job?.command ?? null,
  nodes: run.nodes.map(nodeJson),
  totals: {
    ...countsOf(run.totals),
    ms: run.endedAt === undefined || run.requestedAt === undefined ? 0 : run.endedAt - run.requestedAt,
  },
  rejected: refusals.map((refusal) => ({
    ...refusalJson(refusal),
    node: refusal.node,
    text: refusal.text ?? null,
    folder: refusal.folder ?? null,
    next: guessById(refusal.guess)?.next ?? null,
  })),
})
