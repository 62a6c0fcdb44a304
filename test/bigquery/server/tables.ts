import { z } from 'zod'
import { quoteName } from '../../../src/core/duckdb-types.ts'
import { checkEtag, datasetOf, needOnDataset, needOnTable, tableOf } from './allow.ts'
import { duckdbTypeOf, type Field, fieldSchema } from './fields.ts'
import { mergeLabels } from './labels.ts'
import { duplicate, invalid, notFound } from './problem.ts'
import { schemaChange } from './schema-change.ts'
import { defineView, redefineViews, viewFields } from './views.ts'
import { type Call, type Handler, ok, type StoredTable, touch, type World } from './world.ts'

const viewSchema = z.object({ query: z.string(), useLegacySql: z.boolean().default(true) })

const bodySchema = z.object({
  tableReference: z.object({ tableId: z.string() }),
  schema: z.object({ fields: z.array(fieldSchema) }).optional(),
  timePartitioning: z
    .object({ type: z.enum(['DAY', 'HOUR', 'MONTH', 'YEAR']), field: z.string().optional() })
    .optional(),
  clustering: z.object({ fields: z.array(z.string()) }).optional(),
  requirePartitionFilter: z.boolean().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
  view: viewSchema.optional(),
})

/** Name of the store's table. */
export const storeName = (table: Pick<StoredTable, 'datasetId' | 'id'>): string =>
  `${quoteName(table.datasetId)}.${quoteName(table.id)}`

const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0)

const bytesOf = (table: StoredTable): number => sum(Object.values(table.bytes))

const describe = async (world: World, table: StoredTable, view: string | null): Promise<object> => {
  const dataset = world.datasets.get(table.datasetId)
  const buffered = table.buffer.until > world.now() ? table.buffer.rows : 0
  const stored = table.rows - buffered
  const share = table.rows === 0 ? 0 : stored / table.rows
  const statistics =
    view === 'BASIC' || table.view !== undefined
      ? {}
      : {
          numRows: String(stored),
          numBytes: String(Math.round(bytesOf(table) * share)),
          numLongTermBytes: '0',
          ...(buffered === 0
            ? {}
            : {
                streamingBuffer: {
                  estimatedRows: String(buffered),
                  estimatedBytes: String(Math.round(bytesOf(table) * (1 - share))),
                  oldestEntryTime: String(table.modified),
                },
              }),
        }
  return {
    kind: 'bigquery#table',
    etag: table.etag,
    id: `${world.projectId}:${table.datasetId}.${table.id}`,
    tableReference: { projectId: world.projectId, datasetId: table.datasetId, tableId: table.id },
    type: table.view === undefined ? 'TABLE' : 'VIEW',
    location: dataset?.location,
    creationTime: String(table.created),
    lastModifiedTime: String(table.modified),
    schema: { fields: table.view === undefined ? table.fields : await viewFields(world, table) },
    ...statistics,
    ...(table.partitioned
      ? {
          timePartitioning: {
            type: 'DAY',
            ...(table.partitionField === undefined ? {} : { field: table.partitionField }),
          },
        }
      : {}),
    ...(table.requirePartitionFilter ? { requirePartitionFilter: true } : {}),
    ...(table.clustering === undefined ? {} : { clustering: { fields: table.clustering } }),
    ...(Object.keys(table.labels).length === 0 ? {} : { labels: table.labels }),
    ...(table.description === undefined ? {} : { description: table.description }),
    ...(table.view === undefined ? {} : { view: { query: table.view, useLegacySql: false } }),
    ...(world.billing ? {} : { expirationTime: String(table.created + 60 * 86_400_000) }),
  }
}

export const getTable: Handler = async (call) => {
  datasetOf(call)
  needOnTable(call, 'bigquery.tables.get', call.params['dataset'] ?? '', call.params['table'] ?? '')
  return ok(await describe(call.world, tableOf(call), call.query.get('view')))
}

export const listTables: Handler = (call) => {
  const dataset = datasetOf(call)
  needOnDataset(call, 'bigquery.tables.list', dataset.id)
  return ok({
    kind: 'bigquery#tableList',
    totalItems: dataset.tables.size,
    tables: [...dataset.tables.values()].map((table) => ({
      kind: 'bigquery#table',
      id: `${call.world.projectId}:${dataset.id}.${table.id}`,
      tableReference: { projectId: call.world.projectId, datasetId: dataset.id, tableId: table.id },
      type: table.view === undefined ? 'TABLE' : 'VIEW',
      labels: table.labels,
    })),
  })
}

const checkColumns = (fields: readonly Field[], partitionField?: string, clustering: readonly string[] = []): void => {
  const names = fields.map(({ name }) => name.toLowerCase())
  if (new Set(names).size !== names.length) throw invalid('Duplicate field name.')
  const reserved = names.find((name) => /^_(table_|file_|partition|row_timestamp|change_)/.test(name))
  if (reserved !== undefined) throw invalid(`Invalid field name "${reserved}".`)
  const partition = fields.find(({ name }) => name === partitionField)
  if (partitionField !== undefined && !['TIMESTAMP', 'DATE', 'DATETIME'].includes(partition?.type ?? ''))
    throw invalid(
      `The field specified for partitioning, ${partitionField}, is no TIMESTAMP, DATE or DATETIME of the schema.`,
    )
  for (const name of clustering) {
    const field = fields.find((one) => one.name === name)
    if (field === undefined || field.mode === 'REPEATED' || ['RECORD', 'FLOAT', 'BYTES'].includes(field.type))
      throw invalid(`The field specified for clustering, ${name}, cannot be clustered on.`)
  }
}

