import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { needOnProject } from './allow.ts'
import type { Analysis } from './analyse.ts'
import { rowOf } from './cells.ts'
import { locationName } from './datasets.ts'
import { acceptJob, describeJob, jobKey } from './job-life.ts'
import { jobOf } from './jobs.ts'
import { checkedJobId } from './load.ts'
import { ApiProblem, invalid, problemOfJob } from './problem.ts'
import {
  bytesBilled,
  checkCap,
  checkQuery,
  describeQuery,
  type QueryRequest,
  runQuery,
  storedTables,
} from './run-query.ts'
import { literalsOf, parametersSchema } from './sql/parameters.ts'
import { maxPage, pageToken, startOf, wholeOf } from './tabledata.ts'
import { type Answer, type Call, type Handler, type Job, ok, type World } from './world.ts'

const figure = z.union([z.string().regex(/^\d+$/).transform(Number), z.number()])

const querySchema = z.object({
  query: z.string(),
  useLegacySql: z.boolean().default(true),
  maximumBytesBilled: figure.optional(),
  defaultDataset: z.object({ datasetId: z.string() }).optional(),
  queryParameters: parametersSchema.optional(),
})

const insertSchema = z.object({
  jobReference: z.object({ jobId: z.string().optional(), location: z.string().optional() }).optional(),
  configuration: z.object({ query: querySchema, dryRun: z.boolean().default(false) }),
})

const requestSchema = querySchema.extend({
  location: z.string().optional(),
  dryRun: z.boolean().default(false),
  timeoutMs: figure.default(10_000),
  maxResults: figure.optional(),
  requestId: z.string().optional(),
  formatOptions: z.object({ useInt64Timestamp: z.boolean().optional() }).optional(),
})

const readQuery = (query: z.infer<typeof querySchema>, location: string | undefined): QueryRequest => {
  if (query.useLegacySql) throw invalid('The stand-in has no legacy SQL: send useLegacySql false.')
  if (query.maximumBytesBilled !== undefined && query.maximumBytesBilled < 1)
    throw invalid('Invalid value for maximumBytesBilled')
  return {
    sql: query.query,
    location: location === undefined ? undefined : locationName(location),
    defaultDataset: query.defaultDataset?.datasetId,
    maximumBytesBilled: query.maximumBytesBilled,
    parameters: literalsOf(query.queryParameters ?? []),
  }
}

const parse = <Value>(schema: z.ZodType<Value>, body: unknown): Value => {
  const read = schema.safeParse(body)
  if (!read.success) throw invalid(`Invalid value: ${read.error.issues[0]?.path.join('.') ?? ''}`)
  return read.data
}

/** Where a query runs: as told, or where its tables are. */
const placeOf = (call: Call, query: QueryRequest, found: Analysis | undefined): string =>
  query.location ?? call.world.datasets.get(found?.tables[0]?.datasetId ?? '')?.location ?? 'US'

const figures = ({ projectId }: World, found: Analysis) => ({
  totalBytesProcessed: String(found.bytes),
  query: {
    totalBytesProcessed: String(found.bytes),
    totalBytesBilled: String(bytesBilled(found)),
    cacheHit: false,
    statementType: found.type,
    referencedTables: storedTables(found).map(({ datasetId, id }) => ({ projectId, datasetId, tableId: id })),
  },
})

const startJob = (
  call: Call,
  query: QueryRequest,
  configuration: Job['configuration'],
  id: string,
  location: string,
): Job => {
  const { world, account } = call
  const facts = { id, location, type: 'QUERY', account, configuration, target: undefined, dryRun: false } as const
  return acceptJob(world, facts, call.fault, async (job) => {
    const found = checkQuery(world, account, query)
    checkCap(found, query.maximumBytesBilled)
    job.statistics = figures(world, found)
    await runQuery(world, job, query, found)
  })
}

/** jobs.insert of a query: the job is accepted, and its error is the job's. */
export const insertQuery: Handler = (call) => {
  needOnProject(call, 'bigquery.jobs.create')
  const { jobReference, configuration } = parse(insertSchema, call.body)
  const query = readQuery(configuration.query, jobReference?.location)
  const id = checkedJobId(jobReference?.jobId)
  const job = startJob(call, query, { query: configuration.query }, id, placeOf(call, query, undefined))
  return ok(describeJob(call.world, job, job.state === 'PENDING' ? 'PENDING' : 'RUNNING'))
}

