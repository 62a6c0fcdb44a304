import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { quoteName, quoteText } from '../../../src/core/duckdb-types.ts'
import { needOnProject, needOnTable } from './allow.ts'
import { locationName } from './datasets.ts'
import { bytesSql, duckdbTypeOf, type Field, fieldSchema } from './fields.ts'
import { acceptJob, checkFree, describeJob } from './job-life.ts'
import { checkLoad } from './load-rules.ts'
import { parquetFields } from './parquet-fields.ts'
import { ApiProblem, invalid, notFound } from './problem.ts'
import { addColumns, createStored, newTable, storeName } from './tables.ts'
import { type Handler, type Job, ok, type StoredTable, touch, type World } from './world.ts'

const loadSchema = z.object({
  destinationTable: z.object({ projectId: z.string().optional(), datasetId: z.string(), tableId: z.string() }),
  sourceFormat: z.string().default('CSV'),
  schema: z.object({ fields: z.array(fieldSchema) }).optional(),
  createDisposition: z.enum(['CREATE_IF_NEEDED', 'CREATE_NEVER']).default('CREATE_IF_NEEDED'),
  writeDisposition: z.enum(['WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_EMPTY']).default('WRITE_APPEND'),
  parquetOptions: z.object({ enableListInference: z.boolean().default(false) }).optional(),
  schemaUpdateOptions: z.array(z.string()).default([]),
  ignoreUnknownValues: z.boolean().default(false),
})

const bodySchema = z.object({
  jobReference: z
    .object({ projectId: z.string().optional(), jobId: z.string().optional(), location: z.string().optional() })
    .optional(),
  configuration: z.record(z.string(), z.unknown()),
})

/** The job's id: the caller's, by its grammar, or a new one. */
export const checkedJobId = (id: string | undefined): string => {
  if (id === undefined) return `job_${randomBytes(16).toString('base64url')}`
  if (!/^[A-Za-z0-9_-]{1,1024}$/.test(id))
    throw invalid(
      `Invalid job ID "${id}". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`,
    )
  return id
}

type LoadConfiguration = z.infer<typeof loadSchema>

/** jobs.insert by upload: accepts a load job. What is wrong with the request is said here, what is wrong with the file by the job. */
export const insertLoad: Handler = (call) => {
  const { world, account, file } = call
  needOnProject(call, 'bigquery.jobs.create')
  const body = bodySchema.safeParse(call.body)
  if (!body.success || file === undefined) throw invalid('Required parameter is missing')
  const { configuration, jobReference } = body.data
  const load = loadSchema.safeParse(configuration['load'])
  if (!load.success)
    throw invalid(`Invalid value for configuration.load: ${load.error.issues[0]?.path.join('.') ?? ''}`)
  const { datasetId, tableId: decorated } = load.data.destinationTable
  const [tableId = '', partition] = decorated.split('$')
  if (load.data.sourceFormat !== 'PARQUET')
    throw invalid(`The stand-in loads PARQUET only, not ${load.data.sourceFormat}.`)
  const id = checkedJobId(jobReference?.jobId)
  const location = locationName(jobReference?.location)
  const dataset = world.datasets.get(datasetId)
  checkFree(world, location, id)
  if (dataset === undefined || dataset.location !== location)
    throw notFound(
      `Dataset ${world.projectId}:${datasetId}${dataset === undefined ? '' : ` was not found in location ${location}`}`,
    )
  for (const permission of ['bigquery.tables.updateData', 'bigquery.tables.update'])
    needOnTable(call, permission, datasetId, tableId)
  if (load.data.createDisposition === 'CREATE_IF_NEEDED' && !dataset.tables.has(tableId))
    needOnTable(call, 'bigquery.tables.create', datasetId, tableId)
  if (!world.quotas.takeLoadJob())
    throw new ApiProblem(403, 'quotaExceeded', 'Quota exceeded: Your project exceeded quota for imports per project')
  const target = `${datasetId}.${tableId}`
  const facts = { id, location, type: 'LOAD', account, configuration, target, dryRun: false } as const
  const job = acceptJob(world, facts, call.fault, (accepted) =>
    runLoad(world, accepted, load.data, { tableId, partition, file }),
  )
  return ok(describeJob(world, job, job.state === 'PENDING' ? 'PENDING' : 'RUNNING'))
}

interface LoadInput {
  readonly tableId: string
  readonly partition: string | undefined
  readonly file: Buffer
}

const runLoad = async (world: World, job: Job, load: LoadConfiguration, input: LoadInput): Promise<void> => {
  const path = join(world.database.folder, `${randomBytes(8).toString('hex')}.parquet`)
  writeFileSync(path, input.file)
  try {
    await loadFile(world, job, load, input, path)
  } finally {
    rmSync(path, { force: true })
  }
}

