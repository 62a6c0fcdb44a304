import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Params, paramsSchema } from '../../../processors/params.ts'
import { openSink } from '../../../processors/sinks/index.ts'
import type { Sink } from '../../../processors/sinks/sink.ts'
import { AppError } from '../../../src/core/errors.ts'
import { startStandIn } from '../../bigquery/server/stand-in.ts'
import type { StandIn, StandInOptions } from '../../bigquery/server/types.ts'
import { openParquetWriter } from '../../warehouse/parquet.ts'
import { type DatasetPlace, makeDataset } from './bigquery-dataset.ts'

export const epoch = 'abcd1234'
export const chunk = `${epoch}-1`
export const rights = ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser']

export interface SinkWorld {
  readonly server: StandIn
  /** Where the dataset is, with a token of somebody who may change it. */
  readonly place: DatasetPlace
  /** The node's data folder. */
  readonly data: string
  /** A sink as a new process has it. */
  open(given?: Partial<Params>, writer?: string): Sink
  /** Puts the three rows of a chunk aside, as a stage does. */
  write(sink: Sink, chunkId?: string): Promise<void>
  /** The ids of the rows of a chunk that are loaded. */
  rows(chunkId?: string): Promise<readonly string[]>
  /** The attempts for a chunk that BigQuery knows as jobs. */
  attempts(chunkId?: string): readonly string[]
  /** Lets time pass, in milliseconds. */
  pass(ms: number): void
  close(): Promise<void>
}

/** The ids of the rows of a chunk. */
export const whole = (chunkId = chunk): readonly string[] => [0, 1, 2].map((i) => `${chunkId}/${i}`)

/** A stand-in with a dataset, an uploader with its rights and a node with its key. */
export const sinkWorld = async (options: StandInOptions = {}): Promise<SinkWorld> => {
  let passed = 0
  const now = (): number => Date.now() + passed
  const server = await startStandIn({ now, ...options })
  const data = mkdtempSync(join(tmpdir(), 'bbq-bigquery-'))
  const parquet = await openParquetWriter()
  server.grant('owner', rights)
  server.grant('uploader', rights)
  const place = { url: server.url, projectId: server.projectId, dataset: 'logs', token: server.token('owner') }
  for (let i = 0; i < (options.grantsArriveAfter ?? 0); i++) await fetch(server.url)
  await makeDataset(place, epoch)
  server.requests.clear()
  writeFileSync(join(data, 'key.json'), server.keyFile('uploader'), { mode: 0o600 })
  return {
    server,
    place,
    data,
    open: (given = {}, writer = 'me') => {
      const sink = `bigquery:${server.projectId}/logs`
      const params = paramsSchema.parse({
        ...{ stage: 'raw', epoch, data, sink, apiEndpoint: server.url, tokenEndpoint: server.tokenUrl },
        ...{ credentials: join(data, 'key.json'), loadPauseMs: 5, loadSilenceMs: 400 },
        ...given,
      })
      return openSink(sink, { epoch, nameOf: (table) => table, writer, params, now })
    },
    write: (sink, chunkId = chunk) =>
      parquet.write(
        sink.aside('raw_logs', chunkId),
        'raw_logs',
        `SELECT '${chunkId}' AS chunk_id, '${chunkId}/' || i AS remote_log_id, TIMESTAMPTZ '2026-11-20 00:00:00+00' AS upload_time FROM range(3) t(i)`,
      ),
    rows: async (chunkId = chunk) =>
      (await server.rowsOf('logs', 'raw_logs'))
        .map((row) => String(row['remote_log_id']))
        .filter((id) => id.startsWith(`${chunkId}/`))
        .sort(),
    attempts: (chunkId = chunk) =>
      server
        .jobs()
        .filter(({ id }) => id.startsWith(`bbq_raw_logs_${chunkId}_`))
        .map(({ id }) => id.slice(id.lastIndexOf('_') + 1)),
    pass: (ms) => {
      passed += ms
    },
    close: async () => {
      parquet.close()
      await server.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** The AppError that work ends in. */
export const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const thrown = await work.then(
    () => 'it came to a good end',
    (error: unknown) => error,
  )
  if (thrown instanceof AppError) return thrown
  throw new Error(`no AppError: ${String(thrown)}`, { cause: thrown })
}
