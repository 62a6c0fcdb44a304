import { jsonLine, jsonText } from '../../src/core/json.ts'
import type { Report } from '../../src/core/report.ts'

const errorLimit = 600
/** Bacalhau keeps 2,048 bytes of stdout. */
const lineLimit = 2000

type Shrink = (report: Report) => Report

/** What a report can do without, the least needed first. */
const shrinks: readonly Shrink[] = [
  (report) => ({ ...report, fields: report.fields.slice(0, 8) }),
  (report) => ({ ...report, fields: [], notices: report.notices.slice(0, 1), formats: report.formats.slice(0, 1) }),
  (report) => ({ ...report, rejected: report.rejected.map(({ file: _, ...rest }) => rest) }),
  (report) => ({
    ...report,
    rejected: report.rejected.map(({ guess: _, ...rest }, i) => (i === 0 ? (report.rejected[0] ?? rest) : rest)),
  }),
  (report) => ({ ...report, rejected: report.rejected.slice(0, 3) }),
]

/** The report as one line that fits whole into what a cluster keeps. */
export const reportLine = (report: Report): string => {
  const error = report.error === undefined ? undefined : cutText(report.error, errorLimit, lineLimit)
  let small: Report = error === undefined ? report : { ...report, error }
  for (const shrink of shrinks) if (sizeOf(small) > lineLimit) small = shrink(small)
  if (small.error === undefined) return jsonLine(small)
  const room = lineLimit - sizeOf({ ...small, error: '' })
  return jsonLine({ ...small, error: cutText(small.error, errorLimit, room) })
}

const sizeOf = (report: Report): number => Buffer.byteLength(jsonText(report))

/** The longest beginning of at most `limit` bytes that takes at most `room` bytes as JSON; whole characters. */
const cutText = (text: string, limit: number, room: number): string => {
  const fits = (part: string): boolean =>
    Buffer.byteLength(part) <= limit && Buffer.byteLength(jsonText(part)) - 2 <= room
  if (fits(text)) return text
  let cut = [...text.slice(0, limit)]
  while (cut.length > 0 && !fits(`${cut.join('')}…`)) cut = cut.slice(0, -1)
  return `${cut.join('')}…`
}
