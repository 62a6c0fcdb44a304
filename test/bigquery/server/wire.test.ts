import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type EventsWorld, events, openEvents } from './events.ts'

const sampleSchema = z.object({
  exchanges: z.array(
    z.object({
      request: z.object({
        method: z.string(),
        path: z.string(),
        query: z.record(z.string(), z.string()),
        body: z.unknown().optional(),
      }),
      response: z.object({ status: z.number(), body: z.unknown().optional() }),
    }),
  ),
})

const sample = (name: string) => {
  const path = fileURLToPath(new URL(`../../fixtures/bigquery/${name}.json`, import.meta.url))
  return sampleSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).exchanges
}

/** The shape of a value: what is text stays text, lists are known by their first item. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
}

let world: EventsWorld
beforeAll(async () => {
  world = await openEvents()
  world.server.grant('loader', ['roles/bigquery.dataOwner', 'bigquery.datasets.create', 'bigquery.jobs.update'])
  await world.load('bbq_events_0123abcd_0', events(1000))
  await world.raw.post('/queries', { query: 'SELECT 1', useLegacySql: false, requestId: 'first' })
})
afterAll(() => world.close())

/** A recorded request, sent as it was. */
const replay = ({ method, path, query, body }: ReturnType<typeof sample>[number]['request'], headers = {}) =>
  world.raw.send(method, `${path}?${new URLSearchParams(query)}`, body, headers)

describe('the stand-in answers a recorded request in the recorded shape', () => {
  const exact: readonly (readonly [string, number, readonly string[]])[] = [
    ['datasets.get', 0, ['access']],
    ['datasets.get.missing', 0, []],
    ['tables.get', 0, []],
    ['tables.get.missing', 0, []],
    ['tabledata.list', 0, ['rows', 'pageToken']],
    ['jobs.get', 0, ['etag']],
    ['jobs.get.missing', 0, []],
    ['jobs.insert.dryrun', 0, ['etag', 'id']],
    ['tables.testiampermissions', 0, []],
    ['tables.getiampolicy', 0, ['bindings']],
    ['projects.testiampermissions', 0, []],
    ['tabledata.insertall.partial', 0, []],
  ]
  test.each(exact)('%s', async (name, index, free) => {
    const exchange = sample(name)[index]
    if (exchange === undefined) throw new Error(`no exchange ${index} in ${name}`)
    const { status, body } = await replay(exchange.request)
    expect(status).toBe(exchange.response.status)
    const without = (value: unknown) =>
      Object.fromEntries(
        Object.entries(z.record(z.string(), z.unknown()).parse(value)).filter(([key]) => !free.includes(key)),
      )
    expect(shapeOf(without(body))).toMatchObject(
      z.record(z.string(), z.unknown()).parse(shapeOf(without(exchange.response.body))),
    )
  })

  test('errors word for word, where the words are BigQuery’s', async () => {
    for (const name of ['datasets.get.missing', 'jobs.get.missing', 'tables.get.missing']) {
      const exchange = sample(name)[0]
      if (exchange === undefined) throw new Error(name)
      expect((await replay(exchange.request)).body, name).toEqual(exchange.response.body)
    }
  })

  test('jobs.insert.upload: the recorded body, byte for byte', async () => {
    const text = readFileSync(
      fileURLToPath(new URL('../../fixtures/bigquery/jobs.insert.upload.body.txt', import.meta.url)),
      'utf8',
    )
    const [head = '', ...rest] = text.split(/\r?\n\r?\n/)
    const id = 'bbq_events_0123abcd_1'
    const [before = '', after = ''] = rest
      .join('\r\n\r\n')
      .replaceAll('<boundary>', 'bbb')
      .replace('bbq_events_0123abcd_0', id)
      .split(/<the Parquet file[^>]*>/)
    const [first] = sample('jobs.insert.upload')
    expect(head).toContain(first?.request.path)
    const answer = await fetch(`${world.server.url}${first?.request.path}?uploadType=multipart`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.server.token('loader')}`,
        'content-type': 'multipart/related; boundary=bbb',
      },
      body: Buffer.concat([
        Buffer.from(before),
        readFileSync(await world.parquet(events(4))),
        Buffer.from(after.trimEnd()),
      ]),
    })
    expect(answer.status).toBe(200)
    const {
      etag: _etag,
      statistics: _statistics,
      ...shape
    } = z.record(z.string(), z.unknown()).parse(shapeOf(first?.response.body))
    expect(shapeOf(await answer.json())).toMatchObject(shape)
    await world.server.settled()
    expect(world.server.jobs().at(-1)).toMatchObject({ id, outputRows: 4 })
  })

  test('jobs.query with the recorded parameters', async () => {
    const [exchange] = sample('jobs.query')
    if (exchange === undefined) throw new Error('no exchange')
    const { status, body } = await replay(exchange.request)
    expect(status).toBe(200)
    const {
      creationTime: _c,
      startTime: _s,
      endTime: _e,
      totalSlotMs: _t,
      ...shape
    } = z.record(z.string(), z.unknown()).parse(shapeOf(exchange.response.body))
    expect(shapeOf(body)).toMatchObject(shape)
  })
})
