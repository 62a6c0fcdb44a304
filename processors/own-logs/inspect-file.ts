import type { Detected } from '../../src/core/detected.ts'
import { type Guess, guessOfMost } from '../../src/core/guess.ts'
import { detectIn } from '../formats/detect.ts'
import { createLineParser } from '../formats/line-parser.ts'
import type { ParsedLine } from '../formats/parse-line.ts'
import type { Reading } from '../formats/reading.ts'
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
  readonly detected: Detected
  readonly looked: number
  readonly understood: number
  readonly sample: string | null
  /** What its lines look like where none was understood. */
  readonly guess: Guess | undefined
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/** The time of a line that has none. */
const noTime = { second: 0, micros: 0 }

const timeOf = (parsed: ParsedLine | undefined): number | undefined =>
  parsed?.ok && parsed.event.second > 0 ? parsed.event.second * 1000 : undefined

/** Judges a file by its first lines, and takes its times from both ends. */
export const inspectFile = (
  path: string,
  { head, tail, bytes, lines, about }: LogEnds,
  reading: Reading,
): InspectedFile => {
  const parse = createLineParser(reading, noTime)
  const judged = head
    .slice(0, judgedLines)
    .map((line) => ({ line: withoutReturn(line), parsed: parse(withoutReturn(line)) }))
    .filter(({ parsed }) => parsed !== undefined)
  const understood = judged.filter(({ parsed }) => parsed?.ok)
  const sample = understood.find(({ line }) => line.length <= shownChars) ?? understood[0] ?? judged[0]
  const first = timeOf(understood[0]?.parsed)
  const last = lastTime(tail.map((line) => timeOf(parse(withoutReturn(line)))))
  return {
    path,
    bytes,
    lines,
    about,
    first: first ?? null,
    last: last ?? null,
    detected: detectIn(
      judged.flatMap(({ parsed }) => parsed ?? []),
      reading.client,
    ),
    looked: judged.length,
    understood: understood.length,
    sample: sample?.line ?? null,
    guess: understood.length > 0 ? undefined : guessOfMost(judged.map(({ line }) => line)),
  }
}

const lastTime = (times: readonly (number | undefined)[]): number | undefined =>
  times.findLast((time) => time !== undefined)
