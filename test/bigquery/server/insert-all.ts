import { z } from 'zod'
import { quoteText } from '../../../src/core/duckdb-types.ts'
import { datasetOf, needOnTable, tableOf } from './allow.ts'
import { duckdbTypeOf, type Field } from './fields.ts'
import { accessDenied, invalid } from './problem.ts'
import { recount } from './recount.ts'
import { storeName } from './tables.ts'
import { type Handler, ok, type StoredTable } from './world.ts'

const bodySchema = z.object({
  rows: z
    .array(z.object({ insertId: z.string().max(128).optional(), json: z.record(z.string(), z.unknown()) }))
    .min(1)
    .max(50_000),
  skipInvalidRows: z.boolean().default(false),
  ignoreUnknownValues: z.boolean().default(false),
})

const bufferMs = 60_000

const typeOf = (field: Field): unknown => {
  const one =
    field.type === 'RECORD'
      ? Object.fromEntries((field.fields ?? []).map((inner) => [inner.name, typeOf(inner)]))
      : duckdbTypeOf({ ...field, mode: 'NULLABLE' })
  return field.mode === 'REPEATED' ? [one] : one
}

const wrong = (
  table: StoredTable,
  row: Readonly<Record<string, unknown>>,
  ignoreUnknown: boolean,
): string | undefined =>
  ignoreUnknown ? undefined : Object.keys(row).find((name) => !table.fields.some((field) => field.name === name))

/** Streaming inserts: rows are readable at once, and out of numRows while they are in the buffer, a minute here. An insertId is remembered as long. */
export const insertAll: Handler = async (call) => {
  const { world, params } = call
  datasetOf(call)
  needOnTable(call, 'bigquery.tables.updateData', params['dataset'] ?? '', params['table'] ?? '')
  const table = tableOf(call)
  if (!world.billing) throw accessDenied('BigQuery BigQuery: Streaming insert is not allowed in the free tier')
  const body = bodySchema.safeParse(call.body)
  if (!body.success) throw invalid(`Invalid value: ${body.error.issues[0]?.path.join('.') ?? ''}`)
  const { rows, skipInvalidRows, ignoreUnknownValues } = body.data
  const errors = rows.flatMap(({ json }, index) => {
    const location = wrong(table, json, ignoreUnknownValues)
    if (location === undefined) return []
    return [{ index, errors: [{ reason: 'invalid', location, debugInfo: '', message: `no such field: ${location}.` }] }]
  })
  const refused = new Set(errors.map(({ index }) => index))
  const stopped = (index: number) => ({
    index,
    errors: [{ reason: 'stopped', location: '', debugInfo: '', message: '' }],
  })
  const kind = 'bigquery#tableDataInsertAllResponse'
  if (refused.size > 0 && !skipInvalidRows)
    return ok({
      kind,
      insertErrors: rows.map((_row, index) => errors.find((one) => one.index === index) ?? stopped(index)),
    })
  const fresh = rows.filter(({ insertId }, index) => {
    if (refused.has(index)) return false
    if (insertId === undefined) return true
    const seen = (table.insertIds.get(insertId) ?? Number.NEGATIVE_INFINITY) > world.now() - bufferMs
    table.insertIds.set(insertId, world.now())
    return !seen
  })
  if (fresh.length > 0) {
    const shape = JSON.stringify(Object.fromEntries(table.fields.map((field) => [field.name, typeOf(field)])))
    const values = fresh.map(({ json }) => `(${quoteText(JSON.stringify(json))})`).join(', ')
    await world.database
      .run(
        `INSERT INTO ${storeName(table)} SELECT unnest(from_json(j, ${quoteText(shape)})) FROM (VALUES ${values}) AS t(j)`,
      )
      .catch((error: unknown) => {
        throw invalid(error instanceof Error ? error.message : String(error))
      })
    const buffered = table.buffer.until > world.now() ? table.buffer.rows : 0
    table.buffer = { rows: buffered + fresh.length, until: world.now() + bufferMs }
    await recount(world, table)
  }
  return ok(errors.length === 0 ? { kind } : { kind, insertErrors: errors })
}
