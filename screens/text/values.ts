import { formatCount } from '../../src/core/format.ts'
import { clean } from './clean.ts'

/** A value as a warehouse gives it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [field: string]: Value }

/** A row of a table by its columns' names. */
export type Row = Readonly<Record<string, Value>>

/** A value of a warehouse as one harmless row of text; NULL is empty. */
export const valueText = (value: Value | undefined): string => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'number') return Number.isInteger(value) ? formatCount(value) : value.toFixed(2)
  if (typeof value === 'boolean') return String(value)
  return clean(JSON.stringify(value))
}

/** A column of a row as harmless text. */
export const textOf = (row: Row, column: string): string => valueText(row[column])

/** A column of a row as a number; INT64 that did not fit a number is rounded, anything else is 0. */
export const numberOf = (row: Row, column: string): number => toNumber(row[column])

/** A value as a number; text that is none, and everything else, is 0. */
export const toNumber = (value: Value | undefined): number => {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return 0
  const number = Number(value)
  return Number.isFinite(number) ? number : 0
}
