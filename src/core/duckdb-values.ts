import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { PlainValue } from './plain-value.ts'

/** A value of DuckDB as the contract has it; what JSON has no word for becomes text. */
export const normalise = (value: DuckDBValue): PlainValue => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return wholeNumber(value)
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return isoOf(value.micros)
  if (value instanceof DuckDBTimestampSecondsValue) return isoOf(value.seconds * 1_000_000n)
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoOf(value.millis * 1_000n)
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoOf(value.nanos / 1_000n)
  if (value instanceof DuckDBDecimalValue) return decimalNumber(value)
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(normalise)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([field, inner]) => [field, normalise(inner)]))
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value: inner }) => ({ key: normalise(key), value: normalise(inner) }))
  if (value instanceof DuckDBUnionValue) return normalise(value.value)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  return value.toString()
}

const wholeNumber = (value: bigint): PlainValue =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value.toString()

const exactDigits = 15

const decimalNumber = (value: DuckDBDecimalValue): PlainValue => {
  const text = value.toString()
  return text.replace(/\D/g, '').replace(/^0+/, '').length <= exactDigits ? Number(text) : text
}

const lastMicros = 253_402_300_800_000_000n

/** ISO 8601 in UTC with microseconds; years outside of 1 to 9999 and the infinities stay what DuckDB calls them. */
const isoOf = (micros: bigint): string => {
  if (micros >= lastMicros || micros < -62_135_596_800_000_000n) return new DuckDBTimestampValue(micros).toString()
  const second = micros >= 0n ? micros / 1_000_000n : -((999_999n - micros) / 1_000_000n)
  const rest = (micros - second * 1_000_000n).toString().padStart(6, '0')
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}.${rest}Z`
}
