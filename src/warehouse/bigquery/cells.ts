import { z } from 'zod'
import type { PlainValue } from '../../core/plain-value.ts'
import { plainType } from './compare.ts'
import type { WireField } from './wire.ts'

/** The cells of one row as the contract has values; `fields` are those of the answer, in its order. */
export const decodeRow = (
  fields: readonly WireField[],
  cells: readonly { readonly v: unknown }[],
): readonly PlainValue[] => fields.map((field, i) => decode(field, cells[i]?.v))

/** A column's type in the words of BigQuery's SQL. */
export const typeOf = (field: WireField): string => {
  const one = plainType(field.type) === 'RECORD' ? 'STRUCT' : plainType(field.type)
  return field.mode === 'REPEATED' ? `ARRAY<${one}>` : one
}

const list = z.array(z.looseObject({ v: z.unknown() })).catch([])
const record = z.looseObject({ f: z.array(z.looseObject({ v: z.unknown() })) }).catch({ f: [] })

const decode = (field: WireField, value: unknown): PlainValue => {
  if (field.mode === 'REPEATED') {
    const item = { ...field, mode: 'NULLABLE' }
    return list.parse(value).map((one) => decode(item, one.v))
  }
  if (value === null || value === undefined) return null
  switch (plainType(field.type)) {
    case 'RECORD': {
      const values = decodeRow(field.fields, record.parse(value).f)
      return Object.fromEntries(field.fields.map(({ name }, i) => [name, values[i] ?? null]))
    }
    case 'INT64':
      return wholeNumber(String(value))
    case 'FLOAT64':
      return Number.isFinite(Number(value)) ? Number(value) : String(value)
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return decimalNumber(String(value))
    case 'BOOL':
      return value === true || value === 'true'
    case 'TIMESTAMP':
      return isoOf(String(value))
    default:
      return typeof value === 'string' ? value : JSON.stringify(value)
  }
}

const wholeNumber = (text: string): PlainValue => (Number.isSafeInteger(Number(text)) ? Number(text) : text)

const exactDigits = 15

const decimalNumber = (text: string): PlainValue =>
  text.replace(/\D/g, '').replace(/^0+/, '').length <= exactDigits ? Number(text) : text

/** ISO 8601 with microseconds, from microseconds since the epoch; text that is none stays. */
const isoOf = (text: string): string => {
  if (!/^-?\d+$/.test(text)) return text
  const micros = BigInt(text)
  const second = micros >= 0n ? micros / 1_000_000n : -((999_999n - micros) / 1_000_000n)
  const rest = (micros - second * 1_000_000n).toString().padStart(6, '0')
  const date = new Date(Number(second) * 1000)
  return Number.isNaN(date.getTime()) ? text : `${date.toISOString().slice(0, 19)}.${rest}Z`
}
