import { quoteName } from '../../../src/core/duckdb-types.ts'
import { datasetOf, needOnTable, tableOf } from './allow.ts'
import { rowOf } from './cells.ts'
import { invalid } from './problem.ts'
import { storeName } from './tables.ts'
import { type Handler, ok } from './world.ts'

/** A whole number of a parameter, or the default. */
export const wholeOf = (text: string | null | undefined, otherwise: number): number => {
  if (text === null || text === undefined) return otherwise
  if (!/^\d+$/.test(text)) throw invalid(`Invalid value for a number: ${text}`)
  return Number(text)
}

/** A page token hides where the next page starts. */
export const pageToken = (of: string, start: number): string => Buffer.from(`${of} ${start}`).toString('base64url')

export const startOf = (of: string, token: string | null): number => {
  if (token === null) return 0
  const [name, start] = Buffer.from(token, 'base64url').toString('utf8').split(' ')
  if (name !== of || start === undefined || !/^\d+$/.test(start)) throw invalid('Invalid page token.')
  return Number(start)
}

/** Answers of this many rows at most, whatever was asked. */
export const maxPage = 10_000

/** Rows of a table in the order of arrival, cells in the order of the table, whatever order was asked. Bills nothing. */
export const listRows: Handler = async (call) => {
  const { world, query, params } = call
  datasetOf(call)
  needOnTable(call, 'bigquery.tables.getData', params['dataset'] ?? '', params['table'] ?? '')
  const table = tableOf(call)
  if (table.view !== undefined) throw invalid('Cannot list a table of type VIEW.')
  const selected = query.get('selectedFields')?.split(',')
  const unknown = selected?.find((path) => !table.fields.some(({ name }) => name === path.split('.')[0]))
  if (unknown !== undefined) throw invalid(`Invalid selected field: ${unknown}`)
  const fields = table.fields.filter(
    ({ name }) => selected === undefined || selected.some((path) => path.split('.')[0] === name),
  )
  const token = query.get('pageToken')
  const start = token === null ? wholeOf(query.get('startIndex'), 0) : startOf(table.id, token)
  const limit = Math.min(wholeOf(query.get('maxResults'), maxPage), maxPage)
  const columns = fields.map(({ name }) => quoteName(name)).join(', ') || 'NULL'
  const { rows } = await world.database.run(
    `SELECT ${columns} FROM ${storeName(table)} ORDER BY rowid LIMIT ${limit} OFFSET ${start}`,
  )
  const micros = query.get('formatOptions.useInt64Timestamp') === 'true'
  const next = start + rows.length
  return ok({
    kind: 'bigquery#tableDataList',
    etag: table.etag,
    totalRows: String(table.rows),
    ...(next < table.rows && rows.length > 0 ? { pageToken: pageToken(table.id, next) } : {}),
    ...(rows.length === 0 ? {} : { rows: rows.map((row) => rowOf(row, fields, micros)) }),
  })
}