const loadFile = async (world: World, job: Job, load: LoadConfiguration, input: LoadInput, path: string) => {
  const { datasetId } = load.destinationTable
  const file = await parquetFields(world.database, path, load.parquetOptions?.enableListInference ?? false)
  const given = load.schema?.fields
  const name = `${world.projectId}:${datasetId}.${input.tableId}`
  const found = world.datasets.get(datasetId)?.tables.get(input.tableId)
  if (found === undefined && load.createDisposition === 'CREATE_NEVER') throw notFound(`Table ${name}`)
  if (found?.view !== undefined) throw invalid(`Cannot load into ${name}: it is a view.`)
  const table = found ?? newTable(world, datasetId, input.tableId, given ?? file)
  const added = checkLoad({
    table: name,
    tableFields: table.fields,
    given,
    file,
    addFields: load.schemaUpdateOptions.includes('ALLOW_FIELD_ADDITION'),
    ignoreUnknown: load.ignoreUnknownValues,
  })
  if (load.writeDisposition === 'WRITE_EMPTY' && table.rows > 0)
    throw new ApiProblem(409, 'duplicate', `Already Exists: Table ${name}`)
  const partitions = await readPartitions(world, table, file, path)
  if (input.partition !== undefined && partitions.some((one) => one !== input.partition))
    throw invalid(`Some rows belong to different partitions rather than destination partition ${input.partition}`)
  const over = world.quotas.takeChange(name, table.partitioned, Math.max(1, partitions.length))
  if (over === 'rate')
    throw new ApiProblem(
      403,
      'jobRateLimitExceeded',
      'Exceeded rate limits: too many table update operations for this table',
    )
  if (over === 'day')
    throw new ApiProblem(
      403,
      'quotaExceeded',
      table.partitioned
        ? 'Quota exceeded: Your table exceeded quota for partition modifications'
        : 'Quota exceeded: Your table exceeded quota for imports or query appends per table',
    )
  job.stop.signal.throwIfAborted()
  if (found === undefined) await createStored(world, table)
  await addColumns(world, table, added)
  if (added.length > 0) table.fields = [...table.fields, ...added]
  await appendFile(world, job, table, load, input.file.length, path)
}

/** Days that the rows of a file belong to, as `YYYYMMDD`; every row of a table without a partition column belongs to today. */
const readPartitions = async (world: World, table: StoredTable, file: readonly Field[], path: string) => {
  const column = table.partitionField
  if (column === undefined || !file.some((field) => field.name.toLowerCase() === column.toLowerCase())) return []
  const { rows } = await world.database.run(
    `SELECT DISTINCT coalesce(strftime(${quoteName(column)}, '%Y%m%d'), '__NULL__') FROM read_parquet(${quoteText(path)}, hive_partitioning = false)`,
  )
  return rows.map(([day]) => String(day))
}

/** Appends the rows in one transaction, then moves the table's figures. */
const appendFile = async (
  world: World,
  job: Job,
  table: StoredTable,
  load: LoadConfiguration,
  fileBytes: number,
  path: string,
): Promise<void> => {
  const source = `read_parquet(${quoteText(path)}, hive_partitioning = false)`
  const there = await world.database.run(`DESCRIBE SELECT * FROM ${source}`)
  const names = new Set(there.rows.map(([name]) => String(name).toLowerCase()))
  const fields = table.fields.filter(({ name }) => names.has(name.toLowerCase()))
  const required = (load.schema?.fields ?? []).filter(({ mode }) => mode === 'REQUIRED')
  const figures = await world.database.run(
    `SELECT ${['count(*)', ...fields.map(bytesSql), ...required.map(({ name }) => `count(${quoteName(name)})`)].join(', ')} FROM ${source}`,
  )
  const [rows = 0, ...rest] = (figures.rows[0] ?? []).map(Number)
  const empty = required.find((_field, index) => (rest[fields.length + index] ?? 0) < rows)
  if (empty !== undefined)
    throw invalid(`Error while reading data, error message: Required field ${empty.name} is NULL.`)
  const columns = fields.map(({ name }) => quoteName(name)).join(', ')
  const values = fields.map((field) => `CAST(${quoteName(field.name)} AS ${duckdbTypeOf(field)})`).join(', ')
  const truncate = load.writeDisposition === 'WRITE_TRUNCATE'
  const insert =
    fields.length === 0 ? [] : [`INSERT INTO ${storeName(table)} (${columns}) SELECT ${values} FROM ${source}`]
  job.stop.signal.throwIfAborted()
  await world.database.runAll([...(truncate ? [`DELETE FROM ${storeName(table)}`] : []), ...insert])
  const before = truncate ? { rows: 0, bytes: {} as Readonly<Record<string, number>> } : table
  const added = Object.fromEntries(fields.map(({ name }, index) => [name, rest[index] ?? 0]))
  const total = new Map(Object.entries(before.bytes))
  for (const [name, bytes] of Object.entries(added)) total.set(name, (total.get(name) ?? 0) + bytes)
  table.rows = before.rows + rows
  table.bytes = Object.fromEntries(total)
  touch(table, world)
  job.rowsLoaded = rows
  job.statistics = {
    totalSlotMs: '12',
    load: {
      inputFiles: '1',
      inputFileBytes: String(fileBytes),
      outputRows: String(rows),
      outputBytes: String(Object.values(added).reduce((all, one) => all + one, 0)),
      badRecords: '0',
    },
  }
}
