import type { Field } from './fields.ts'
import type { ParquetField } from './parquet-fields.ts'
import { invalid } from './problem.ts'
import { schemaChange } from './schema-change.ts'

const findField = <One extends Field>(fields: readonly One[], name: string): One | undefined =>
  fields.find((one) => one.name.toLowerCase() === name.toLowerCase())

export interface LoadSchema {
  readonly table: string
  readonly tableFields: readonly Field[]
  /** The schema that the job carries, if it does. */
  readonly given: readonly Field[] | undefined
  readonly file: readonly ParquetField[]
  readonly addFields: boolean
  readonly ignoreUnknown: boolean
}

/** Columns that the load adds to the table; refuses what BigQuery refuses. */
export const checkLoad = (load: LoadSchema): readonly Field[] => {
  // Every file of DuckDB has only optional columns, so without a schema of its own the job would loosen REQUIRED.
  const wanted = load.given ?? load.file
  const added = changes(load, wanted)
  for (const column of load.file) checkColumn(load, findField(wanted, column.name), column)
  for (const field of wanted)
    if (field.mode === 'REQUIRED' && findField(load.file, field.name) === undefined)
      throw reading(`Required field ${field.name} is missing in the file.`)
  return added
}

const reading = (why: string): Error => invalid(`Error while reading data, error message: ${why}`)

const changes = (
  { table, tableFields, addFields, ignoreUnknown, given, file }: LoadSchema,
  wanted: readonly Field[],
) => {
  const here = tableFields.map((field) => {
    const now = findField(wanted, field.name)
    if (now === undefined && field.mode === 'REQUIRED')
      throw invalid(`Provided Schema does not match Table ${table}. Field ${field.name} is missing in new schema`)
    return now ?? field
  })
  for (const [index, field] of tableFields.entries()) {
    const now = here[index]
    if (field.mode === 'REQUIRED' && now?.mode === 'NULLABLE')
      throw invalid(
        `Provided Schema does not match Table ${table}. Field ${field.name} has changed mode from REQUIRED to NULLABLE`,
      )
  }
  schemaChange(table, tableFields, here)
  const added = wanted.filter((field) => findField(tableFields, field.name) === undefined)
  if (added.length === 0 || addFields) return added.map(plain)
  const name = added[0]?.name ?? ''
  if (given !== undefined)
    throw invalid(`Provided Schema does not match Table ${table}. Cannot add fields (field: ${name})`)
  if (ignoreUnknown && file.length > 0) return []
  throw invalid(`Provided Schema does not match Table ${table}. Cannot add fields (field: ${name})`)
}

const plain = ({ name, type, mode, fields }: Field): Field => ({
  name,
  type,
  mode,
  ...(fields === undefined ? {} : { fields: fields.map(plain) }),
})

const checkColumn = (load: LoadSchema, field: Field | undefined, column: ParquetField): void => {
  if (field === undefined) {
    if (load.ignoreUnknown) return
    throw reading(`No such field: ${column.name}.`)
  }
  if (field.mode === 'REPEATED' && column.mode !== 'REPEATED')
    throw reading(
      `Field ${field.name} is REPEATED, but the file's column is not; a LIST needs parquetOptions.enableListInference.`,
    )
  if (field.mode !== 'REPEATED' && column.mode === 'REPEATED')
    throw reading(`Field ${field.name} is ${field.mode}, but the file's column is REPEATED.`)
  if (field.type !== column.type)
    throw reading(
      `Parquet column '${column.name}' has type ${column.physical} which does not match the target type ${field.type}.`,
    )
  for (const inner of column.fields ?? []) checkColumn(load, findField(field.fields ?? [], inner.name), inner)
}
