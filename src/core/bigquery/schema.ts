import type { Column, Table } from '../tables.ts'

/** A column as BigQuery's REST API has it. */
export interface RestField {
  readonly name: string
  readonly type: string
  readonly mode: string
  readonly description?: string
  readonly fields?: readonly RestField[]
}

const toField = ({ name, type, mode, description, fields }: Column): RestField => ({
  name,
  type: restTypes[type],
  mode,
  description,
  ...(fields === undefined ? {} : { fields: fields.map(toField) }),
})

/** The REST API answers with the older names of two types. */
const restTypes = {
  STRING: 'STRING',
  TIMESTAMP: 'TIMESTAMP',
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  RECORD: 'RECORD',
} as const satisfies Record<Column['type'], string>

/** The schema that a table is made with and that every load job carries. */
export const restSchema = ({ columns }: Pick<Table, 'columns'>): { readonly fields: readonly RestField[] } => ({
  fields: columns.map(toField),
})
