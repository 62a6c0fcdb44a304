import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { stages } from '../../../processors/stages/index.ts'
import { restSchema } from '../../../src/core/bigquery/schema.ts'
import { tables } from '../../../src/core/tables.ts'
import { type EventsWorld, events, openEvents } from './events.ts'

let world: EventsWorld
beforeAll(async () => {
  world = await openEvents()
  for (const table of tables)
    await world.raw.post('/datasets/logs/tables', {
      tableReference: { tableId: table.name },
      schema: restSchema(table),
    })
  await world.load('data', events(1000))
})
afterAll(() => world.close())

const ask = (query: string, more: object = {}) =>
  world.raw.post('/queries', { query, useLegacySql: false, formatOptions: { useInt64Timestamp: true }, ...more })

/** Rows as plain texts, or the reason and the message of the error. */
const answer = async (query: string, more: object = {}): Promise<unknown> => {
  const { body } = await ask(query, more)
  if (body.error !== undefined) return `${body.error.code} ${body.error.errors[0].reason}: ${body.error.message}`
  const plain = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map((one) => plain(one.v))
    return typeof v === 'object' && v !== null && 'f' in v && Array.isArray(v.f) ? v.f.map((one) => plain(one.v)) : v
  }
  return (body.rows ?? []).map((row: { f: { v: unknown }[] }) => row.f.map(({ v }) => plain(v)))
}

