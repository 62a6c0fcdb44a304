import { parseLine } from '../formats/parse-line.ts'
import type { LogEnds } from './read-ends.ts'

/** Lines of a file by which its format is judged. */
const judgedLines = 200
/** A line to show is not longer, where there is a shorter one. */
const shownChars = 2_000

/** What is known of one file. */
export interface InspectedFile {
  readonly path: string
  readonly bytes: number
  readonly lines: number
  readonly about: boolean
  readonly first: number | null
  readonly last: number | null
  readonly formats: ReadonlyMap<string, number>
  readonly looked: number
  readonly sample: string | null
  readonly understands: boolean
}

const timeOf = (line: string): number | undefined => {
  const parsed = parseLine(withoutReturn(line))
  return parsed.ok ? parsed.event.second * 1000 : undefined
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

const formatOf = (line: string): string | undefined => {
  const parsed = parseLine(withoutReturn(line))
  if (!parsed.ok) return undefined
  return /" \d{3} (?:\d+|-)\s*$/.test(line) ? 'common' : 'combined'
}

/** Judges a file by its first lines, and takes its times from both ends. */
export const inspectFile = (path: string, { head, tail, bytes, lines, about }: LogEnds): InspectedFile => {
  const judged = head.slice(0, judgedLines)
  const formats = new Map<string, number>()
  for (const line of judged) {
    const format = formatOf(line)
    if (format !== undefined) formats.set(format, (formats.get(format) ?? 0) + 1)
  }
  const understood = judged.filter((line) => formatOf(line) !== undefined)
  const sample = understood.find((line) => line.length <= shownChars) ?? understood[0] ?? judged[0]
  const first = understood[0] === undefined ? undefined : timeOf(understood[0])
  const last = lastTime(tail)
  return {
    path,
    bytes,
    lines,
    about,
    first: first ?? null,
    last: last ?? null,
    formats,
    looked: judged.length,
    sample: sample === undefined ? null : withoutReturn(sample),
    understands: understood.length > 0,
  }
}

const lastTime = (tail: readonly string[]): number | undefined => {
  for (let i = tail.length - 1; i >= Math.max(0, tail.length - judgedLines); i--) {
    const time = timeOf(tail[i] ?? '')
    if (time !== undefined) return time
  }
  return undefined
}
