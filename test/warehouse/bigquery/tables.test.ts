import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { epochLabel } from '../../../src/core/bigquery/load-job.ts'
import { restSchema } from '../../../src/core/bigquery/schema.ts'
import { findTable, type TableName, tables } from '../../../src/core/tables.ts'
import { call, type Demo, openDemo, refusal } from './demo.ts'

let demo: Demo
beforeEach(async () => {
  demo = await openDemo()
})
afterEach(() => demo.close())

const root = () => `${demo.server.url}/bigquery/v2/projects/demo/datasets`
const rest = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
  const answer = await fetch(`${root()}${path}`, {
    method,
    headers: { authorization: `Bearer ${demo.server.token('operator')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}
const makeDataset = () =>
  rest('POST', '', { datasetReference: { projectId: 'demo', datasetId: 'log_analytics' }, location: 'US' })
const makeTable = (name: TableName, more: object = {}) => {
  const table = findTable(name)
  return rest('POST', '/log_analytics/tables', {
    tableReference: { projectId: 'demo', datasetId: 'log_analytics', tableId: name },
    schema: restSchema(table),
    timePartitioning: { type: 'DAY', field: table.arrival },
    ...more,
  })
}
const look = (name: string) => rest('GET', `/log_analytics/tables/${name}`)

test('tables are partitioned by day of arrival and clustered by event time; the epoch is a label', async () => {
  const { epoch } = await demo.warehouse.confirm(tables, call())
  for (const { name, arrival, eventTime } of tables)
    expect(await look(name)).toMatchObject({
      timePartitioning: { type: 'DAY', field: arrival },
      clustering: { fields: [eventTime] },
    })
  expect(await look('raw_logs')).toMatchObject({ labels: { [epochLabel]: epoch } })
  expect(await look('log_aggregates_merged')).toMatchObject({ type: 'VIEW' })
})

test('a table of somebody gets the columns it lacks and keeps its own, and its label', async () => {
  await makeDataset()
  const { fields } = restSchema(findTable('raw_logs'))
  const own = { name: 'note', type: 'STRING', mode: 'NULLABLE' }
  await makeTable('raw_logs', {
    schema: { fields: [own, ...fields.filter(({ name }) => name !== 'remote_log_id')] },
    labels: { team: 'ops' },
  })
  const { epoch, created, added } = await demo.warehouse.confirm(tables, call())
  expect(created).not.toContain('raw_logs')
  expect(added).toEqual([{ table: 'raw_logs', columns: ['remote_log_id'] }])
  const found = await look('raw_logs')
  expect(found['labels']).toEqual({ team: 'ops', [epochLabel]: epoch })
  const names = (found['schema'] as { fields: { name: string }[] }).fields.map(({ name }) => name)
  expect(names[0]).toBe('note')
  expect([...names].sort()).toEqual(['note', ...fields.map(({ name }) => name)].sort())
})

describe('a table that cannot be loaded into is named with the difference, and left as it is', () => {
  const without = (name: TableName, column: string, instead: object[]) => ({
    schema: { fields: [...restSchema(findTable(name)).fields.filter((field) => field.name !== column), ...instead] },
  })
  test.each([
    [
      'another type',
      'log_results',
      without('log_results', 'status', [{ name: 'status', type: 'STRING', mode: 'NULLABLE' }]),
      /status is STRING, not INT64/,
    ],
    [
      'a column that must have a value',
      'raw_logs',
      without('raw_logs', 'x', [{ name: 'own', type: 'STRING', mode: 'REQUIRED' }]),
      /own is REQUIRED/,
    ],
    [
      'no list',
      'log_aggregates',
      without('log_aggregates', 'messages', [{ name: 'messages', type: 'STRING', mode: 'NULLABLE' }]),
      /messages is NULLABLE, not REPEATED/,
    ],
    [
      'no partitions',
      'emergency_logs',
      { timePartitioning: undefined },
      /partitioned not at all, not by DAY of sync_time/,
    ],
    [
      'partitions of another column',
      'log_results',
      { timePartitioning: { type: 'DAY', field: 'timestamp' } },
      /by DAY of timestamp, not by DAY of sync_time/,
    ],
  ] as const)('%s', async (_, name, more, difference) => {
    await makeDataset()
    await makeTable(name, more)
    const before = await look(name)
    const error = await refusal(demo.warehouse.confirm(tables, call()))
    expect(error.kind).toBe('refused')
    expect(error.what).toContain(`demo.log_analytics.${name}`)
    expect(error.what).toMatch(difference)
    expect(error.next.join('\n')).toMatch(/bigquery\.dataset_name[\s\S]*bq rm/)
    expect(await look(name)).toEqual(before)
  })

  test('a view in its place', async () => {
    await makeDataset()
    await rest('POST', '/log_analytics/tables', {
      tableReference: { projectId: 'demo', datasetId: 'log_analytics', tableId: 'raw_logs' },
      view: { query: 'SELECT 1 AS one', useLegacySql: false },
    })
    expect((await refusal(demo.warehouse.confirm(tables, call()))).what).toContain('it is a view')
  })
})

test('nothing is made where the config forbids it, and what is missing is named', async () => {
  const warehouse = demo.open({ createIfMissing: false })
  const noDataset = await refusal(warehouse.confirm(tables, call()))
  expect(noDataset.what).toBe('The dataset demo.log_analytics is not there.')
  await makeDataset()
  const noTable = await refusal(warehouse.confirm(tables, call()))
  expect(noTable.what).toMatch(/^The table demo\.log_analytics\.\w+ is not there\.$/)
  expect(noTable.next.join('\n')).toContain('create_if_missing: true')
  await demo.warehouse.confirm(tables, call())
  expect((await warehouse.confirm(tables, call())).created).toEqual([])
})

test('many programs at once agree on one epoch, also over a table that has none yet', async () => {
  await makeDataset()
  await makeTable('raw_logs')
  const programs = Array.from({ length: 6 }, () => demo.open())
  const found = await Promise.all(programs.map((one) => one.confirm(tables, call(30_000))))
  expect(new Set(found.map(({ epoch }) => epoch)).size).toBe(1)
  expect(found.flatMap(({ created }) => created).sort()).toEqual(
    tables
      .map(({ name }) => name)
      .filter((name) => name !== 'raw_logs')
      .sort(),
  )
})

test('a renamed table of parsed lines is made, read and tailed under its name', async () => {
  const warehouse = demo.open({ logResultsTable: 'parsed' })
  expect((await warehouse.confirm(tables, call())).created).toContain('parsed')
  expect((await warehouse.query('SELECT COUNT(*) FROM {log_results}', { ...call(), limit: 1 })).rows).toEqual([[0]])
  expect(await warehouse.tail('log_results', { ...call(), limit: 1 })).toEqual([])
})
