import { afterEach, describe, expect, test } from 'vitest'
import { rawRequests, realClient } from './client.ts'
import { type EventsWorld, events, openEvents } from './events.ts'
import { startStandIn } from './stand-in.ts'
import type { StandInOptions } from './types.ts'

let world: EventsWorld | undefined
const open = async (options: StandInOptions = {}): Promise<EventsWorld> => {
  world = await openEvents(options)
  return world
}
afterEach(async () => {
  await world?.close()
  world = undefined
})

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    (error: { code?: unknown; message?: string }) => `${error.code} ${error.message}`,
  )

describe('tokens of the stand-in', () => {
  test('expire by its clock, and are refused once unknown', async () => {
    let clock = Date.now()
    const { server, raw } = await open({ now: () => clock, tokenSeconds: 600 })
    expect((await raw.get('/datasets/logs')).status).toBe(200)
    clock += 600_001
    const late = await raw.get('/datasets/logs')
    expect([late.status, late.body.error.errors[0].reason]).toEqual([401, 'authError'])
    const fresh = rawRequests(server, 'loader')
    expect((await fresh.get('/datasets/logs')).status).toBe(200)
    server.expireTokens()
    expect((await fresh.get('/datasets/logs')).status).toBe(401)
    expect((await fetch(`${server.url}/bigquery/v2/projects/demo/datasets/logs`)).status).toBe(401)
  })

  test('are for keys that are known', async () => {
    const { server } = await open()
    const client = realClient(server, 'loader')
    server.revoke('loader')
    expect(await codeOf(client.dataset('logs').getMetadata())).toMatch(/^400 invalid_grant: Invalid JWT Signature/)
    const again = realClient(server, 'loader')
    expect(await codeOf(again.dataset('logs').getMetadata())).toBe('ok')
    server.faults.add({ on: 'oauth.token', do: 'clock wrong' })
    expect(await codeOf(realClient(server, 'loader').dataset('logs').getMetadata())).toMatch(/short-lived token/)
  })

  test('are needed by nobody where the server says so, but a wrong one is refused', async () => {
    const { server } = await open({ withoutToken: 'owner' })
    const url = `${server.url}/bigquery/v2/projects/demo/datasets/logs`
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
  })
})

