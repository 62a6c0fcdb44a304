import { AppError } from '../../core/errors.ts'
import { formatMemory } from '../../core/format.ts'
import { billingUnit, dollarsOf, formatDollars, leastBilled, type Price } from './price.ts'
import { leftOf, type Spend } from './spend.ts'

/** What a query may bill for every ten bytes of its price: tables grow between the dry run and the query. */
const elevenTenths = 11

/** Bytes by which a person raises the budget at once. */
export const raiseStep = 1024 * billingUnit

/** `10 MB, < $0.0001` */
export const inMoney = (billedBytes: number): string =>
  billedBytes === 0 ? 'nothing' : `${formatMemory(billedBytes)}, ${formatDollars(dollarsOf(billedBytes))}`

/** The limit that a query of this price is sent with, in bytes: its price with a margin in whole MB, at least 10 MB, and never above what is left. */
export const limitOf = ({ billedBytes }: Price, left: number): number =>
  Math.min(left, Math.max(leastBilled, Math.ceil((billedBytes * elevenTenths) / (10 * billingUnit)) * billingUnit))

/** The way to a larger budget that a person has: a key of the screen, or the config. */
export type MoreBy = 'key' | 'config'

const cheaper = 'Filter by a time or read fewer columns; questions to the nodes stay free.'

const ways: Readonly<Record<MoreBy, readonly string[]>> = {
  key: [
    `B allows ${formatMemory(raiseStep)} more, and asks first.`,
    cheaper,
    'A larger budget from the start: --warehouse-budget-mb N',
  ],
  config: ['Allow more: --warehouse-budget-mb N, or warehouse.budget_mb in the config file.', cheaper],
}

/** The limit in bytes of a query of a session; throws an AppError of kind `refused` when its budget does not reach. */
export const admit = (price: Price, spend: Spend, moreBy: MoreBy = 'config'): number => {
  const left = leftOf(spend)
  if (Math.max(price.billedBytes, leastBilled) <= left) return limitOf(price, left)
  const used = spend.budgetBytes - left
  const needs = price.billedBytes === 0 ? 'a limit of at least 10 MB' : inMoney(price.billedBytes)
  throw new AppError({
    what: `Queries are paused: this one needs ${needs}, and ${formatMemory(left)} of this session's ${formatMemory(spend.budgetBytes)} are left.`,
    why: `${formatMemory(used)} were billed${spend.unsureBytes > 0 ? ', or may have been by queries that were stopped' : ''}; the budget keeps a session from costing more than meant.`,
    next: ways[moreBy],
    kind: 'refused',
  })
}
