import { guessOfMost } from '../../src/core/guess.ts'
import { noMatch, type Refusal } from '../../src/core/refusals.ts'
import type { Reject } from '../chunk-processor.ts'

/** Of each reason so many lines are looked at, each no further than this. */
const lookedAt = 50
const lookedBytes = 2048

export interface RefusedLines {
  readonly rejects: readonly Reject[]
  readonly bytesOf: (reject: Reject) => Uint8Array
  /** Number of a line in its log, where it was counted. */
  readonly lineOf: (reject: Reject) => number | undefined
  /** Name of the log. */
  readonly file: string | undefined
}

/** Refused lines by reason; their text is looked at and not kept. */
export const refusalsOf = ({ rejects, bytesOf, lineOf, file }: RefusedLines): readonly Refusal[] => {
  const groups = Map.groupBy(rejects, ({ reason }) => reason)
  return [...groups].map(([reason, all]) => {
    const [first] = all
    const looked = reason === noMatch ? all.slice(0, lookedAt) : []
    const guess = guessOfMost(looked.map((reject) => beginningOf(bytesOf(reject))))
    return {
      reason,
      count: all.length,
      line: (first === undefined ? undefined : lineOf(first)) ?? null,
      ...(file === undefined ? {} : { file }),
      ...(guess === undefined ? {} : { guess: guess.id }),
    }
  })
}

const beginningOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, lookedBytes))