describe('a query of the stand-in', () => {
  test('runs every query of the stages', async () => {
    await world.raw.post('/datasets/logs/tables', {
      tableReference: { tableId: 'log_aggregates_merged' },
      view: { query: 'SELECT * EXCEPT (log_count) FROM `demo.logs.log_aggregates`', useLegacySql: false },
    })
    const queries = stages.flatMap((stage) => stage.queries)
    expect(queries.length).toBeGreaterThan(10)
    for (const { id, sql } of queries) {
      const filled = sql.replaceAll('{epoch}', 'ep').replace(/\{(\w+)\}/g, '`demo.logs.$1`')
      expect(await answer(filled), id).toEqual([])
    }
  })

  const said: readonly (readonly [string, unknown])[] = [
    [
      "SELECT 9007199254740993, 42, NULL, TIMESTAMP '2026-11-24 10:22:31.104518', [1, 2], STRUCT('x' AS a, 1 AS b)",
      [['9007199254740993', '42', null, '1795515751104518', ['1', '2'], ['x', '1']]],
    ],
    [
      'SELECT COUNT(*), COUNTIF(status < 300), SUM(status), COUNT(DISTINCT tags[OFFSET(1)]) FROM `demo.logs.events`',
      [['1000', '100', '699500', '1']],
    ],
    [
      'SELECT tag, COUNT(*) AS n FROM logs.events, UNNEST(tags) AS tag GROUP BY tag ORDER BY n DESC LIMIT 1',
      [['b', '1000']],
    ],
    [
      "SELECT ARRAY(SELECT AS STRUCT x AS a, o FROM UNNEST(['p', 'q']) AS x WITH OFFSET AS o ORDER BY o DESC)",
      [
        [
          [
            ['q', '1'],
            ['p', '0'],
          ],
        ],
      ],
    ],
    [
      'SELECT ARRAY_AGG(x IGNORE NULLS ORDER BY x DESC LIMIT 2), ARRAY_CONCAT_AGG([x]) FROM UNNEST([1, 3, 2]) AS x',
      [
        [
          ['3', '2'],
          ['1', '3', '2'],
        ],
      ],
    ],
    [
      "SELECT 7 / 2, DIV(7, 2), SAFE_DIVIDE(1, 0), IFNULL(NULL, 'x'), 3 IN UNNEST([1, 3]), CAST('7' AS INT64), SAFE_CAST('x' AS INT64)",
      [['3.5', '3', null, 'x', 'true', '7', null]],
    ],
    [
      "SELECT TIMESTAMP_TRUNC(ts, HOUR), UNIX_SECONDS(ts), EXTRACT(HOUR FROM ts), TIMESTAMP_DIFF(ts, TIMESTAMP_SUB(ts, INTERVAL 90 SECOND), MINUTE) FROM (SELECT TIMESTAMP '2026-11-20 01:30:00' AS ts)",
      [['1795136400000000', '1795138200', '1', '1']],
    ],
    ["SELECT 'it\\'s', \"a\", r'\\d', REGEXP_CONTAINS('abc', r'b') -- done", [["it's", 'a', '\\d', 'true']]],
    ['SELECT x FROM UNNEST([2, NULL, 1]) AS x ORDER BY x', [[null], ['1'], ['2']]],
    ['WITH a AS (SELECT 1 AS x) SELECT * EXCEPT (y) FROM (SELECT x, 2 AS y FROM a)', [['1']]],
    ['SELECT raw_line,\n  no_such\nFROM `demo.logs.raw_logs`', '400 invalidQuery: Unrecognized name: no_such at [2:3]'],
    ['SELEKT 1', '400 invalidQuery: Syntax error: Unexpected identifier "SELEKT" at [1:1]'],
    ['SELECT 1::INT64', '400 invalidQuery: Syntax error: Unexpected ":" at [1:9]'],
    ['SELECT epoch_us(1)', '400 invalidQuery: Function not found: epoch_us at [1:8]'],
    ['EXPLAIN SELECT 1', '400 invalidQuery: Syntax error: Unexpected identifier "EXPLAIN" at [1:1]'],
    ['SELECT * FROM events', '400 invalid: Table "events" must be qualified with a dataset (e.g. dataset.table).'],
    [
      'SELECT * FROM `demo.logs.nosuch`',
      '404 notFound: Not found: Table demo:logs.nosuch was not found in location US',
    ],
  ]
  test.each(said)('%s', async (sql, expected) => {
    expect(await answer(sql)).toEqual(expected)
  })

  test('takes named parameters and a default dataset', async () => {
    const parameter = (name: string, type: string, value: string) => ({
      name,
      parameterType: { type },
      parameterValue: { value },
    })
    expect(
      await answer('SELECT COUNT(*) FROM events WHERE status > @least AND ts >= @since', {
        defaultDataset: { datasetId: 'logs' },
        queryParameters: [
          parameter('least', 'INT64', '1189'),
          parameter('since', 'TIMESTAMP', '2026-11-20T00:00:00.000Z'),
        ],
      }),
    ).toEqual([['10']])
  })

  test('comes in pages', async () => {
    const [rows, next] = await world.client.query(
      { query: 'SELECT event_id FROM logs.events', maxResults: 400 },
      { autoPaginate: false },
    )
    expect([rows.length, next === null]).toEqual([400, false])
    const [all] = await world.client.query({ query: 'SELECT event_id FROM logs.events', maxResults: 400 })
    expect(new Set(all.map((row: { event_id: string }) => row.event_id)).size).toBe(1000)
  })

  test('has its price before it, by the columns it reads, and none for COUNT', async () => {
    const price = async (query: string) => {
      const [job] = await world.client.createQueryJob({ query, dryRun: true })
      return Number(job.metadata.statistics.totalBytesProcessed)
    }
    const [{ numBytes }] = await world.client.dataset('logs').table('events').getMetadata()
    expect(await price('SELECT * FROM logs.events')).toBe(Number(numBytes))
    expect(await price('SELECT status FROM logs.events')).toBe(8000)
    expect(await price('SELECT status, ts FROM logs.events')).toBe(16_000)
    expect(await price('SELECT COUNT(*) FROM logs.events')).toBe(0)
    const [job] = await world.client.createQueryJob({ query: 'DELETE FROM logs.events WHERE TRUE', dryRun: true })
    expect(job.metadata.statistics.query.statementType).toBe('DELETE')
    await expect(
      world.client.createQueryJob({ query: 'SELECT nosuch FROM logs.events', dryRun: true }),
    ).rejects.toMatchObject({ code: 400 })
  })

  test('is priced as if a table were large, where a column is told to weigh much, and refused by that weight', async () => {
    const large = await openEvents()
    onTestFinished(() => large.close())
    const dryRun = async (query: string) => {
      const [job] = await large.client.createQueryJob({ query, dryRun: true })
      const { totalBytesProcessed, query: about } = job.metadata.statistics
      return [Number(totalBytesProcessed), about.referencedTables]
    }
    const events = [{ projectId: 'demo', datasetId: 'logs', tableId: 'events' }]
    large.server.weigh('logs', 'events', 'status', 200_000_000)
    expect(await dryRun('SELECT status FROM logs.events')).toEqual([200_000_000, events])
    expect(await dryRun('SELECT ts FROM logs.events')).toEqual([0, events])
    const { body } = await large.raw.post('/queries', {
      query: 'SELECT status FROM logs.events',
      useLegacySql: false,
      maximumBytesBilled: '200000000',
    })
    expect(body.error.message).toBe('Query exceeded limit for bytes billed: 200000000. 200278016 or higher required.')
  })

  test('over its cap is an HTTP 500', async () => {
    const capped = (cap: string) => answer('SELECT status FROM logs.events', { maximumBytesBilled: cap, maxResults: 1 })
    expect(await capped('10485759')).toBe(
      '500 bytesBilledLimitExceeded: Query exceeded limit for bytes billed: 10485759. 10485760 or higher required.',
    )
    expect(await capped('10485760')).toEqual([['200']])
  })

  const slow =
    'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS a, UNNEST(GENERATE_ARRAY(1, 1000000)) AS b WHERE a * b = 7'

  test('that takes long is not complete, and stops when it is canceled', async () => {
    const { body } = await ask(slow, { timeoutMs: 50 })
    expect([body.jobComplete, body.rows]).toEqual([false, undefined])
    const path = `/queries/${body.jobReference.jobId}?location=US`
    expect((await world.raw.get(`${path}&timeoutMs=20`)).body.jobComplete).toBe(false)
    await world.raw.post(`/jobs/${body.jobReference.jobId}/cancel?location=US`, undefined)
    await world.server.settled()
    const after = await world.raw.get(path)
    expect(after.body.error.errors[0].reason).toBe('stopped')
  })

  test('of jobs.insert has an id of its own, and its error in the job', async () => {
    const insert = (jobId: string, query: string) =>
      world.raw.post('/jobs', {
        jobReference: { jobId, location: 'US' },
        configuration: { query: { query, useLegacySql: false } },
      })
    expect((await insert('q1', 'SELECT 1 AS x')).body.status.state).toBe('RUNNING')
    expect((await insert('q1', 'SELECT 1 AS x')).status).toBe(409)
    expect((await world.raw.get('/queries/q1?location=US')).body.rows).toEqual([{ f: [{ v: '1' }] }])
    await insert('q2', 'SELECT nosuch FROM logs.events')
    await world.server.settled()
    expect((await world.raw.get('/jobs/q2?location=US')).body.status.errorResult.reason).toBe('invalidQuery')
    expect((await world.raw.get('/queries/q2?location=US')).status).toBe(400)
  })

  test('with a requestId that was there gives the same job', async () => {
    const first = await ask('SELECT 1', { requestId: 'r1' })
    const second = await ask('SELECT 1', { requestId: 'r1' })
    expect(second.body.jobReference).toEqual(first.body.jobReference)
  })

  test('changes rows and views where it is a statement that does', async () => {
    expect(await answer("INSERT INTO logs.raw_logs (raw_line) VALUES ('x'), ('y')")).toEqual([])
    expect((await world.raw.get('/datasets/logs/tables/raw_logs')).body.numRows).toBe('2')
    expect(await answer('CREATE OR REPLACE VIEW `demo.logs.v` AS SELECT raw_line FROM logs.raw_logs')).toEqual([])
    expect(await answer('SELECT * FROM logs.v ORDER BY raw_line')).toEqual([['x'], ['y']])
    const view = await world.raw.get('/datasets/logs/tables/v')
    expect([view.body.type, view.body.schema.fields, view.body.numRows]).toEqual([
      'VIEW',
      [{ name: 'raw_line', type: 'STRING', mode: 'NULLABLE' }],
      undefined,
    ])
    expect((await world.raw.get('/datasets/logs/tables/v/data')).status).toBe(400)
    expect(await answer('TRUNCATE TABLE logs.raw_logs')).toEqual([])
    expect((await world.raw.get('/datasets/logs/tables/raw_logs')).body.numRows).toBe('0')
    expect(await answer('DROP VIEW logs.v')).toEqual([])
    expect((await world.raw.get('/datasets/logs/tables/v')).status).toBe(404)
  })
})