export const createStored = async (world: World, table: StoredTable): Promise<void> => {
  const dataset = world.datasets.get(table.datasetId)
  if (dataset === undefined) throw notFound(`Dataset ${world.projectId}:${table.datasetId}`)
  dataset.tables.set(table.id, table)
  if (table.view !== undefined) {
    try {
      await defineView(world, table)
    } catch (error) {
      dataset.tables.delete(table.id)
      throw error
    }
    return
  }
  // BigQuery has tables without columns, DuckDB has none.
  const columns = table.fields.map((field) => `${quoteName(field.name)} ${duckdbTypeOf(field)}`)
  await world.database.run(`CREATE TABLE ${storeName(table)} (${columns.join(', ') || '"" BOOLEAN'})`)
}

export const newTable = (world: World, datasetId: string, id: string, fields: readonly Field[]): StoredTable => ({
  datasetId,
  id,
  created: world.now(),
  modified: world.now(),
  etag: world.newEtag(),
  fields,
  labels: {},
  description: undefined,
  partitionField: undefined,
  partitioned: false,
  requirePartitionFilter: false,
  clustering: undefined,
  view: undefined,
  rows: 0,
  bytes: {},
  buffer: { rows: 0, until: 0 },
  insertIds: new Map(),
  bindings: [],
})

export const insertTable: Handler = async (call) => {
  const { world } = call
  const dataset = datasetOf(call)
  needOnDataset(call, 'bigquery.tables.create', dataset.id)
  const body = bodySchema.safeParse(call.body)
  if (!body.success) throw invalid(`Invalid value for field ${body.error.issues[0]?.path.join('.') ?? ''}`)
  const { tableReference, schema, timePartitioning, clustering, labels = {}, view } = body.data
  const id = tableReference.tableId
  if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u.test(id)) throw invalid(`Invalid table ID "${id}".`)
  if (dataset.tables.has(id)) throw duplicate(`Table ${world.projectId}:${dataset.id}.${id}`)
  if (view?.useLegacySql === true) throw invalid('The stand-in has no legacy SQL: send useLegacySql false.')
  const fields = schema?.fields ?? []
  if (view === undefined) checkColumns(fields, timePartitioning?.field, clustering?.fields)
  const table: StoredTable = {
    ...newTable(world, dataset.id, id, fields),
    labels: mergeLabels({}, labels),
    description: body.data.description,
    partitionField: timePartitioning?.field,
    partitioned: timePartitioning !== undefined,
    requirePartitionFilter: body.data.requirePartitionFilter ?? false,
    clustering: clustering?.fields,
    view: view?.query,
  }
  await createStored(world, table)
  return ok(await describe(world, table, null))
}

const patchSchema = z.object({
  schema: z.object({ fields: z.array(fieldSchema) }).optional(),
  labels: z.record(z.string(), z.string().nullable()).optional(),
  description: z.string().optional(),
  timePartitioning: z.object({ type: z.string(), field: z.string().optional() }).optional(),
  clustering: z
    .object({ fields: z.array(z.string()) })
    .nullable()
    .optional(),
  view: viewSchema.optional(),
})

export const patchTable: Handler = async (call) => {
  const { world } = call
  const table = tableOf(call)
  needOnTable(call, 'bigquery.tables.update', table.datasetId, table.id)
  checkEtag(call, table.etag)
  const body = patchSchema.safeParse(call.body)
  if (!body.success) throw invalid(`Invalid value for field ${body.error.issues[0]?.path.join('.') ?? ''}`)
  const { schema, labels, description, timePartitioning, clustering, view } = body.data
  if (timePartitioning !== undefined && (!table.partitioned || timePartitioning.field !== table.partitionField))
    throw invalid('Cannot convert non partitioned/clustered table to partitioned/clustered table.')
  const merged = labels === undefined ? table.labels : mergeLabels(table.labels, labels)
  if (clustering) checkColumns(table.fields, undefined, clustering.fields)
  if (schema !== undefined && table.view === undefined) await changeSchema(call, table, schema.fields)
  if (view !== undefined && table.view !== undefined) {
    const before = table.view
    table.view = view.query
    await defineView(world, table).catch((error: unknown) => {
      table.view = before
      throw error
    })
  }
  table.labels = merged
  if (description !== undefined) table.description = description
  if (clustering !== undefined) table.clustering = clustering?.fields
  touch(table, world)
  return ok(await describe(world, table, null))
}

const changeSchema = async ({ world }: Call, table: StoredTable, fields: readonly Field[]): Promise<void> => {
  await addColumns(
    world,
    table,
    schemaChange(`${world.projectId}:${table.datasetId}.${table.id}`, table.fields, fields),
  )
  table.fields = fields
}

/** Widens the store's table by columns that are new. */
export const addColumns = async (world: World, table: StoredTable, added: readonly Field[]): Promise<void> => {
  if (added.length === 0) return
  await world.database.runAll(
    added.map((field) => `ALTER TABLE ${storeName(table)} ADD COLUMN ${quoteName(field.name)} ${duckdbTypeOf(field)}`),
  )
  await redefineViews(world)
}

export const deleteTable: Handler = async (call) => {
  const table = tableOf(call)
  needOnTable(call, 'bigquery.tables.delete', table.datasetId, table.id)
  await dropStored(call.world, table)
  return { status: 204 }
}

export const dropStored = async (world: World, table: StoredTable): Promise<void> => {
  world.datasets.get(table.datasetId)?.tables.delete(table.id)
  await world.database.run(`DROP ${table.view === undefined ? 'TABLE' : 'VIEW'} ${storeName(table)}`)
}
