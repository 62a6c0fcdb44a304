import { afterEach, describe, expect, test } from 'vitest'
import { type EventsWorld, eventLoad, events, openEvents } from './server/events.ts'
import type { FaultKind } from './server/faults.ts'
import type { StandInOptions } from './server/types.ts'

let world: EventsWorld | undefined
const open = async (options: StandInOptions = {}, location = 'US'): Promise<EventsWorld> => {
  world = await openEvents(options, location)
  return world
}
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Whatever a promise of the client ends in. */
const outcome = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: unknown; errors?: { reason?: string }[] }) =>
      `${error.code ?? 'job'} ${error.errors?.[0]?.reason ?? ''}`.trim(),
  )

describe('the stand-in, by the real client', () => {
  test('loads a file and gives the rows back', async () => {
    const { client, server, parquet } = await open()
    const table = client.dataset('logs').table('events')
    const [before] = await table.getMetadata()
    await table.load(await parquet(events(3)), { ...eventLoad, jobId: 'one' })
    const [after] = await table.getMetadata()
    expect([after.numRows, before.numRows]).toEqual(['3', '0'])
    expect(Number(after.numBytes)).toBeGreaterThan(0)
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
    expect(server.jobs()).toMatchObject([
      { id: 'one', type: 'LOAD', state: 'DONE', table: 'logs.events', outputRows: 3 },
    ])
    expect(server.requests.count('oauth.token')).toBe(1)
    expect(server.requests.count('jobs.query', 'jobs.insert.query', 'jobs.insert.dryRun')).toBe(0)
  })

  test('takes an id once, whatever becomes of its job', async () => {
    const { client, server, parquet, rows } = await open()
    const table = client.dataset('logs').table('events')
    const file = await parquet(events(2))
    await table.load(file, { ...eventLoad, jobId: 'good' })
    expect(await outcome(table.load(file, { ...eventLoad, jobId: 'good' }))).toBe('409 duplicate')
    server.faults.add({ on: 'jobs.insert', do: 'job fails with backendError' })
    expect(await outcome(table.load(file, { ...eventLoad, jobId: 'bad' }))).toBe('job backendError')
    expect(await outcome(table.load(file, { ...eventLoad, jobId: 'bad' }))).toBe('409 duplicate')
    server.faults.add({ on: 'jobs.insert', do: 'stay RUNNING' })
    await table.createLoadJob(file, { ...eventLoad, jobId: 'long' })
    expect(await outcome(table.createLoadJob(file, { ...eventLoad, jobId: 'long' }))).toBe('409 duplicate')
    await client.job('long', { location: 'US' }).cancel()
    expect(server.jobs().at(-1)).toMatchObject({ id: 'long', state: 'DONE', error: 'stopped' })
    expect(await rows()).toBe(2)
  })

  test('says a wrong location as not found, and wants one outside of US and EU', async () => {
    const { client, server, parquet, raw } = await open({}, 'europe-west4')
    const file = await parquet(events(1))
    const elsewhere = client.dataset('logs', { location: 'US' }).table('events', { location: 'US' })
    expect(await outcome(elsewhere.load(file, { ...eventLoad, jobId: 'there' }))).toBe('404 notFound')
    expect(server.jobs()).toEqual([])
    await client
      .dataset('logs')
      .table('events')
      .load(file, { ...eventLoad, jobId: 'here' })
    expect((await raw.get('/jobs/here')).status).toBe(404)
    expect((await raw.get('/jobs/here?location=US')).status).toBe(404)
    expect((await raw.get('/jobs/here?location=europe-west4')).status).toBe(200)
    expect(await outcome(client.query({ query: 'SELECT * FROM `demo.logs.events`', location: 'US' }))).toBe(
      '404 notFound',
    )
  })

  test('changes a dataset only from what it was, and the list of access gives rights', async () => {
    const { server, client, raw } = await open()
    server.grant('owner', ['roles/bigquery.dataOwner'])
    const [dataset] = await client.dataset('logs').getMetadata()
    const entry = { role: 'roles/bigquery.dataViewer', userByEmail: server.emailOf('reader') }
    const patch = (etag: string) =>
      fetch(`${server.url}/bigquery/v2/projects/demo/datasets/logs`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${server.token('owner')}`,
          'content-type': 'application/json',
          'if-match': etag,
        },
        body: JSON.stringify({ access: [...dataset.access, entry] }),
      })
    expect((await patch(dataset.etag)).status).toBe(200)
    expect((await patch(dataset.etag)).status).toBe(412)
    const [after] = await client.dataset('logs').getMetadata()
    expect(after.access.at(-1)).toEqual({ ...entry, role: 'READER' })
    expect((await raw.get('/datasets/nosuch')).status).toBe(404)
  })

  test('adds columns to a table, and refuses every other change', async () => {
    const { client, raw } = await open()
    const path = '/bigquery/v2/projects/demo/datasets/logs/tables/events'
    const [{ schema }] = await client.dataset('logs').table('events').getMetadata()
    const patch = async (body: object) => (await raw.send('PATCH', path, body)).body.error?.errors[0].reason ?? 'ok'
    const change = (fields: readonly object[]) => patch({ schema: { fields } })
    expect(await change([...schema.fields, { name: 'more', type: 'STRING' }])).toBe('ok')
    expect(await change(schema.fields)).toBe('invalid')
    expect(await change([...schema.fields, { name: 'more', type: 'INTEGER' }])).toBe('invalid')
    expect(
      await change([
        ...schema.fields,
        { name: 'more', type: 'STRING' },
        { name: 'must', type: 'STRING', mode: 'REQUIRED' },
      ]),
    ).toBe('invalid')
    await patch({ labels: { bbq_epoch: 'abc', other: 'x' } })
    await patch({ labels: { other: null } })
    expect((await raw.get('/datasets/logs/tables/events')).body.labels).toEqual({ bbq_epoch: 'abc' })
    expect(await patch({ labels: { Bad: 'x' } })).toBe('invalid')
    expect(await outcome(client.dataset('logs').createTable('events', {}))).toBe('409 duplicate')
  })
})

describe('a fault of the table', () => {
  const cases: readonly (readonly [FaultKind, string, number])[] = [
    ['cut before acceptance', 'none', 0],
    ['cut after acceptance', 'none', 1],
    ['503 before acceptance', '503 backendError', 0],
    ['503 after acceptance', '503 backendError', 1],
    ['silence', 'none', 0],
    ['silence after acceptance', 'none', 1],
    ['never ending answer', 'none', 1],
    ['429 Retry-After 1', '429 rateLimitExceeded', 0],
    ['403 quotaExceeded', '403 quotaExceeded', 0],
    ['html page', '502 <!DOCTYPE', 0],
    ['html page with 200', '200 <!DOCTYPE', 0],
    ['cut JSON', '200 {"kind":"', 1],
    ['200 without status', '200 no status', 1],
    ['expired token', '401 authError', 0],
    ['stay PENDING', '200 PENDING', 1],
  ]
  test.each(cases)('%s: the caller sees %s, and %i jobs are accepted', async (kind, seen, accepted) => {
    const { server, parquet } = await open()
    const file = await parquet(events(1))
    server.faults.add({ on: 'jobs.insert', nth: 1, do: kind })
    const controller = new AbortController()
    const sent = upload(server.url, server.token('loader'), file, controller.signal).catch(() => 'none')
    if (/silence|never/.test(kind)) {
      await expect.poll(() => server.requests.of('jobs.insert')[0]?.fault).toBe(kind)
      await expect.poll(() => server.jobs().length).toBe(accepted)
      setTimeout(() => controller.abort(), 50)
    }
    const answer = await sent
    expect(answer.startsWith(seen), answer).toBe(true)
    expect(server.jobs().length).toBe(accepted)
    expect(server.faults.fired).toEqual([{ endpoint: 'jobs.insert', kind }])
    expect(server.requests.of('jobs.insert')[0]).toMatchObject({ fault: kind })
  })

  const upload = async (url: string, token: string, path: string, signal: AbortSignal): Promise<string> => {
    const { readFileSync } = await import('node:fs')
    const metadata = {
      jobReference: { jobId: 'one', location: 'US' },
      configuration: { load: { destinationTable: { datasetId: 'logs', tableId: 'events' }, ...eventLoad } },
    }
    const body = Buffer.concat([
      Buffer.from(
        `--b\nContent-Type: application/json\n\n${JSON.stringify(metadata)}\n--b\nContent-Type: application/octet-stream\n\n`,
      ),
      readFileSync(path),
      Buffer.from('\n--b--'),
    ])
    const response = await fetch(`${url}/upload/bigquery/v2/projects/demo/jobs?uploadType=multipart`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/related; boundary=b' },
      body,
      signal,
    })
    const text = await response.text()
    if (text.startsWith('<') || response.headers.get('content-type')?.includes('json') !== true)
      return `${response.status} ${text}`
    try {
      const json = JSON.parse(text)
      return `${response.status} ${json.error?.errors[0].reason ?? json.status?.state ?? 'no status'}`
    } catch {
      return `${response.status} ${text}`
    }
  }

  test('cuts in the middle of a large upload', async () => {
    const { server, client, parquet } = await open()
    const file = await parquet(`SELECT md5(i::VARCHAR) || md5((i * 7)::VARCHAR) AS event_id FROM range(200000) t(i)`)
    server.faults.add({ on: 'jobs.insert', do: 'cut before acceptance' })
    expect(
      await outcome(
        client
          .dataset('logs')
          .table('events')
          .load(file, { ...eventLoad, jobId: 'big' }),
      ),
    ).toMatch(/ECONNRESET|EPIPE|job/)
    expect(server.jobs()).toEqual([])
  })

  test('counts the requests it is about, and hits as many as it is told', async () => {
    const { server, raw } = await open()
    server.faults.add({ on: 'tables.get', nth: 2, times: 2, do: '503 before acceptance', about: 'events' })
    const statuses = []
    for (const table of ['events', 'other', 'events', 'other', 'events', 'events'])
      statuses.push((await raw.get(`/datasets/logs/tables/${table}`)).status)
    expect(statuses).toEqual([200, 404, 503, 404, 503, 200])
  })

  test('by chance falls the same way for the same seed', async () => {
    const run = async (seed: number) => {
      const { server, raw } = await open()
      server.faults.random({
        share: 0.3,
        seed,
        kinds: ['503 before acceptance', '429 Retry-After 1', 'stay RUNNING'],
        on: ['tables.get'],
      })
      const statuses = []
      for (let i = 0; i < 40; i++) statuses.push((await raw.get('/datasets/logs/tables/events')).status)
      await world?.close()
      world = undefined
      return statuses
    }
    const first = await run(7)
    expect(await run(7)).toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 503, 429]))
    expect(await run(8)).not.toEqual(first)
  })

  test('lets a job run for some questions, and loads then', async () => {
    const { server, raw, parquet, send, rows } = await open()
    server.faults.add({ on: 'jobs.insert', do: 'RUNNING for 2 polls' })
    await send('slow', await parquet(events(2)))
    await server.settled()
    expect(await rows()).toBe(0)
    const states = []
    for (let i = 0; i < 2; i++) states.push((await raw.get('/jobs/slow?location=US')).body.status.state)
    expect(states).toEqual(['RUNNING', 'RUNNING'])
    await expect.poll(rows).toBe(2)
  })
  test('loads a job that ran for some questions once, however many ask at one moment', async () => {
    const { server, raw, parquet, send, rows } = await open()
    const file = await parquet(events(2))
    for (let i = 0; i < 10; i++) {
      server.faults.add({ on: 'jobs.insert', do: 'RUNNING for 1 polls' })
      await send(`slow${i}`, file)
      await Promise.all(Array.from({ length: 6 }, () => raw.get(`/jobs/slow${i}?location=US`)))
    }
    await server.settled()
    expect(await rows()).toBe(20)
  })
})
