import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BigQuery } from '@google-cloud/bigquery'
import { type RawAnswer, rawRequests, realClient, uploadLoad, writeParquet } from './client.ts'
import { startStandIn } from './stand-in.ts'
import type { StandIn, StandInOptions } from './types.ts'

export const eventFields = [
  { name: 'event_id', type: 'STRING' },
  { name: 'ts', type: 'TIMESTAMP' },
  { name: 'status', type: 'INTEGER' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
]

/** A SELECT of so many events. */
export const events = (rows: number): string =>
  `SELECT 'e' || i AS event_id, TIMESTAMPTZ '2026-11-20 00:00:00+00' AS ts, (200 + i)::BIGINT AS status, ['a' || i, 'b'] AS tags FROM range(${rows}) t(i)`

export const eventLoad = {
  sourceFormat: 'PARQUET',
  schema: { fields: eventFields },
  createDisposition: 'CREATE_NEVER',
  writeDisposition: 'WRITE_APPEND',
  parquetOptions: { enableListInference: true },
}

export interface EventsWorld {
  readonly server: StandIn
  /** Of the account `loader`: Data Editor and Job User. */
  readonly client: BigQuery
  readonly raw: ReturnType<typeof rawRequests>
  parquet(select: string): Promise<string>
  /** Sends a load job; what is given stands in `configuration.load`, or replaces the reference. */
  send(id: string, file: string, load?: object, reference?: object): Promise<RawAnswer>
  /** Sends a load job and waits for its end: the reason of its error, or `done`. */
  load(id: string, select: string, load?: object): Promise<string>
  rows(): Promise<number>
  close(): Promise<void>
}

/** A dataset `logs` with a table `events`, partitioned by day on `ts`. */
export const openEvents = async (options: StandInOptions = {}, location = 'US'): Promise<EventsWorld> => {
  const server = await startStandIn(options)
  server.grant('loader', ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser'])
  const client = realClient(server, 'loader', location)
  const raw = rawRequests(server, 'loader')
  const folder = mkdtempSync(join(tmpdir(), 'bbq-events-'))
  let files = 0
  const parquet = (select: string) => writeParquet(join(folder, `${files++}.parquet`), select)
  await raw.post('/datasets', { datasetReference: { datasetId: 'logs' }, location })
  await raw.post('/datasets/logs/tables', {
    tableReference: { tableId: 'events' },
    schema: { fields: eventFields },
    timePartitioning: { type: 'DAY', field: 'ts' },
    clustering: { fields: ['event_id'] },
  })
  const send: EventsWorld['send'] = (id, file, load = {}, reference = {}) =>
    uploadLoad(
      server,
      'loader',
      {
        jobReference: { projectId: server.projectId, jobId: id, location, ...reference },
        configuration: { load: { destinationTable: { datasetId: 'logs', tableId: 'events' }, ...eventLoad, ...load } },
      },
      readFileSync(file),
    )
  const ended = async (id: string): Promise<string> => {
    for (;;) {
      const { status, body } = await raw.get(`/jobs/${id}?location=${location}`)
      if (status !== 200) throw new Error(`jobs.get says ${status}`)
      if (body.status.state === 'DONE') return body.status.errorResult?.reason ?? 'done'
      await sleep(5)
    }
  }
  return {
    server,
    client,
    raw,
    parquet,
    send,
    load: async (id, select, load = {}) => {
      const { status, body } = await send(id, await parquet(select), load)
      return status === 200 ? ended(id) : `${status} ${body.error.errors[0].reason}`
    },
    rows: async () => (await server.rowsOf('logs', 'events')).length,
    close: async () => {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
