import { guessOfMost } from '../../src/core/guess.ts'
import type { Refusal } from '../../src/core/refusals.ts'
import type { Reject } from '../chunk-processor.ts'
import type { Cut } from './cutter.ts'

/** Of each reason so many lines are looked at, each no further than this. */
const lookedAt = 50
const lookedBytes = 2048

export interface RefusedChunk {
  readonly cut: Cut
  readonly rejects: readonly Reject[]
  /** Lines of the log before the chunk, where they were counted. */
  readonly linesBefore: number | undefined
  /** Name of the log. */
  readonly file: string
}

/** The refused lines of a chunk by reason; their text is looked at and not kept. */
export const refusalsOf = ({ cut, rejects, linesBefore, file }: RefusedChunk): readonly Refusal[] => {
  const groups = Map.groupBy(rejects, ({ reason }) => reason)
  return [...groups].map(([reason, all]) => {
    const line = all[0]?.line
    const guess = guessOfMost(all.slice(0, lookedAt).map((reject) => textOf(cut, reject)))
    return {
      reason,
      count: all.length,
      line: linesBefore === undefined || line === undefined ? null : linesBefore + line,
      file,
      ...(guess === undefined ? {} : { guess: guess.id }),
    }
  })
}

const textOf = ({ bytes, start }: Cut, { offset, length }: Reject): string => {
  const from = offset - start
  return new TextDecoder().decode(bytes.subarray(from, from + Math.min(length, lookedBytes)))
}
