import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadJobId } from '../../../src/core/bigquery/load-job.ts'
import { tables } from '../../../src/core/tables.ts'
import { both, call, type Demo, openDemo, refusal } from './demo.ts'

let demo: Demo
beforeEach(async () => {
  demo = await openDemo()
})
afterEach(() => demo.close())

const line = (n: number) => ({ id: `n/f/${n}`, text: `line ${n}`, sentUs: 1_764_000_000_000_000 + n })
const statusOf = async (name = 'raw_logs') => (await demo.warehouse.status(call())).find(({ table }) => table === name)

const lookAt = async (
  name: string,
): Promise<{ readonly schema: { fields: { name: string }[] }; readonly labels: object }> =>
  (await (await tableCall('GET', name)).json()) as never
const tableCall = (method: string, name: string, body?: object): Promise<Response> =>
  fetch(`${demo.server.url}/bigquery/v2/projects/demo/datasets/log_analytics/tables${name === '' ? '' : `/${name}`}`, {
    method,
    headers: { authorization: `Bearer ${demo.server.token('operator')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

test('empties tables without a query, and keeps what somebody has added to them', async () => {
  const { epoch } = await demo.warehouse.confirm(tables, call())
  const { schema } = await lookAt('raw_logs')
  await tableCall('PATCH', 'raw_logs', {
    schema: { fields: [...schema.fields, { name: 'note', type: 'STRING', mode: 'NULLABLE' }] },
    labels: { team: 'ops', bbq_epoch: epoch },
  })
  await (await demo.sender()).sendLines(epoch, 'one', [line(1), line(2)])
  expect((await statusOf())?.rows).toBe(2)
  const fresh = await demo.warehouse.reset(call())
  expect(await statusOf()).toEqual({ table: 'raw_logs', rows: 0, bytes: 0, strays: 0 })
  const after = await lookAt('raw_logs')
  expect(after.labels).toMatchObject({ team: 'ops', bbq_epoch: fresh.epoch })
  expect(after.schema.fields.map(({ name }) => name)).toContain('note')
  expect(demo.server.requests.count('jobs.insert.query', 'jobs.query')).toBe(0)
})

test('needs no billing, and no right to see the jobs of others', async () => {
  await demo.close()
  demo = await openDemo({ billing: false, roles: both })
  const { epoch } = await demo.warehouse.confirm(tables, call())
  await (await demo.sender()).sendLines(epoch, 'one', [line(1)])
  const { notices } = await demo.warehouse.reset(call())
  expect(notices).toEqual([expect.stringMatching(/^Loads of other accounts were not waited for/)])
  expect((await statusOf())?.rows).toBe(0)
})

test('waits for loads of the old epoch that are under way, so that their rows go too', async () => {
  await demo.close()
  demo = await openDemo({ roles: ['roles/bigquery.admin'] })
  const { epoch } = await demo.warehouse.confirm(tables, call())
  const sender = await demo.sender()
  demo.server.faults.add({ on: 'jobs.insert', do: 'RUNNING for 3 polls' })
  const loading = sender.sendLines(epoch, 'slow', [line(1)], loadJobId(`${epoch}-slow`, 'raw_logs', 0))
  while (demo.server.jobs().length === 0) await demo.warehouse.status(call())
  const [fresh] = await Promise.all([demo.warehouse.reset(call(90_000)), loading])
  expect(await demo.server.rowsOf('log_analytics', 'raw_logs')).toEqual([])
  expect(fresh.epoch).not.toBe(epoch)
})

test('rows of an old epoch are strays wherever they come, and the tail and canned queries leave them out', async () => {
  const { epoch: old } = await demo.warehouse.confirm(tables, call())
  const { epoch } = await demo.warehouse.reset(call())
  const sender = await demo.sender()
  await sender.sendLines(old, 'late', [line(1), line(2), line(3)])
  await sender.sendLines(epoch, 'one', [line(4), line(5)])
  expect(await statusOf()).toMatchObject({ rows: 2, strays: 3 })
  await sender.sendLines(old, 'later', [line(6)])
  expect(await statusOf()).toMatchObject({ rows: 2, strays: 4 })
  expect((await demo.warehouse.tail('raw_logs', { ...call(), limit: 9 })).length).toBe(2)
  const sql = "SELECT COUNT(*) FROM {raw_logs} WHERE STARTS_WITH(chunk_id, '{epoch}')"
  expect((await demo.warehouse.query(sql, { ...call(), limit: 1 })).rows).toEqual([[2]])
})

test('two resets at once leave one epoch that both programs read, and no rows', async () => {
  const { epoch } = await demo.warehouse.confirm(tables, call())
  await (await demo.sender()).sendLines(epoch, 'one', [line(1)])
  const another = demo.open()
  await Promise.all([demo.warehouse.reset(call(30_000)), another.reset(call(30_000))])
  const [here, there] = await Promise.all([demo.warehouse, another].map((one) => one.confirm(tables, call())))
  expect(here?.epoch).toBe(there?.epoch)
  expect(here?.epoch).not.toBe(epoch)
  expect((await statusOf())?.rows).toBe(0)
})

test('a stage that begins while a reset waits is made to begin again, so that it misses no row', async () => {
  await demo.close()
  demo = await openDemo({ roles: ['roles/bigquery.admin'] })
  const { epoch: old } = await demo.warehouse.confirm(tables, call())
  const sender = await demo.sender()
  demo.server.faults.add({ on: 'jobs.insert', do: 'RUNNING for 30 polls' })
  const loading = sender.sendLines(old, 'slow', [line(1)], loadJobId(`${old}-slow`, 'raw_logs', 0))
  while (demo.server.jobs().length === 0) await demo.warehouse.status(call())
  const reset = demo.warehouse.reset(call(90_000))
  const another = demo.open()
  const next = async () => (await another.confirm(tables, call())).epoch
  let begun = await next()
  while (begun === old) begun = await next()
  await sender.sendLines(begun, 'early', [line(2)])
  await Promise.all([reset, loading])
  const holds = await next()
  const rows = (await demo.server.rowsOf('log_analytics', 'raw_logs')).map((row) => String(row['chunk_id']))
  expect(holds !== begun || rows.includes(`${begun}-early`)).toBe(true)
  expect(holds).toBe((await reset).epoch)
})

test('names the loads that it did not wait for, wherever they stand in the list of jobs', async () => {
  await demo.close()
  demo = await openDemo({ roles: ['roles/bigquery.admin'] })
  const { epoch } = await demo.warehouse.confirm(tables, call())
  demo.server.faults.add({ on: 'jobs.insert', do: 'stay RUNNING' })
  const id = loadJobId(`${epoch}-stuck`, 'raw_logs', 0)
  const stuck = (await demo.sender()).sendLines(epoch, 'stuck', [line(1)], id).catch(() => undefined)
  while (demo.server.jobs().length === 0) await demo.warehouse.status(call())
  demo.server.faults.add({ on: 'jobs.insert.query', do: 'stay RUNNING', times: Number.POSITIVE_INFINITY })
  const stop = new AbortController()
  const others = Array.from({ length: 60 }, () =>
    demo.warehouse.query('SELECT 1', { signal: stop.signal, limit: 1 }).catch(() => undefined),
  )
  while (demo.server.jobs().length < 61) await demo.warehouse.status(call())
  // no time for waiting
  const { notices } = await demo.warehouse.reset(call(20_000))
  expect(notices).toEqual([expect.stringContaining(id)])
  stop.abort()
  await Promise.all(others)
  await demo.server.close()
  await stuck
}, 60_000)

describe('grants on a table alone', () => {
  const role = 'roles/bigquery.dataEditor'
  const asGranter = async (path: string, body: object): Promise<void> => {
    demo.server.grant('granter', ['roles/bigquery.dataOwner'])
    const answer = await fetch(`${demo.server.url}/bigquery/v2/projects/demo/datasets${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.server.token('granter')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
  }
  const grant = async (name: string): Promise<string> => {
    const member = `serviceAccount:${demo.server.emailOf('uploader')}`
    await asGranter(`/log_analytics/tables/${name}:setIamPolicy`, {
      policy: { bindings: [{ role, members: [member] }] },
    })
    demo.server.ungrant('uploader')
    demo.server.grant('uploader', ['roles/bigquery.jobUser'])
    return member
  }

  test('are given again after a reset, so that the uploader may still load', async () => {
    await demo.close()
    demo = await openDemo({ roles: ['roles/bigquery.admin'] })
    const { epoch } = await demo.warehouse.confirm(tables, call())
    await grant('raw_logs')
    const sender = await demo.sender()
    await sender.sendLines(epoch, 'one', [line(1)])
    const fresh = await demo.warehouse.reset(call())
    expect(fresh.notices).toBeUndefined()
    await sender.sendLines(fresh.epoch, 'one', [line(1)])
    expect((await statusOf())?.rows).toBe(1)
  })

  test('are told with the lines that give them again, where the operator may not', async () => {
    const datasetReference = { projectId: 'demo', datasetId: 'log_analytics' }
    await asGranter('', { datasetReference, location: 'US' })
    const { epoch } = await demo.warehouse.confirm(tables, call())
    const member = await grant('raw_logs')
    await (await demo.sender()).sendLines(epoch, 'one', [line(1)])
    const { notices } = await demo.warehouse.reset(call())
    expect(notices?.join('\n')).toContain(
      `bq add-iam-policy-binding --member=${member} --role=${role} demo:log_analytics.raw_logs`,
    )
  })
})

test('empties the other tables, too, when the table of the epoch is gone', async () => {
  const { epoch } = await demo.warehouse.confirm(tables, call())
  const { load } = await demo.sender()
  await load(
    'emergency_logs',
    `SELECT '${epoch}-one' AS chunk_id, TIMESTAMPTZ '2026-11-24 10:00:00+00' AS sync_time, 'probe' AS kind`,
  )
  await tableCall('DELETE', 'raw_logs')
  await demo.warehouse.reset(call())
  expect(await statusOf('emergency_logs')).toMatchObject({ rows: 0, strays: 0 })
})

test('removes nothing where a table is not what it must be', async () => {
  const { epoch } = await demo.warehouse.confirm(tables, call())
  await (await demo.sender()).sendLines(epoch, 'one', [line(1)])
  await tableCall('DELETE', 'log_results')
  await tableCall('POST', '', {
    tableReference: { projectId: 'demo', datasetId: 'log_analytics', tableId: 'log_results' },
    schema: { fields: [{ name: 'status', type: 'STRING', mode: 'NULLABLE' }] },
  })
  expect((await refusal(demo.warehouse.reset(call()))).kind).toBe('refused')
  expect(await demo.server.rowsOf('log_analytics', 'raw_logs')).toHaveLength(1)
})

test('a reset that is stopped leaves no table out, with what somebody has added to it', async () => {
  const { epoch } = await demo.warehouse.confirm(tables, call())
  const { schema } = await lookAt('raw_logs')
  const note = { name: 'note', type: 'STRING', mode: 'NULLABLE' }
  await tableCall('PATCH', 'raw_logs', { schema: { fields: [...schema.fields, note] } })
  await (await demo.sender()).sendLines(epoch, 'one', [line(1)])
  demo.server.faults.add({ on: 'tables.delete', do: 'answer after 300 ms' })
  const stop = new AbortController()
  const reset = refusal(demo.warehouse.reset({ signal: stop.signal, deadlineMs: 20_000 }))
  while (demo.server.requests.count('tables.delete') === 0) await demo.warehouse.status(call())
  stop.abort()
  expect((await reset).kind).toBe('interrupted')
  expect((await lookAt('raw_logs')).schema.fields.map(({ name }) => name)).toContain('note')
})
