import { formatBytes, formatCount, formatDuration, formatShare } from '../core/format.ts'
import { byOutcome } from '../core/job.ts'
import { type ClusterNode, providerNames } from '../core/node.ts'
import { linesWaitText } from '../core/waiting-text.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import type { RunNode, StageRun } from '../engine/state.ts'
import { logName } from './own-inputs.ts'
import { refusedSteps } from './refusals-text.ts'
import { textTable } from './text-table.ts'

const rowsOf = (rows: Readonly<Record<string, number>>): number => Object.values(rows).reduce((sum, n) => sum + n, 0)

const nodeRow = (node: RunNode): readonly string[] => {
  const { report } = node
  const figures =
    report === undefined
      ? ['', '', '', '', '']
      : [
          formatCount(report.lines_read),
          formatCount(report.lines_rejected),
          formatCount(rowsOf(report.rows)),
          formatBytes(report.bytes_sent),
          formatDuration(report.ms),
        ]
  return [node.id, providerNames[node.provider], node.region, node.state, ...figures, node.reason ?? '']
}

/** One row a node, those that did not finish first, with the reason. */
export const nodesText = (run: StageRun): string =>
  textTable(
    [
      { title: 'node' },
      { title: 'cloud' },
      { title: 'region' },
      { title: 'state' },
      { title: 'lines', right: true },
      { title: 'rejected', right: true },
      { title: 'rows', right: true },
      { title: 'sent', right: true },
      { title: 'time', right: true },
      { title: '' },
    ],
    run.nodes.toSorted(byOutcome).map(nodeRow),
  )

const rowsText = ({ totals, nodes }: StageRun): string => {
  const parts = Object.entries(totals.rows).filter(([, n]) => n > 0)
  const upToDate = totals.bytes_read === 0 && totals.lines_waiting === 0 && nodes.every(({ state }) => state === 'done')
  if (parts.length === 0) return upToDate ? 'nothing new: no rows written' : 'no rows written'
  return `wrote ${parts.map(([table, n]) => `${formatCount(n)} ${n === 1 ? 'row' : 'rows'} to ${table}`).join(', ')}`
}

/** A finished run in a few sentences: who finished, what was read, written and sent. */
export const totalsText = (run: StageRun): readonly string[] => {
  const { totals, nodes } = run
  const done = nodes.filter((node) => node.state === 'done').length
  const ms = run.endedAt === undefined || run.requestedAt === undefined ? 0 : run.endedAt - run.requestedAt
  return [
    `${done} of ${nodes.length} nodes done in ${formatDuration(ms)}`,
    `read ${formatCount(totals.lines_read)} lines = ${formatCount(totals.lines_parsed)} parsed + ${formatCount(totals.lines_rejected)} rejected + ${formatCount(totals.lines_blank)} blank`,
    rowsText(run),
    `sent ${formatBytes(totals.bytes_sent)} as compressed Parquet of ${formatBytes(totals.bytes_read)} read (${formatShare(totals.bytes_sent, totals.bytes_read)}); full addresses stored: ${formatCount(totals.full_addresses)}`,
    ...(totals.bytes_unread === 0
      ? []
      : [`NOT read: ${formatBytes(totals.bytes_unread)} of logs that were removed before this run`]),
  ]
}

/** More nodes than this are told as one sum. */
const mostWaiting = 3

const waitingBytes = (bytes: number, where: string): string =>
  bytes === 1
    ? `1 byte at the end of ${where} waits for the end of its line`
    : `${formatCount(bytes)} bytes at the end of ${where} wait for the end of their line`

/** The lines and half lines that were left for a later run. */
export const waitingText = ({ nodes, totals }: StageRun, rows: readonly ClusterNode[]): readonly string[] => {
  const held = totals.lines_waiting === 0 ? [] : [linesWaitText(totals.lines_waiting, totals.sent_in_ms)]
  const waiting = nodes.filter(({ report }) => (report?.waiting ?? 0) > 0)
  if (waiting.length > mostWaiting)
    return [...held, waitingBytes(totals.waiting, `the logs of ${waiting.length} nodes`)]
  const halves = waiting.map(({ id, report }) =>
    waitingBytes(report?.waiting ?? 0, logName(rows.find((row) => row.id === id)?.log?.path, id)),
  )
  return [...held, ...halves]
}

/** What to do about the nodes that did not finish, each step once. */
export const nextSteps = (run: StageRun): readonly string[] => [
  ...new Set([
    ...run.nodes.flatMap(({ reason, state }) =>
      reason === undefined || state === 'unparsed' ? [] : (explainReason(reason) ?? []),
    ),
    ...refusedSteps(run),
  ]),
]

export const isFinished = (run: StageRun): boolean =>
  run.nodes.length > 0 && run.nodes.every((node) => node.state === 'done')