/** A dry run: bytes, columns and kind of statement; no job, nothing billed. */
export const dryRun: Handler = async (call) => {
  needOnProject(call, 'bigquery.jobs.create')
  const { jobReference, configuration } = parse(insertSchema, call.body)
  const query = readQuery(configuration.query, jobReference?.location)
  const found = checkQuery(call.world, call.account, query)
  checkCap(found, query.maximumBytesBilled)
  const fields = await describeQuery(call.world, query, found)
  const { totalBytesProcessed, query: about } = figures(call.world, found)
  return ok({
    kind: 'bigquery#job',
    jobReference: {
      projectId: call.world.projectId,
      jobId: jobReference?.jobId,
      location: placeOf(call, query, found),
    },
    configuration: { jobType: 'QUERY', query: configuration.query, dryRun: true },
    status: { state: 'DONE' },
    statistics: {
      creationTime: String(call.world.now()),
      totalBytesProcessed,
      query: { ...about, totalBytesBilled: '0', schema: { fields } },
    },
  })
}

const waitFor = async (job: Job, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    job.finished,
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}

interface Page {
  readonly start: number
  readonly limit: number
  readonly micros: boolean
}

/** A page of a job's rows; its error, if it has one; or that it is not done. */
const pageOf = (call: Call, job: Job, { start, limit, micros }: Page, kind: string): Answer => {
  const { world } = call
  const jobReference = { projectId: world.projectId, jobId: job.id, location: job.location }
  if (job.state !== 'DONE') return ok({ kind, jobReference, jobComplete: false, queryId: job.id })
  if (job.error !== undefined) throw problemOfJob(job.error)
  const { fields = [], rows = [] } = job.result ?? {}
  const page = rows.slice(start, start + limit)
  const next = start + page.length
  const { query } = z.object({ query: z.record(z.string(), z.unknown()).optional() }).parse(job.statistics)
  return ok({
    kind,
    etag: world.newEtag(),
    schema: { fields },
    jobReference,
    queryId: job.id,
    location: job.location,
    totalRows: String(rows.length),
    ...(next < rows.length && page.length > 0 ? { pageToken: pageToken(job.id, next) } : {}),
    ...(page.length === 0 ? {} : { rows: page.map((row) => rowOf(row, fields, micros)) }),
    jobComplete: true,
    ...query,
  })
}

/** jobs.query: starts a query and waits for its first page, or for `timeoutMs`. */
export const query: Handler = async (call) => {
  const { world } = call
  needOnProject(call, 'bigquery.jobs.create')
  const body = parse(requestSchema, call.body)
  const asked = readQuery(body, body.location)
  if (body.dryRun) {
    const found = checkQuery(world, call.account, asked)
    const fields = await describeQuery(world, asked, found)
    return ok({
      kind: 'bigquery#queryResponse',
      schema: { fields },
      totalBytesProcessed: String(found.bytes),
      jobComplete: true,
    })
  }
  const known = body.requestId === undefined ? undefined : world.requestIds.get(body.requestId)
  const job =
    known ??
    startJob(
      call,
      asked,
      { query: { query: asked.sql } },
      `job_${randomBytes(16).toString('base64url')}`,
      placeOf(call, asked, tryCheck(call, asked)),
    )
  if (body.requestId !== undefined) world.requestIds.set(body.requestId, job)
  await waitFor(job, body.timeoutMs)
  const limit = Math.min(body.maxResults ?? maxPage, maxPage)
  return pageOf(
    call,
    job,
    { start: 0, limit, micros: body.formatOptions?.useInt64Timestamp === true },
    'bigquery#queryResponse',
  )
}

const tryCheck = ({ world, account }: Call, asked: QueryRequest): Analysis | undefined => {
  try {
    return checkQuery(world, account, asked)
  } catch (error) {
    if (error instanceof ApiProblem) return undefined
    throw error
  }
}

/** getQueryResults: a page, or that it is not done after `timeoutMs`. */
export const getQueryResults: Handler = async (call) => {
  const job = jobOf(call, 'bigquery.jobs.get')
  if (job.type !== 'QUERY') throw invalid(`Job ${jobKey(job.location, job.id)} is not a query.`)
  const { query: given } = call
  if (job.polls > 0) {
    job.polls -= 1
    if (job.polls === 0) job.start?.()
    else return pageOf(call, job, { start: 0, limit: 0, micros: true }, 'bigquery#getQueryResultsResponse')
  }
  await waitFor(job, wholeOf(given.get('timeoutMs'), 10_000))
  const token = given.get('pageToken')
  return pageOf(
    call,
    job,
    {
      start: token === null ? wholeOf(given.get('startIndex'), 0) : startOf(job.id, token),
      limit: Math.min(wholeOf(given.get('maxResults'), maxPage), maxPage),
      micros: given.get('formatOptions.useInt64Timestamp') === 'true',
    },
    'bigquery#getQueryResultsResponse',
  )
}
