import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Field } from './fields.ts'

interface Cell {
  readonly v: unknown
}

/** A value in the form of the REST API: text for all but lists, records and NULL. `micros`: times as whole microseconds, not as seconds. */
const cellOf = (value: DuckDBValue, field: Field, micros: boolean): Cell => {
  if (field.mode === 'REPEATED') {
    const items = value instanceof DuckDBListValue ? value.items : []
    return { v: items.map((item) => cellOf(item, { ...field, mode: 'NULLABLE' }, micros)) }
  }
  if (value === null) return { v: null }
  if (value instanceof DuckDBStructValue)
    return { v: { f: (field.fields ?? []).map((inner) => cellOf(value.entries[inner.name] ?? null, inner, micros)) } }
  if (value instanceof DuckDBTimestampTZValue) return { v: micros ? String(value.micros) : secondsOf(value.micros) }
  if (value instanceof DuckDBBlobValue) return { v: Buffer.from(value.bytes).toString('base64') }
  return { v: String(value) }
}

/** Seconds as the API writes them without `useInt64Timestamp`: `1.7635968E9`. */
const secondsOf = (micros: bigint): string => {
  const text = (Number(micros) / 1e6).toExponential().replace('e+', 'E').replace('e', 'E')
  return text.includes('.') ? text : text.replace('E', '.0E')
}

/** A row with its cells in the order of the fields. */
export const rowOf = (
  values: readonly DuckDBValue[],
  fields: readonly Field[],
  micros: boolean,
): { readonly f: readonly Cell[] } => ({
  f: fields.map((field, index) => cellOf(values[index] ?? null, field, micros)),
})
