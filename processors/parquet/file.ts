import { type ColumnPages, type LeafData, pagesOf } from './column.ts'
import type { PackedPage } from './pages.ts'
import { createPool } from './pool.ts'
import { type Field, type LeafColumn, leavesOf, physicalTypes, schemaElements } from './schema.ts'
import { createSink } from './sink.ts'
import { encodeStruct, type Thrift } from './thrift.ts'

// Numbers of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const encodings = { plain: 0, rle: 3, dictionary: 8 } as const
const codecs = { none: 0, zstd: 6 } as const

export interface ParquetTable {
  readonly fields: readonly Field[]
  readonly rows: number
  /** One for each leaf of the fields, in their order: what it holds, or its pages. */
  readonly columns: readonly (LeafData | ColumnPages)[]
}

/** Rows of a file: what its footer says of them, wherever they come to stand. Holds none of their pages. */
export interface RowGroup {
  readonly rows: number
  /** Of its bytes, which stand behind the first four of a file. */
  readonly size: number
  readonly chunks: readonly Chunk[]
}

interface Encoded {
  readonly parts: readonly Uint8Array[]
  readonly group: RowGroup
}

/** A Parquet file of one row group, or of none where there are no rows: version 1 data pages, PLAIN and RLE_DICTIONARY, zstd. Its parts, in their order. */
export const encodeParquet = async ({ fields, rows, columns }: ParquetTable): Promise<Encoded> => {
  const leaves = fields.flatMap(leavesOf)
  const tools = { pool: createPool(), sink: createSink() }
  // all pages are made in this tick; zlib works on them in threads of its own
  const made = leaves.map((leaf, i) => {
    const column = columns[i]
    if (column === undefined) throw new Error(`no values for ${leaf.path.join('.')}`)
    return 'pages' in column ? column : pagesOf(leaf, column, tools)
  })
  const packed = await Promise.all(made.map(packedColumn))
  const parts: Uint8Array[] = [magic]
  const chunks: Chunk[] = []
  let size = 0
  for (const [i, column] of packed.entries()) {
    const made = chunkOf(leaves[i], column, size, rows >= manyRows)
    parts.push(...made.parts)
    size += made.chunk.size
    chunks.push(made.chunk)
  }
  const group = { rows, size, chunks }
  return rows === 0
    ? { parts: [magic, ...encodeFooter(fields, [])], group }
    : { parts: [...parts, ...encodeFooter(fields, [group])], group }
}

/** The end of a file in which these row groups stand one behind another. */
export const encodeFooter = (fields: readonly Field[], groups: readonly RowGroup[]): readonly Uint8Array[] => {
  const list: Thrift[] = []
  let place = magic.length
  let rows = 0
  for (const group of groups) {
    list.push(groupThrift(group, place))
    place += group.size
    rows += group.rows
  }
  const footer = encodeStruct({
    1: { i32: 1 },
    2: { list: schemaElements(fields) },
    3: { i64: rows },
    4: { list },
    6: { binary: 'bbq' },
    // by type, which makes the ranges of texts mean something
    7: { list: fields.flatMap(leavesOf).map(() => ({ struct: { 1: { struct: {} } } })) },
  })
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(footer.length)
  tail.write('PAR1', 4)
  return [footer, tail]
}

const groupThrift = ({ rows, size, chunks }: RowGroup, place: number): Thrift => ({
  struct: {
    1: { list: chunks.map((chunk) => chunkThrift(chunk, place)) },
    2: { i64: chunks.reduce((sum, { plainSize }) => sum + plainSize, 0) },
    3: { i64: rows },
    6: { i64: size },
  },
})

interface PackedColumn extends ColumnPages {
  readonly bodies: readonly Uint8Array[]
}

const packedColumn = async (column: ColumnPages): Promise<PackedColumn> => ({
  ...column,
  bodies: await Promise.all(column.pages.map(({ body }) => body)),
})

export const magic = Buffer.from('PAR1')

/** Of fewer rows, ranges of texts would be a fifth of the file, and the rows are read as soon as the ranges. */
const manyRows = 1_000

/** A column of a row group; places count from where the group begins. */
interface Chunk {
  readonly leaf: LeafColumn
  readonly start: number
  /** Where its first data page is. */
  readonly data: number
  readonly size: number
  /** Before compression, headers counted. */
  readonly plainSize: number
  readonly entries: number
  readonly coded: boolean
  readonly isPacked: boolean
  readonly statistics: Thrift
}

const chunkOf = (
  leaf: LeafColumn | undefined,
  column: PackedColumn,
  start: number,
  rangesOfTexts: boolean,
): { readonly chunk: Chunk; readonly parts: readonly Uint8Array[] } => {
  if (leaf === undefined) throw new Error('a column without a field')
  const { pages, isPacked, bodies, entries } = column
  const coded = pages.some(({ kind }) => kind === 'dictionary')
  const parts: Uint8Array[] = []
  let size = 0
  let plainSize = 0
  let data: number | undefined
  for (const [i, page] of pages.entries()) {
    const body = bodies[i] ?? new Uint8Array(0)
    const head = headOf(page, body.length)
    if (page.kind === 'data') data ??= start + size
    parts.push(head, body)
    size += head.length + body.length
    plainSize += head.length + page.plainSize
  }
  const statistics = { struct: statisticsOf(column, rangesOfTexts || leaf.type !== 'string') }
  return { parts, chunk: { leaf, start, data: data ?? start, size, plainSize, entries, coded, isPacked, statistics } }
}

const chunkThrift = (chunk: Chunk, place: number): Thrift => {
  const { leaf, coded, isPacked, entries, plainSize, size, statistics } = chunk
  const start = { i64: place + chunk.start }
  const meta: Thrift = {
    struct: {
      1: { i32: physicalTypes[leaf.type] },
      2: { list: [encodings.plain, encodings.rle, ...(coded ? [encodings.dictionary] : [])].map((i32) => ({ i32 })) },
      3: { list: leaf.path.map((binary) => ({ binary })) },
      4: { i32: isPacked ? codecs.zstd : codecs.none },
      5: { i64: entries },
      6: { i64: plainSize },
      7: { i64: size },
      9: { i64: place + chunk.data },
      11: coded ? start : undefined,
      12: statistics,
    },
  }
  return { struct: { 2: start, 3: meta } }
}

const headOf = ({ kind, values, coded, plainSize }: PackedPage, size: number): Uint8Array => {
  const sizes = { 2: { i32: plainSize }, 3: { i32: size } }
  if (kind === 'dictionary')
    return encodeStruct({ 1: { i32: 2 }, ...sizes, 7: { struct: { 1: { i32: values }, 2: { i32: encodings.plain } } } })
  const levels = { 3: { i32: encodings.rle }, 4: { i32: encodings.rle } }
  const encoding = { i32: coded ? encodings.dictionary : encodings.plain }
  return encodeStruct({ 1: { i32: 0 }, ...sizes, 5: { struct: { 1: { i32: values }, 2: encoding, ...levels } } })
}

const statisticsOf = (
  { nulls, range }: ColumnPages,
  withRange: boolean,
): Readonly<Record<number, Thrift | undefined>> => ({
  3: { i64: nulls },
  5: withRange && range ? { binary: Uint8Array.from(range.largest) } : undefined,
  6: withRange && range ? { binary: Uint8Array.from(range.smallest) } : undefined,
})
