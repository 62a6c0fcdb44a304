import { formatCount } from './format.ts'
import { guessById } from './guess.ts'

/** The reason that says nothing of a line: only then its looks may tell more. */
export const noMatch = 'no_match'

/** Lines that were refused for one reason. */
export interface Refusal {
  readonly reason: string
  readonly count: number
  /** Number of the first of them in its file, from 1; null where it is not known. */
  readonly line: number | null
  /** Name of that file. */
  readonly file?: string | undefined
  /** What they look like, by its id. */
  readonly guess?: string | undefined
}

const words: Readonly<Record<string, string>> = {
  too_long: 'longer than 1 MB',
  [noMatch]: 'in no known format',
  bad_time: 'with an impossible time',
  bad_status: 'with an impossible status',
  bad_size: 'with an impossible size',
  out_of_memory: 'too large for the memory of the stage',
  failed: 'of which no row could be made',
}

/** A reason as a part of a sentence: "12 lines ... in no known format". */
export const reasonWords = (reason: string): string => words[reason] ?? `refused as ${reason}`

/** Both lists as one, the most frequent reason first; of each reason the first line stays the one that is named. */
export const mergeRefusals = (a: readonly Refusal[], b: readonly Refusal[]): Refusal[] => {
  const byReason = new Map(a.map((one) => [one.reason, one]))
  for (const one of b) {
    const known = byReason.get(one.reason)
    byReason.set(one.reason, known === undefined ? one : { ...known, count: known.count + one.count })
  }
  return [...byReason.values()].sort((x, y) => y.count - x.count)
}

/** From this share of the lines on that were not blank a person is warned. */
const warningShare = 0.1

interface Counts {
  readonly lines_parsed: number
  readonly lines_rejected: number
}

export const isMuchRefused = ({ lines_parsed, lines_rejected }: Counts): boolean =>
  lines_rejected > warningShare * (lines_parsed + lines_rejected)

const looksLike = (guess: string | undefined): string => {
  const known = guessById(guess)
  return known === undefined ? '' : `; it looks like ${known.title}`
}

/** Why a node whose lines were all refused is not done. */
export const nothingUnderstood = (counts: Counts, refusals: readonly Refusal[]): string => {
  const [most, ...others] = refusals
  const all = counts.lines_rejected === 1 ? 'the one line is' : `all ${formatCount(counts.lines_rejected)} lines are`
  if (most === undefined) return `nothing understood: ${all} refused`
  if (others.length === 0) return `nothing understood: ${all} ${reasonWords(most.reason)}${looksLike(most.guess)}`
  return `nothing understood: ${all} refused, ${formatCount(most.count)} ${reasonWords(most.reason)}${looksLike(most.guess)}`
}
