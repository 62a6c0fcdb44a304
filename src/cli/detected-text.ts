import { formatInWords } from '../core/detected.ts'
import { formatCount } from '../core/format.ts'
import { sanitize } from '../core/sanitize.ts'
import type { StageRun } from '../engine/state.ts'

/** Names of fields that are told; the rest is a number. */
const mostFields = 8

const fieldsText = (fields: readonly string[]): string => {
  const more = fields.length - mostFields
  return `fields without a column: ${fields.slice(0, mostFields).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** What the logs were found to be, and what to know of their lines. */
export const detectedText = ({ totals }: StageRun): readonly string[] =>
  [
    ...(totals.formats.length === 0 ? [] : [`format: ${totals.formats.map(formatInWords).join('; ')}`]),
    ...(totals.fields.length === 0 ? [] : [fieldsText(totals.fields)]),
    ...(totals.repaired === 0
      ? []
      : [
          `repaired: ${formatCount(totals.repaired)} ${totals.repaired === 1 ? 'line' : 'lines'} in which bytes were no UTF-8`,
        ]),
    ...totals.notices,
  ].map(sanitize)
