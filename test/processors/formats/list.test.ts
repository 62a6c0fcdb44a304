import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formats } from '../../../processors/formats/list.ts'
import { openReader } from '../../../processors/formats/open-reader.ts'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { readingOf } from '../../../processors/formats/reading.ts'
import { eventsOf } from './read-log.ts'
import { samples } from './samples.ts'

describe('every format of the list', () => {
  test('has a sample', () => {
    expect(samples.map(({ id, foundAs }) => [id, foundAs])).toEqual(formats.map(({ id, foundAs }) => [id, foundAs]))
  })

  test.each(samples.map((sample) => [sample.id, sample] as const))('%s', (id, { line, without = [], foundAs = id }) => {
    const named = parseLine(line, readingOf(id))
    const found = parseLine(line)
    if (!named.ok || !found.ok) throw new Error(`refused: ${line}`)
    expect(found.shape.format.format.id).toBe(foundAs)
    expect(found.shape.wrappers).toEqual([])
    const expected = {
      client: '192.0.2.83',
      method: 'GET',
      path: '/wp-login.php?a=1',
      protocol: without.includes('protocol') ? null : 'HTTP/1.1',
      status: 200,
      size: without.includes('size') ? null : 23_965n,
      agent: without.includes('agent') ? null : 'ExampleBot/2.1',
      user: null,
      referer: null,
      second: without.includes('time') ? 0 : 1_773_309_600,
    }
    expect(named.event).toMatchObject(expected)
    expect(found.event).toMatchObject(expected)
  })

  test.each(samples.filter(({ line }) => line.includes('www.example.com') && !line.startsWith('192.0.2.83:')))(
    'the host is known: $id',
    ({ id, line }) => {
      const parsed = parseLine(line, readingOf(id))
      expect(parsed.ok && parsed.event.host).toBe('www.example.com')
    },
  )

  test.each([
    'ingress_nginx',
    'traefik',
    'haproxy_clf',
    'nginx_proxy_manager',
    'envoy',
    'istio',
    'haproxy',
    'squid',
    'alb',
    'elb',
    's3',
    'morgan_short',
    'cloudfront',
    'iis',
    'traefik_json',
    'caddy',
    'google_lb',
    'openliberty_json',
    'envoy_json',
    'nginx_json',
    'json',
  ])('the duration is known where there is one: %s', (id) => {
    const sample = samples.find((one) => one.id === id)
    const parsed = parseLine(sample?.line ?? '', readingOf(id))
    const expected = id === 'nginx_proxy_manager' ? null : id === 'morgan_short' ? 220.125 : 220
    expect(parsed.ok && parsed.event.durationMs).toBe(expected)
  })

  // a list with blanks and without quotes is for the exact rules
  test.each(samples.filter(({ id }) => !/json|caddy|google|^peer_forwarded$/.test(id)))(
    '$id is read by its table',
    ({ id, line }) => {
      const reader = openReader(readingOf(id))
      const plain = line.replace('\ta=1\t', '\t-\t').replace(' a=1 ', ' - ')
      const bytes = Buffer.from(`${plain}\n${plain}\n`)
      reader.begin({ bytes, ascii: false, now: { second: 5, micros: 0 }, header: undefined })
      expect(reader.parse(0, plain.length)).toMatchObject({ ok: true })
      expect(reader.scan(plain.length + 1)).toBe(true)
    },
  )
})

const folder = new URL('../../fixtures/formats/', import.meta.url)
const read = (name: string) => eventsOf(readFileSync(new URL(name, folder)))

describe('the same sixty requests', () => {
  const names = readdirSync(folder)
  const row = ({ client, method, path, status }: { client: string; method: unknown; path: unknown; status: number }) =>
    [client, method, path, status].join(' ')
  const expected = read('07-apache-combined.log').events

  test('fourteen formats are here', () => {
    expect(names).toHaveLength(14)
    expect(expected).toHaveLength(60)
  })

  test.each(names)('%s', (name) => {
    const { events, refused } = read(name)
    expect(refused).toEqual([])
    expect(events.map(row)).toEqual(expected.map(row))
    const sizes = name.startsWith('23-') ? events.map(() => null) : expected.map(({ size }) => size)
    expect(events.map(({ size }) => size)).toEqual(sizes)
  })
})
