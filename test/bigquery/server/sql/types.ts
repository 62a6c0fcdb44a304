import { quoteName } from '../../../../src/core/duckdb-types.ts'
import { invalid } from '../problem.ts'
import { isSign, type Node, wordOf } from './tokens.ts'

const names: Readonly<Record<string, string>> = {
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  STRING: 'VARCHAR',
  BOOL: 'BOOLEAN',
  BYTES: 'BLOB',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATETIME: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'DECIMAL(38,9)',
  JSON: 'JSON',
}

export interface ReadType {
  readonly sql: string
  /** Names of a struct's fields, as far as it names them. */
  readonly fields: readonly string[]
  /** Index behind it. */
  readonly next: number
}

/** DuckDB's word for the type that stands at `at`. */
export const typeAt = (items: readonly Node[], at: number): ReadType => {
  const word = wordOf(items[at])
  if (word === 'ARRAY' && isSign(items[at + 1], '<')) {
    const inner = typeAt(items, at + 2)
    return { sql: `${inner.sql}[]`, fields: [], next: inner.next + 1 }
  }
  if (word === 'STRUCT' && isSign(items[at + 1], '<')) return readStruct(items, at + 2)
  const name = names[word]
  if (name === undefined) throw invalid(`Type not found: ${word}`)
  const parameters = items[at + 1]
  return { sql: name, fields: [], next: at + (parameters?.kind === 'group' && parameters.open === '(' ? 2 : 1) }
}

const readStruct = (items: readonly Node[], from: number): ReadType => {
  const fields: string[] = []
  const parts: string[] = []
  let at = from
  while (at < items.length && !isSign(items[at], '>')) {
    const named = items[at + 1]?.kind === 'word'
    const label = items[at]
    const name = named && label?.kind === 'word' ? label.value : `_field_${parts.length + 1}`
    const inner = typeAt(items, named ? at + 1 : at)
    fields.push(name)
    parts.push(`${quoteName(name)} ${inner.sql}`)
    at = isSign(items[inner.next], ',') ? inner.next + 1 : inner.next
  }
  return { sql: `STRUCT(${parts.join(', ')})`, fields, next: at + 1 }
}
