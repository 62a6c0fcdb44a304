import { formatCount } from '../../src/core/format.ts'
import { guessById } from '../../src/core/guess.ts'
import { type Refusal, reasonWords } from '../../src/core/refusals.ts'
import { placeOf } from '../../src/engine/selectors/refusals.ts'

/** Lines refused for one reason: how many, which the first is, and what they look like. */
export const refusalText = (refusal: Refusal): string => {
  const place = placeOf(refusal)
  const guess = guessById(refusal.guess)
  return `${formatCount(refusal.count)} ${reasonWords(refusal.reason)}${place === '' ? '' : `, first ${place}`}${guess === undefined ? '' : `; it looks like ${guess.title}`}`
}
