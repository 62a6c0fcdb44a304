import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Column, findTable, type TableName } from '../../src/core/tables.ts'
import { type EventColumns, eventSources } from '../columns/event-columns.ts'
import { constantLeaf } from '../columns/leaves.ts'
import { type LineColumns, lineSources } from '../columns/line-columns.ts'
import type { ColumnPages, LeafData } from '../parquet/column.ts'
import { encodeFooter, encodeParquet, magic, type RowGroup } from '../parquet/file.ts'
import type { Field, LeafType } from '../parquet/schema.ts'
import type { RowOrigin } from './common-columns.ts'

/** What a column holds: of a list of records a leaf for each of their fields. */
type ColumnLeaves = LeafData | ColumnPages | readonly LeafData[]

export interface TableRows {
  readonly rows: number
  readonly columns: Readonly<Record<string, ColumnLeaves>>
}

const leafTypes: Readonly<Record<Exclude<Column['type'], 'RECORD'>, LeafType>> = {
  STRING: 'string',
  TIMESTAMP: 'timestamp',
  INT64: 'int64',
  FLOAT64: 'double',
}

interface WrittenFile {
  readonly bytes: number
  readonly group: RowGroup
}

/** A file that another one is to be joined from. */
interface PartFile {
  readonly path: string
  readonly group: RowGroup
}

/** Writes rows of a table to one Parquet file; its pages are made in this tick. */
export const writeTableFile = async (
  table: TableName,
  { rows, columns }: TableRows,
  { version, origin, path }: { readonly version: string; readonly origin: RowOrigin; readonly path: string },
): Promise<WrittenFile> => {
  const common = commonLeaves(origin, version, rows)
  const of = findTable(table).columns as readonly Column[]
  const leaves = of.flatMap(({ name }): ColumnLeaves => {
    const leaf = common[name] ?? columns[name]
    if (leaf === undefined) throw new Error(`a row of ${table} has no ${name}`)
    return leaf
  })
  const { parts, group } = await encodeParquet({ fields: of.map(fieldOf), rows, columns: leaves })
  return { bytes: await writeParts(path, parts), group }
}

/** Copies the row groups of files of a table one behind another into a file. Resolves to its size in bytes. */
export const joinTableFiles = async (table: TableName, files: readonly PartFile[], path: string): Promise<number> => {
  const fields = (findTable(table).columns as readonly Column[]).map(fieldOf)
  const footer = encodeFooter(
    fields,
    files.map(({ group }) => group),
  )
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(magic)
    for (const { path: from, group } of files) {
      const range = { start: magic.length, end: magic.length + group.size - 1 }
      await file.writeFile(createReadStream(from, range))
    }
    await file.writeFile(Buffer.concat(footer))
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

const fieldOf = ({ name, type, mode, fields = [] }: Column): Field => {
  if (type === 'RECORD') return { name, list: fields.map((field) => ({ name: field.name, type: leafOf(field) })) }
  return mode === 'REPEATED' ? { name, list: leafTypes[type] } : { name, type: leafTypes[type] }
}

const leafOf = ({ type }: Column): LeafType => (type === 'RECORD' ? 'string' : leafTypes[type])

/** Writes a relation as a stage's SQL reads it. */
export const writeRelation = async ({ rows, columns }: EventColumns | LineColumns, path: string): Promise<number> => {
  const fields = Object.keys(columns).map((name): Field => ({ name, type: relationTypes[name] ?? 'string' }))
  const { parts } = await encodeParquet({ fields, rows, columns: Object.values(columns) })
  return writeParts(path, parts)
}

const relationTypes: Readonly<Record<string, LeafType>> = { ...eventSources, ...lineSources }

const writeParts = async (path: string, parts: readonly Uint8Array[]): Promise<number> => {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writev(parts)
  } finally {
    await file.close()
  }
  return parts.reduce((sum, { length }) => sum + length, 0)
}

/** What every row of a chunk shares; a table takes what it has. */
const commonLeaves = (
  { project, node, chunkId, syncTimeUs }: RowOrigin,
  version: string,
  rows: number,
): Readonly<Record<string, LeafData>> => {
  const same = (value: string | bigint | null): LeafData => constantLeaf(value, rows)
  return {
    project_id: same(project),
    region: same(node.region),
    nodeName: same(node.id),
    hostname: same(node.hostname),
    provider: same(node.provider),
    chunk_id: same(chunkId),
    sync_time: same(syncTimeUs),
    upload_time: same(syncTimeUs),
    public_ip: same(node.public_ip),
    private_ip: same(node.private_ip),
    version: same(version),
  }
}
