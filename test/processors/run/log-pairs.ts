import { randomFrom } from '../../faults/log-text.ts'

/** Two logs that begin alike, and how they come to stand beside or after one another. */
export interface LogPair {
  readonly name: string
  readonly older: string
  readonly newer: string
  readonly meeting: Meeting
  readonly chunkBytes: number
  /** Draws a number below a bound. */
  readonly draw: (below: number) => number
}

const meetings = [
  'renamed',
  'copied and truncated',
  'packed',
  'packed after growing unread',
  'renamed after growing unread',
  'both at once',
  'both packed at once',
  'inputs at once',
  'inputs in turn',
  'found by a pattern',
  'written over',
  'linked',
  'packed and damaged',
  'damaged before any run',
] as const
export type Meeting = (typeof meetings)[number]

const beginnings = ['banner', 'health checks', 'NULs', 'replay', 'replay, then shorter'] as const

const numbered = (word: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${word} ${String(i).padStart(6, '0')} of the log\n`).join('')

/** What both logs begin with: at least as much as a log is known by. */
const common = (kind: (typeof beginnings)[number], draw: (below: number) => number): string => {
  const more = draw(3) * draw(9000)
  if (kind === 'NULs') return '\0'.repeat(4096 + more)
  if (kind === 'health checks') return 'GET /health 200\n'.repeat(256 + (more >> 4))
  return numbered(kind === 'banner' ? '# banner' : 'replayed', 180 + (more >> 5))
}

/** The pair of that number: all kinds of beginnings and meetings come up in turn. */
export const logPair = (number: number): LogPair => {
  const random = randomFrom(number + 1)
  const draw = (below: number): number => Math.floor(random() * below)
  const kind = beginnings[number % beginnings.length] ?? 'banner'
  const meeting = meetings[number % meetings.length] ?? 'renamed'
  const head = common(kind, draw)
  const [own, others] = [numbered(`older-${number}`, 1 + draw(200)), numbered(`newer-${number}`, 1 + draw(200))]
  const [older, newer] =
    kind === 'replay'
      ? [head, head + others]
      : kind === 'replay, then shorter'
        ? [head + own, head]
        : [head + own, head + others]
  const chunkBytes = 1024 + draw(3) * 4000
  return { name: `${number}: ${kind}, ${meeting}`, older, newer, meeting, chunkBytes, draw }
}
