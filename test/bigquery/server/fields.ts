import { DuckDBListType, DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { z } from 'zod'
import { quoteName } from '../../../src/core/duckdb-types.ts'

/** A column, in the REST API's words. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED'
  readonly description?: string | undefined
  readonly fields?: readonly Field[] | undefined
}

/** The standard names of types, and the older ones by which the API answers. */
const legacy: Readonly<Record<string, string>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
}

const known = new Set(
  'STRING BYTES INTEGER FLOAT BOOLEAN TIMESTAMP DATE TIME DATETIME RECORD NUMERIC BIGNUMERIC JSON GEOGRAPHY'.split(' '),
)

export const fieldSchema: z.ZodType<Field> = z.lazy(() =>
  z.object({
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,299}$/),
    type: z
      .string()
      .transform((type) => legacy[type.toUpperCase()] ?? type.toUpperCase())
      .refine((type) => known.has(type)),
    mode: z.enum(['NULLABLE', 'REQUIRED', 'REPEATED']).default('NULLABLE'),
    description: z.string().optional(),
    fields: z.array(fieldSchema).optional(),
  }),
)

const duckdbNames: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'DECIMAL(38,9)',
  JSON: 'VARCHAR',
  GEOGRAPHY: 'VARCHAR',
}

/** DuckDB's type of a column of the store. */
export const duckdbTypeOf = ({ type, mode, fields = [] }: Field): string => {
  const one =
    type === 'RECORD'
      ? `STRUCT(${fields.map((field) => `${quoteName(field.name)} ${duckdbTypeOf(field)}`).join(', ')})`
      : (duckdbNames[type] ?? 'VARCHAR')
  return mode === 'REPEATED' ? `${one}[]` : one
}

const restNames: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.VARCHAR]: 'STRING',
  [DuckDBTypeId.ENUM]: 'STRING',
  [DuckDBTypeId.BLOB]: 'BYTES',
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.FLOAT]: 'FLOAT',
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
  [DuckDBTypeId.DECIMAL]: 'NUMERIC',
}

/** The column of a result; whole numbers of every size, and an untyped NULL, are INTEGER. */
const fieldOf = (name: string, type: DuckDBType): Field => {
  if (type instanceof DuckDBListType) return { ...fieldOf(name, type.valueType), mode: 'REPEATED' }
  if (type instanceof DuckDBStructType)
    return {
      name,
      type: 'RECORD',
      mode: 'NULLABLE',
      fields: type.entryNames.map((entry, index) => fieldOf(entry, type.entryTypes[index] ?? type)),
    }
  return { name, type: restNames[type.typeId] ?? 'INTEGER', mode: 'NULLABLE' }
}

/** The columns of a result; what has no name of its own is `f0_`, `f1_` and so on. */
export const fieldsOf = (names: readonly string[], types: readonly DuckDBType[]): readonly Field[] => {
  let unnamed = 0
  return types.map((type, index) => {
    const name = names[index] ?? ''
    return fieldOf(/^[A-Za-z_]\w*$/.test(name) ? name : `f${unnamed++}_`, type)
  })
}

/** DuckDB's SQL for the bytes that a column's values count for: 8 a number or time, 2 and its UTF-8 bytes a text, nothing for NULL. */
export const bytesSql = (field: Field): string => {
  const name = quoteName(field.name)
  const fixed = field.type === 'BOOLEAN' ? 1 : 8
  if (field.mode === 'REPEATED' || field.type === 'RECORD')
    return `coalesce(sum(strlen(${name}::VARCHAR)) FILTER (${name} IS NOT NULL), 0)::BIGINT`
  return ['STRING', 'BYTES', 'JSON'].includes(field.type)
    ? `coalesce(sum(2 + ${field.type === 'BYTES' ? 'octet_length' : 'strlen'}(${name})), 0)::BIGINT`
    : `(count(${name}) * ${fixed})::BIGINT`
}
