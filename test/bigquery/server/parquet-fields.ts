import { quoteText } from '../../../src/core/duckdb-types.ts'
import type { Database } from './database.ts'
import type { Field } from './fields.ts'
import { invalid } from './problem.ts'

/** A column of a Parquet file as BigQuery reads it. */
export interface ParquetField extends Field {
  /** Type as it stands in the file, for messages. */
  readonly physical: string
  readonly fields?: readonly ParquetField[] | undefined
}

interface Node {
  readonly name: string
  readonly type: string
  readonly repetition: string
  readonly converted: string
  readonly logical: string
  readonly children: readonly Node[]
}

const refuse = (why: string): never => {
  throw invalid(`Error while reading data, error message: ${why}`)
}

/** Reads the file's own schema. */
const readTree = async (database: Database, path: string): Promise<readonly Node[]> => {
  const found = await database
    .run(
      `SELECT name, type, repetition_type, num_children, converted_type, logical_type FROM parquet_schema(${quoteText(path)})`,
    )
    .catch(() => refuse('Input file is not in Parquet format.'))
  const texts = found.rows.map((row) => row.map((value) => (value === null ? '' : String(value))))
  let next = 1
  const take = (): Node => {
    const [name = '', type = '', repetition = '', count = '', converted = '', logical = ''] = texts[next++] ?? []
    const children = Array.from({ length: Number(count || 0) }, take)
    return { name, type, repetition, converted, logical, children }
  }
  return Array.from({ length: Number(texts[0]?.[3] ?? 0) }, take)
}

/** BigQuery's type of a leaf, by the table of the documentation on Parquet; what is not in it is refused. */
const leafType = ({ name, type, converted, logical }: Node): string => {
  const unsupported = (what: string): never => refuse(`Unsupported field type: ${what} (column ${name})`)
  if (/json/i.test(logical) || converted === 'JSON') return unsupported('JSON')
  if (/uuid/i.test(logical)) return unsupported('UUID')
  if (type === 'BYTE_ARRAY') {
    if (/decimal/i.test(logical) || converted === 'DECIMAL') return 'NUMERIC'
    return /string|enum/i.test(logical) || converted === 'UTF8' || converted === 'ENUM' ? 'STRING' : 'BYTES'
  }
  if (/decimal/i.test(logical) || converted === 'DECIMAL') return 'NUMERIC'
  if (/timestamp/i.test(logical) || converted.startsWith('TIMESTAMP'))
    return /NANOS=Nano/.test(logical) ? unsupported('TIMESTAMP_NANOS') : 'TIMESTAMP'
  if (/time/i.test(logical) || converted.startsWith('TIME_')) return unsupported('TIME')
  if (converted === 'INTERVAL') return unsupported('INTERVAL')
  if (/date/i.test(logical) || converted === 'DATE') return 'DATE'
  if (type === 'INT32' || type === 'INT64') return 'INTEGER'
  if (type === 'DOUBLE' || type === 'FLOAT') return 'FLOAT'
  if (type === 'BOOLEAN') return 'BOOLEAN'
  return unsupported(type)
}

const toField = (node: Node, inferLists: boolean): ParquetField => {
  const { name, type, repetition, converted, logical, children } = node
  const mode = repetition === 'REPEATED' ? 'REPEATED' : repetition === 'REQUIRED' ? 'REQUIRED' : 'NULLABLE'
  if (converted === 'MAP' || /maptype/i.test(logical)) return refuse(`Unsupported field type: MAP (column ${name})`)
  if (children.length === 0) return { name, mode, type: leafType(node), physical: type }
  const inner = children[0]?.children[0]
  if ((converted === 'LIST' || /listtype/i.test(logical)) && inferLists && inner !== undefined)
    return { ...toField(inner, inferLists), name, mode: 'REPEATED' }
  return { name, mode, type: 'RECORD', physical: 'group', fields: children.map((child) => toField(child, inferLists)) }
}

/** The columns of a Parquet file. Without list inference a list is a record of a repeated record, as documented. */
export const parquetFields = async (
  database: Database,
  path: string,
  inferLists: boolean,
): Promise<readonly ParquetField[]> => (await readTree(database, path)).map((node) => toField(node, inferLists))