describe('permissions of the stand-in', () => {
  test('are by account, on the project or on a dataset', async () => {
    const { server } = await open()
    const reader = rawRequests(server, 'reader')
    const tried = async () => [
      (await reader.get('/datasets/logs')).status,
      (await reader.get('/datasets/logs/tables/events')).status,
      (await reader.get('/datasets/logs/tables/events/data')).status,
      (await reader.post('/queries', { query: 'SELECT COUNT(*) FROM `demo.logs.events`', useLegacySql: false })).status,
    ]
    expect(await tried()).toEqual([403, 403, 403, 403])
    server.grant('reader', ['roles/bigquery.dataViewer'], { dataset: 'logs' })
    expect(await tried()).toEqual([200, 200, 200, 403])
    server.grant('reader', ['bigquery.jobs.create'])
    expect(await tried()).toEqual([200, 200, 200, 200])
    const permissions = ['bigquery.jobs.create', 'bigquery.tables.getData', 'bigquery.tables.updateData']
    const project = await reader.send('POST', '/v3/projects/demo:testIamPermissions', { permissions })
    expect(project.body.permissions).toEqual(['bigquery.jobs.create'])
    const test = (table: string, wanted: readonly string[]) =>
      reader.post(`/datasets/logs/tables/${table}:testIamPermissions`, { permissions: wanted })
    expect((await test('events', permissions)).status).toBe(400)
    expect((await test('events', permissions.slice(1))).body.permissions).toEqual(['bigquery.tables.getData'])
    expect((await test('nosuch', permissions.slice(1))).body).toEqual({})
    server.ungrant('reader')
    expect(await tried()).toEqual([403, 403, 403, 403])
  })

  test('come by the project’s policy, which replaces the one that was read', async () => {
    const { server } = await open()
    server.grant('owner', ['roles/resourcemanager.projectIamAdmin'])
    const owner = rawRequests(server, 'owner')
    const policy = (await owner.send('POST', '/v3/projects/demo:getIamPolicy', {})).body
    const binding = { role: 'roles/bigquery.jobUser', members: [`serviceAccount:${server.emailOf('reader')}`] }
    const set = (etag: string) =>
      owner.send('POST', '/v3/projects/demo:setIamPolicy', { policy: { etag, bindings: [binding] } })
    expect((await set(policy.etag)).status).toBe(200)
    expect((await set(policy.etag)).status).toBe(409)
    const test = await rawRequests(server, 'reader').send('POST', '/v3/projects/demo:testIamPermissions', {
      permissions: ['bigquery.jobs.create'],
    })
    expect(test.body.permissions).toEqual(['bigquery.jobs.create'])
    expect((await rawRequests(server, 'reader').send('POST', '/v3/projects/demo:getIamPolicy', {})).status).toBe(403)
  })

  test('with a condition show and stay only in version 3 of the policy', async () => {
    const { server } = await open()
    server.grant('owner', ['roles/resourcemanager.projectIamAdmin'])
    const owner = rawRequests(server, 'owner')
    const read = async (body: object) => (await owner.send('POST', '/v3/projects/demo:getIamPolicy', body)).body
    const write = (policy: object) => owner.send('POST', '/v3/projects/demo:setIamPolicy', { policy })
    const condition = { title: 'night', expression: 'request.time.getHours() > 20' }
    const binding = { role: 'roles/bigquery.jobUser', members: ['user:a@example.com'], condition }
    const { etag } = await read({})
    expect((await write({ etag, bindings: [binding] })).status).toBe(400)
    expect((await write({ etag, version: 3, bindings: [binding] })).status).toBe(200)
    const older = await read({})
    expect(older.bindings[0].role).toMatch(/_withcond_/)
    const refused = await write(older)
    expect(refused.status).toBe(400)
    expect(refused.body.error).not.toHaveProperty('errors')
    expect((await read({ options: { requestedPolicyVersion: 3 } })).bindings).toEqual([binding])
  })

  test('arrive late, by requests', async () => {
    const server = await startStandIn({ grantsArriveAfter: 3 })
    server.grant('reader', ['bigquery.datasets.create'])
    const reader = rawRequests(server, 'reader')
    const statuses = []
    for (let i = 0; i < 5; i++)
      statuses.push((await reader.post('/datasets', { datasetReference: { datasetId: `d${i}` } })).status)
    await server.close()
    expect(statuses).toEqual([403, 403, 403, 200, 200])
  })

  test('of the project: its API, its billing, itself', async () => {
    const { server, raw } = await open({ apiEnabled: true, billing: false })
    expect((await raw.get('/datasets/logs')).body.defaultTableExpirationMs).toBe('5184000000')
    const write = await raw.post('/queries', {
      query: 'DELETE FROM `demo.logs.events` WHERE TRUE',
      useLegacySql: false,
    })
    expect([write.status, write.body.error.errors[0].reason]).toEqual([403, 'billingNotEnabled'])
    expect((await raw.send('GET', '/v1/projects/demo/billingInfo')).body.billingEnabled).toBe(false)
    expect((await raw.send('GET', '/bigquery/v2/projects/other/datasets/logs')).status).toBe(404)
    expect((await raw.send('GET', '/v3/projects/other')).status).toBe(403)
    expect(server.requests.of('datasets.get').at(-1)?.account).toBe('loader@demo.iam.gserviceaccount.com')
  })
})

describe('quotas of the stand-in', () => {
  test('are counted, failed loads too, and the day passes', async () => {
    let clock = Date.UTC(2026, 10, 20, 23)
    const { load, server } = await open({ now: () => clock, quotas: { loadJobsADay: 3 }, tokenSeconds: 1e6 })
    expect(await load('a', events(1))).toBe('done')
    expect(await load('b', "SELECT 'x' AS status")).toBe('invalid')
    server.faults.add({ on: 'jobs.insert', do: 'job fails with backendError' })
    expect(await load('c', events(1))).toBe('backendError')
    expect(await load('d', events(1))).toBe('403 quotaExceeded')
    expect(server.jobs().map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    clock += 3_600_000
    expect(await load('d', events(1))).toBe('done')
  })

  test('limit partitions of a table and its changes in ten seconds', async () => {
    let clock = Date.UTC(2026, 10, 20)
    const { load } = await open({
      now: () => clock,
      quotas: { partitionModificationsADay: 5, tableOperationsIn10s: 2 },
      tokenSeconds: 1e6,
    })
    const days = (n: number) =>
      `SELECT TIMESTAMPTZ '2026-11-20 00:00:00+00' + to_days(i::INTEGER) AS ts FROM range(${n}) t(i)`
    expect(await load('a', days(2))).toBe('done')
    expect(await load('b', days(1))).toBe('done')
    expect(await load('c', days(1))).toBe('jobRateLimitExceeded')
    clock += 10_001
    expect(await load('d', days(3))).toBe('quotaExceeded')
    expect(await load('e', days(2))).toBe('done')
  })
})
