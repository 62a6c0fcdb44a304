import type { QueryResult, Value } from '../warehouse/warehouse.ts'

/** A value as one text: structures as JSON, NULL as nothing. */
export const valueText = (value: Value): string => {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** RFC 4180 with a head, lines ended by LF. */
export const toCsv = (result: QueryResult): string =>
  [result.columns.map((column) => column.name), ...result.rows.map((row) => row.map(valueText))]
    .map((row) => `${row.map(cell).join(',')}\n`)
    .join('')
