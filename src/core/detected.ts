import { z } from 'zod'
import { formatCount } from './format.ts'

const count = z.number().int().nonnegative()

/** What the first lines of logs showed. */
export const detectedSchema = z.object({
  /** `combined + 2 fields`, lines of it and lines that were looked at; the commonest first. */
  formats: z.array(z.object({ title: z.string(), lines: count, of: count })).default([]),
  /** Fields of the logs that have no column, by the names that the format gives them. */
  fields: z.array(z.string()).default([]),
  /** What a person should know of these lines. */
  notices: z.array(z.string()).default([]),
})

export type Detected = z.infer<typeof detectedSchema>

export const nothingDetected: Detected = { formats: [], fields: [], notices: [] }

/** Formats that a report names at most. */
const mostFormats = 4

/** What two logs, or two nodes, showed together. */
export const mergeDetected = (a: Detected, b: Detected): Detected => ({
  formats: mergeFormats([...a.formats, ...b.formats]),
  fields: [...new Set([...a.fields, ...b.fields])],
  notices: [...new Set([...a.notices, ...b.notices])],
})

const mergeFormats = (all: Detected['formats']): Detected['formats'] => {
  const byTitle = new Map<string, Detected['formats'][number]>()
  for (const { title, lines, of } of all) {
    const known = byTitle.get(title)
    byTitle.set(title, { title, lines: lines + (known?.lines ?? 0), of: of + (known?.of ?? 0) })
  }
  return [...byTitle.values()].sort((x, y) => y.lines - x.lines).slice(0, mostFormats)
}

/** `combined + 2 fields, 198 of 200 lines` */
export const formatInWords = ({ title, lines, of }: Detected['formats'][number]): string =>
  `${title}, ${formatCount(lines)} of ${formatCount(of)} ${of === 1 ? 'line' : 'lines'}`
