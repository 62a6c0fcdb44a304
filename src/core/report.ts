import { z } from 'zod'
import { detectedSchema, nothingDetected } from './detected.ts'
import { lastJsonLineIn } from './json.ts'

const count = z.number().int().nonnegative()

/** Refused lines of one reason; no text of a line, because nothing refused leaves its node. */
const refusalSchema = z.object({
  reason: z.string(),
  count,
  line: count.nullable().default(null),
  file: z.string().optional(),
  guess: z.string().optional(),
})

/** The one line that an execution prints on stdout; under 2 KB, because Bacalhau keeps no more. */
export const reportSchema = z.object({
  node: z.string(),
  stage: z.string(),
  epoch: z.string(),
  lines_read: count,
  lines_parsed: count,
  lines_rejected: count,
  lines_blank: count,
  /** The refused lines by reason, the most frequent first. */
  rejected: z.array(refusalSchema).default([]),
  /** Of the lines read, those that an earlier run had refused and that were taken again. */
  lines_retried: count.default(0),
  /** Lines in which something was no UTF-8 and became U+FFFD. */
  repaired: count.default(0),
  /** Rows written by table, as design names. */
  rows: z.record(z.string(), count),
  /** Addresses that were masked. */
  masked: count,
  /** Rows written in which a full client address stands. */
  full_addresses: count,
  /** Bytes of log read by this run. */
  bytes_read: count,
  /** Bytes of Parquet sent by this run. */
  bytes_sent: count,
  /** Bytes of log files that vanished before they were read. */
  bytes_unread: count.default(0),
  /** Bytes of last lines that wait for their end. */
  waiting: count.default(0),
  /** Lines that wait for more to be sent with, where the stage runs again and again. */
  lines_waiting: count.default(0),
  /** Milliseconds until the last of them are due. */
  sent_in_ms: count.default(0),
  chunks: count,
  /** Where the true bytes of refused lines are, below the node's data folder. */
  dead: z.string().optional(),
  /** False when no line of the logs of this run was ever understood. */
  understood: z.boolean().default(true),
  ...detectedSchema.shape,
  /** Wall time of the run in milliseconds, from its start. */
  ms: z.number().nonnegative(),
  /** At most 600 bytes; absent when the run succeeded. */
  error: z.string().optional(),
})

export type Report = z.infer<typeof reportSchema>

/** The counts of a report, of one run or of many. */
export type Totals = Omit<Report, 'node' | 'stage' | 'epoch' | 'dead' | 'understood' | 'ms' | 'error'>

export const noTotals: Totals = {
  lines_read: 0,
  lines_parsed: 0,
  lines_rejected: 0,
  lines_blank: 0,
  rejected: [],
  lines_retried: 0,
  repaired: 0,
  rows: {},
  masked: 0,
  full_addresses: 0,
  bytes_read: 0,
  bytes_sent: 0,
  bytes_unread: 0,
  waiting: 0,
  lines_waiting: 0,
  sent_in_ms: 0,
  chunks: 0,
  ...nothingDetected,
}

/** One line of stderr while a processor works. */
const progressSchema = z.object({
  type: z.literal('progress'),
  bytes_read: count,
  /** Bytes that this run means to read. */
  bytes_total: count,
  lines_read: count,
  rows: z.record(z.string(), count),
})

export type Progress = z.infer<typeof progressSchema>

/** The report among the lines of stdout, or undefined: a missing report is an outcome of its own. */
export const parseReport = (stdout: string): Report | undefined => lastJsonLineIn(linesIn(stdout), reportSchema)

/** The newest progress line of stderr. */
export const parseProgress = (stderr: string): Progress | undefined => lastJsonLineIn(linesIn(stderr), progressSchema)

const linesIn = (text: string): readonly string[] => text.trimEnd().split('\n')
