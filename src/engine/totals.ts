import { mergeDetected } from '../core/detected.ts'
import { mergeRefusals } from '../core/refusals.ts'
import { noTotals, type Report, type Totals } from '../core/report.ts'

/** Two sums as one. */
export const addTotals = (a: Totals, b: Totals): Totals => ({
  lines_read: a.lines_read + b.lines_read,
  lines_parsed: a.lines_parsed + b.lines_parsed,
  lines_rejected: a.lines_rejected + b.lines_rejected,
  lines_blank: a.lines_blank + b.lines_blank,
  rejected: mergeRefusals(a.rejected, b.rejected),
  lines_retried: a.lines_retried + b.lines_retried,
  repaired: a.repaired + b.repaired,
  rows: addRows(a.rows, b.rows),
  masked: a.masked + b.masked,
  full_addresses: a.full_addresses + b.full_addresses,
  bytes_read: a.bytes_read + b.bytes_read,
  bytes_sent: a.bytes_sent + b.bytes_sent,
  bytes_unread: a.bytes_unread + b.bytes_unread,
  waiting: a.waiting + b.waiting,
  lines_waiting: a.lines_waiting + b.lines_waiting,
  sent_in_ms: Math.max(a.sent_in_ms, b.sent_in_ms),
  chunks: a.chunks + b.chunks,
  ...mergeDetected(a, b),
})

/** Sums over all runs of a generation: a line that was taken again counts once, as what it came to in the end. */
export const netTotals = (totals: Totals): Totals => ({
  ...totals,
  lines_read: totals.lines_read - totals.lines_retried,
  lines_rejected: totals.lines_rejected - totals.lines_retried,
})

const addRows = (a: Totals['rows'], b: Totals['rows']): Totals['rows'] => {
  const sum = { ...a }
  for (const [table, rows] of Object.entries(b)) sum[table] = (sum[table] ?? 0) + rows
  return sum
}

/** Sums over the reports that have come; a node without one counts nothing. */
export const sumReports = (reports: readonly (Report | undefined)[]): Totals =>
  reports.reduce<Totals>((sum, report) => (report === undefined ? sum : addTotals(sum, report)), noTotals)

/** All rows of a sum, whatever their table. */
export const allRows = (totals: Totals): number => Object.values(totals.rows).reduce((sum, rows) => sum + rows, 0)
