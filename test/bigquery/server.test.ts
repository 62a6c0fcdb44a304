import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { BigQuery } from '@google-cloud/bigquery'
import { JWT } from 'google-auth-library'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { quoteText } from '../../src/core/duckdb-types.ts'
import { startStandIn } from './server/stand-in.ts'
import type { StandIn, StandInOptions } from './server/types.ts'

let folder = ''
let server: StandIn
let files = 0

const keySchema = z.object({ client_email: z.string(), private_key: z.string(), private_key_id: z.string() })

/** The real client with the key of an account; the library's fixed token address is sent to the stand-in. */
const clientOf = (account: string, location = 'US'): BigQuery => {
  const key = keySchema.parse(JSON.parse(server.keyFile(account)))
  const jwt = new JWT({
    email: key.client_email,
    key: key.private_key,
    keyId: key.private_key_id,
    scopes: ['https://www.googleapis.com/auth/bigquery'],
  })
  jwt.transporter.interceptors.request.add({
    resolved: async (config) => {
      if (String(config.url) === 'https://oauth2.googleapis.com/token') config.url = new URL(server.tokenUrl)
      return config
    },
  })
  return new BigQuery({ projectId: 'demo', location, apiEndpoint: server.url, authClient: jwt })
}

/** A Parquet file of a SELECT of DuckDB. */
const parquet = async (select: string): Promise<string> => {
  const path = join(folder, `${files++}.parquet`)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'; COPY (${select}) TO ${quoteText(path)} (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  return path
}

const fields = [
  { name: 'event_id', type: 'STRING' },
  { name: 'ts', type: 'TIMESTAMP' },
  { name: 'status', type: 'INTEGER' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
]

const events = (rows: number) =>
  `SELECT 'e' || i AS event_id, TIMESTAMPTZ '2026-11-20 00:00:00+00' AS ts, (200 + i)::BIGINT AS status, ['a' || i, 'b'] AS tags FROM range(${rows}) t(i)`

const load = {
  sourceFormat: 'PARQUET',
  schema: { fields },
  createDisposition: 'CREATE_NEVER',
  parquetOptions: { enableListInference: true },
}

const start = async (options: StandInOptions = {}): Promise<BigQuery> => {
  server = await startStandIn(options)
  server.grant('loader', ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser'])
  const client = clientOf('loader')
  await client.createDataset('logs', { location: 'US' })
  await client.dataset('logs').createTable('events', {
    schema: { fields },
    timePartitioning: { type: 'DAY', field: 'ts' },
    clustering: { fields: ['event_id'] },
  })
  return client
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bbq-stand-in-test-'))
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the stand-in loads', () => {
  test('a file by the real client, and gives the rows back', async () => {
    const client = await start()
    const table = client.dataset('logs').table('events')
    const [before] = await table.getMetadata()
    await table.load(await parquet(events(3)), { ...load, jobId: 'one' })
    const [after] = await table.getMetadata()
    expect([after.numRows, before.numRows]).toEqual(['3', '0'])
    expect(after.etag).not.toBe(before.etag)
    expect(Number(after.lastModifiedTime)).toBeGreaterThan(Number(before.lastModifiedTime))
    const [rows] = await table.getRows({
      startIndex: '1',
      maxResults: 1,
      selectedFields: 'tags,event_id',
      autoPaginate: false,
    })
    expect(rows).toEqual([{ event_id: 'e1', tags: ['a1', 'b'] }])
    expect((await server.rowsOf('logs', 'events'))[2]).toEqual({
      event_id: 'e2',
      ts: '2026-11-20T00:00:00.000000Z',
      status: 202,
      tags: ['a2', 'b'],
    })
  })
})
