import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uploadLoad } from './client.ts'
import { type EventsWorld, eventFields, events, openEvents } from './events.ts'

let world: EventsWorld
let ids = 0
beforeAll(async () => {
  world = await openEvents()
  for (const [tableId, fields] of [
    [
      'strict',
      [
        { name: 'event_id', type: 'STRING', mode: 'REQUIRED' },
        { name: 'status', type: 'INTEGER' },
      ],
    ],
    ['wide', [{ name: 'event_id', type: 'STRING' }]],
    ['sums', [{ name: 'n', type: 'INTEGER' }]],
    [
      'nested',
      [
        {
          name: 'list',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [
            { name: 'a', type: 'STRING' },
            { name: 'n', type: 'INTEGER' },
          ],
        },
      ],
    ],
  ] as const)
    await world.raw.post('/datasets/logs/tables', { tableReference: { tableId }, schema: { fields } })
})
afterAll(() => world.close())

const into = (tableId: string) => ({ destinationTable: { datasetId: 'logs', tableId } })
const schema = (...fields: readonly object[]) => ({ schema: { fields } })
const id = () => `rule_${ids++}`

describe('a load job', () => {
  const strict = schema({ name: 'event_id', type: 'STRING', mode: 'REQUIRED' }, { name: 'status', type: 'INTEGER' })
  const cases: readonly (readonly [string, string, object, string])[] = [
    ['fits', events(1), {}, 'done'],
    ['has fewer columns', "SELECT 'x' AS event_id", {}, 'done'],
    ['has NULLs and a NULL list', 'SELECT NULL::VARCHAR AS event_id, NULL::VARCHAR[] AS tags', {}, 'done'],
    ['has no rows', events(0), {}, 'done'],
    ['has one column more', "SELECT 'x' AS event_id, 1::BIGINT AS more", {}, 'invalid'],
    ['may ignore one column more', "SELECT 'x' AS event_id, 1::BIGINT AS more", { ignoreUnknownValues: true }, 'done'],
    ['has another type', "SELECT 'x' AS event_id, 'two' AS status", {}, 'invalid'],
    ['has an untyped NULL', 'SELECT NULL AS event_id', {}, 'invalid'],
    ['has lists without list inference', events(1), { parquetOptions: {} }, 'invalid'],
    ['has no list where one is wanted', "SELECT 'a' AS tags", {}, 'invalid'],
    ['has a list where none is wanted', "SELECT ['a'] AS event_id", {}, 'invalid'],
    ['has JSON', `SELECT '{}'::JSON AS event_id`, {}, 'invalid'],
    ['has a UUID', 'SELECT uuid() AS event_id', {}, 'invalid'],
    ['has a time in nanoseconds', 'SELECT now()::TIMESTAMP_NS AS ts', {}, 'invalid'],
    ['has a time without a zone', "SELECT TIMESTAMP '2026-11-20 00:00:00' AS ts", {}, 'done'],
    [
      'has a HUGEINT, which is a DOUBLE',
      'SELECT sum(1) AS n',
      { ...into('sums'), ...schema({ name: 'n', type: 'INTEGER' }) },
      'invalid',
    ],
    [
      'brings an own schema that is not the table’s',
      "SELECT 'x' AS event_id",
      schema({ name: 'event_id', type: 'BYTES' }),
      'invalid',
    ],
    [
      'adds a column unasked',
      "SELECT 'x' AS event_id, 'y' AS more",
      { ...into('wide'), ...schema({ name: 'event_id', type: 'STRING' }, { name: 'more', type: 'STRING' }) },
      'invalid',
    ],
    [
      'adds a column when told',
      "SELECT 'x' AS event_id, 'y' AS more",
      {
        ...into('wide'),
        ...schema({ name: 'event_id', type: 'STRING' }, { name: 'more', type: 'STRING' }),
        schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'],
      },
      'done',
    ],
    [
      'loosens REQUIRED without a schema',
      "SELECT 'x' AS event_id",
      { ...into('strict'), schema: undefined },
      'invalid',
    ],
    ['keeps REQUIRED with a schema', "SELECT 'x' AS event_id", { ...into('strict'), ...strict }, 'done'],
    ['lets REQUIRED out', 'SELECT 1::BIGINT AS status', { ...into('strict'), ...strict }, 'invalid'],
    ['has NULL in REQUIRED', 'SELECT NULL::VARCHAR AS event_id', { ...into('strict'), ...strict }, 'invalid'],
    [
      'has a list of records',
      "SELECT [{'a': 'x', 'n': 1::BIGINT}] AS list",
      { ...into('nested'), schema: undefined },
      'done',
    ],
    [
      'has a wrong field in its records',
      "SELECT [{'a': 'x', 'n': 'y'}] AS list",
      { ...into('nested'), schema: undefined },
      'invalid',
    ],
    ['names no table', events(1), into('missing'), 'notFound'],
    ['names no dataset', events(1), { destinationTable: { datasetId: 'nosuch', tableId: 'events' } }, '404 notFound'],
    ['may make its table', events(1), { ...into('made'), createDisposition: 'CREATE_IF_NEEDED' }, 'done'],
    ['is for a partition that its rows are of', events(1), into('events$20261120'), 'done'],
    ['is for another partition', events(1), into('events$20261121'), 'invalid'],
    ['is for an empty table only', events(1), { writeDisposition: 'WRITE_EMPTY' }, 'duplicate'],
  ]
  test.each(cases)('whose file %s', async (_title, select, load, expected) => {
    expect(await world.load(id(), select, load)).toBe(expected)
  })

  test('is all or nothing, and says why', async () => {
    const before = await world.rows()
    const job = id()
    expect(await world.load(job, "SELECT 'x' AS event_id, 'two' AS status")).toBe('invalid')
    expect(await world.rows()).toBe(before)
    const { body } = await world.raw.get(`/jobs/${job}?location=US`)
    expect(body.status.errorResult.message).toMatch(/status.*BYTE_ARRAY.*INTEGER/)
    expect(body.status.errors).toEqual([body.status.errorResult])
  })

  test('takes no file that is none, and no id out of grammar', async () => {
    const body = (jobId: string) => ({
      jobReference: { jobId, location: 'US' },
      configuration: { load: { ...into('events'), sourceFormat: 'PARQUET', schema: { fields: eventFields } } },
    })
    const broken = id()
    await uploadLoad(world.server, 'loader', body(broken), Buffer.from('PAR1 no'))
    await world.server.settled()
    expect((await world.raw.get(`/jobs/${broken}?location=US`)).body.status.errorResult.reason).toBe('invalid')
    const file = readFileSync(await world.parquet(events(1)))
    for (const wrong of ['a b', 'a.b', 'x'.repeat(1025), ''])
      expect((await uploadLoad(world.server, 'loader', body(wrong), file)).status).toBe(400)
    expect((await uploadLoad(world.server, 'loader', body('x'.repeat(1024)), file)).status).toBe(200)
  })

  test('replaces all rows at once when told', async () => {
    expect(await world.load(id(), events(5), { writeDisposition: 'WRITE_TRUNCATE' })).toBe('done')
    expect(await world.rows()).toBe(5)
    expect((await world.raw.get('/datasets/logs/tables/events')).body.numRows).toBe('5')
  })

  test('is one of ten that wins with one id', async () => {
    const file = await world.parquet(events(7))
    const before = await world.rows()
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.send('race', file)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)])
    await world.server.settled()
    expect(await world.rows()).toBe(before + 7)
  })
})
