import { type Detected, formatInWords } from './detected.ts'
import { formatCount } from './format.ts'
import { sanitize } from './sanitize.ts'

/** Names of fields that are told; the rest is a number. */
const mostFields = 8

/** What a report says of the lines that were read, apart from their counts. */
export type Finding = Detected & { readonly repaired: number }

const fieldsText = (fields: readonly string[]): string => {
  const more = fields.length - mostFields
  return `fields without a column: ${fields.slice(0, mostFields).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const repairedText = (lines: number): string =>
  `repaired: ${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'} in which bytes were no UTF-8`

/** What the logs were found to be. */
export const foundText = ({ formats, fields, repaired }: Finding): readonly string[] =>
  [
    ...(formats.length === 0 ? [] : [`format: ${formats.map(formatInWords).join('; ')}`]),
    ...(fields.length === 0 ? [] : [fieldsText(fields)]),
    ...(repaired === 0 ? [] : [repairedText(repaired)]),
  ].map(sanitize)

/** What to know of their lines. */
export const noticeText = ({ notices }: Detected): readonly string[] => notices.map(sanitize)
