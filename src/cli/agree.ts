import { AppError } from '../core/errors.ts'
import { formatMemory } from '../core/format.ts'
import { inMoney, limitOf } from '../engine/cost/guard.ts'
import { billingUnit, leastBilled, type Price } from '../engine/cost/price.ts'
import { askYes } from './ask.ts'
import type { Call } from './verb.ts'

/** Bytes from which on a query that bills them is asked about first. */
const askAbove = 100 * billingUnit

interface Wishes {
  readonly yes?: boolean
  /** Bytes. */
  readonly maxBytes?: number
}

/** One line about a price, before the query runs. */
export const priceText = ({ bytes, billedBytes }: Price): string =>
  `Reads ${formatMemory(bytes)}, bills ${inMoney(billedBytes)}${billedBytes === 0 ? '' : '; the first 1 TB of a month is free'}.`

const tooDear = ({ billedBytes }: Price, limit: number, flag: string): AppError =>
  new AppError({
    what: `The query was not run: it would bill ${inMoney(billedBytes)}, more than ${formatMemory(limit)}.`,
    why: `${flag} allows no more. The dry run that told the price was free.`,
    next: [
      'Filter by a time or read fewer columns.',
      `Or allow it, this once: --max-bytes ${limitOf({ bytes: 0, billedBytes }, Number.POSITIVE_INFINITY)}`,
    ],
    kind: 'refused',
  })

/**
 * The limit in bytes that a query of this price is sent with, or `no` when the person on the terminal does not want it. Throws an AppError of kind
 * `refused` where it costs more than was allowed, or where it must be asked about and nobody can be.
 */
export const agree = async (
  { context }: Pick<Call, 'context'>,
  price: Price,
  { yes, maxBytes }: Wishes,
  budget: number,
): Promise<number | 'no'> => {
  const { billedBytes } = price
  if (maxBytes !== undefined && maxBytes < leastBilled)
    throw new AppError({
      what: `--max-bytes ${maxBytes} is less than BigQuery takes as a limit.`,
      next: [`Give ${leastBilled} or more, which is 10 MB.`],
      kind: 'usage',
    })
  const limit = maxBytes ?? budget
  if (billedBytes > limit) throw tooDear(price, limit, maxBytes === undefined ? 'warehouse.budget_mb' : '--max-bytes')
  const known = yes === true || maxBytes !== undefined
  if (billedBytes <= askAbove || known) return maxBytes ?? limitOf(price, budget)
  if (context.stdin.isTTY === true)
    return (await askYes(context, `Run it for ${inMoney(billedBytes)}?`)) ? limitOf(price, budget) : 'no'
  throw new AppError({
    what: `The query was not run: it would bill ${inMoney(billedBytes)}, and nobody was asked.`,
    why: `From ${formatMemory(askAbove)} on it takes a yes, and there is no terminal. The dry run that told the price was free.`,
    next: [
      `Allow so much: --max-bytes ${limitOf(price, Number.POSITIVE_INFINITY)}`,
      'Or whatever fits warehouse.budget_mb: --yes',
    ],
    kind: 'refused',
  })
}
