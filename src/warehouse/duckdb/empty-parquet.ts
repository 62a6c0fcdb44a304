import { encodeParquet } from '../../../processors/parquet/file.ts'
import { flatLevels } from '../../../processors/parquet/lists.ts'
import { type Field, type LeafType, leavesOf } from '../../../processors/parquet/schema.ts'
import { doublesOf, textsOf, wholeOf } from '../../../processors/parquet/values.ts'
import type { Column, Table } from '../../core/tables.ts'

const leafTypes = { STRING: 'string', TIMESTAMP: 'timestamp', INT64: 'int64', FLOAT64: 'double' } as const

const leafOf = ({ name, type }: Column): { readonly name: string; readonly type: LeafType } => {
  if (type === 'RECORD') throw new Error(`${name} is a record that is not a list`)
  return { name, type: leafTypes[type] }
}

const fieldOf = (column: Column): Field => {
  const { name, type, mode, fields = [] } = column
  if (mode !== 'REPEATED') return leafOf(column)
  return { name, list: type === 'RECORD' ? fields.map(leafOf) : leafTypes[type] }
}

const nothing = (type: LeafType) => (type === 'string' ? textsOf([]) : type === 'double' ? doublesOf([]) : wholeOf([]))

/** A file with the columns of a table and no row; of one table always the same bytes. */
export const emptyParquet = async ({ columns: given }: Table): Promise<Buffer> => {
  const fields = given.map(fieldOf)
  const columns = fields.flatMap(leavesOf).map(({ type, repetition }) => ({
    values: nothing(type),
    levels: repetition > 0 ? { ...flatLevels(0), repetition: new Int32Array(0) } : flatLevels(0),
  }))
  return Buffer.concat((await encodeParquet({ fields, rows: 0, columns })).parts)
}
