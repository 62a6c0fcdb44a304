import type { Report } from '../../src/core/report.ts'

const errorLimit = 600
/** Bacalhau keeps 2,048 bytes of stdout. */
const lineLimit = 2000

/** The report as one line that fits whole into what a cluster keeps. */
export const reportLine = (report: Report): string => {
  const { error, ...rest } = report
  if (error === undefined) return `${JSON.stringify(rest)}\n`
  const room = lineLimit - Buffer.byteLength(JSON.stringify({ ...rest, error: '' }))
  return `${JSON.stringify({ ...rest, error: cutText(error, errorLimit, room) })}\n`
}

/** The longest beginning of at most `limit` bytes that takes at most `room` bytes as JSON; whole characters. */
const cutText = (text: string, limit: number, room: number): string => {
  const fits = (part: string): boolean =>
    Buffer.byteLength(part) <= limit && Buffer.byteLength(JSON.stringify(part)) - 2 <= room
  if (fits(text)) return text
  let cut = [...text.slice(0, limit)]
  while (cut.length > 0 && !fits(`${cut.join('')}…`)) cut = cut.slice(0, -1)
  return `${cut.join('')}…`
}
