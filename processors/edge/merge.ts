import type { Readable } from 'node:stream'
import { type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import { quoteName } from '../../src/core/duckdb-types.ts'
import { mergeLineSchema } from '../../src/core/edge.ts'
import { jsonOf } from '../../src/core/json.ts'
import { linesOf } from '../../src/core/lines.ts'
import type { PlainColumn, PlainValue } from '../../src/core/plain-value.ts'

/** DuckDB's vector size: a data chunk holds no more. */
const vectorRows = 2048

const textOf = (value: PlainValue): string | null =>
  value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** A column that came as text in its own type again; what has no way back stays text. */
const typed = ({ name, type }: PlainColumn): string => {
  const column = quoteName(name)
  const blobs = type.includes('BLOB') && type.lastIndexOf('[') > type.indexOf('BLOB')
  if (blobs || /^(?:ENUM|UNION|MAP|BIT)\b|\b(?:MAP|UNION|ENUM|BLOB)\(/.test(type)) return column
  if (type === 'BLOB') return `from_base64(${column}) AS ${column}`
  const nested = /[[(]/.test(type) && !type.startsWith('DECIMAL')
  return `CAST(${nested ? `CAST(${column} AS JSON)` : column} AS ${type}) AS ${column}`
}

const fill = (connection: DuckDBConnection) => {
  let columns: readonly PlainColumn[] = []
  let waiting: (readonly PlainValue[])[] = []
  let appender: Awaited<ReturnType<DuckDBConnection['createAppender']>> | undefined
  const flush = (): void => {
    if (waiting.length === 0 || appender === undefined) return
    const chunk = DuckDBDataChunk.create(
      columns.map(() => VARCHAR),
      waiting.length,
    )
    for (const [index] of columns.entries())
      chunk.setColumnValues(
        index,
        waiting.map((row) => textOf(row[index] ?? null)),
      )
    appender.appendDataChunk(chunk)
    waiting = []
  }
  return {
    begin: async (given: readonly PlainColumn[]) => {
      columns = given
      await connection.run(
        `CREATE TABLE answers (${columns.map(({ name }) => `${quoteName(name)} VARCHAR`).join(', ')})`,
      )
      appender = await connection.createAppender('answers')
    },
    add: (row: readonly PlainValue[]) => {
      waiting.push(row)
      if (waiting.length === vectorRows) flush()
    },
    end: async () => {
      flush()
      appender?.closeSync()
      await connection.run(
        `CREATE TABLE edge AS SELECT ${columns.map(typed).join(', ')} FROM answers; DROP TABLE answers`,
      )
    },
  }
}

/** Makes the relation `edge` of the answers that come as lines. */
export const readAnswers = async (connection: DuckDBConnection, input: Readable): Promise<void> => {
  const answers = fill(connection)
  for await (const line of linesOf(input)) {
    const said = mergeLineSchema.parse(jsonOf(line))
    if (said.type === 'columns') await answers.begin(said.columns)
    else answers.add(said.values)
  }
  await answers.end()
}
