import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openWriter, type Writer } from '../../../processors/write/open-writer.ts'
import { AppError } from '../../../src/core/errors.ts'
import { countsOf } from '../window-counts.ts'
import {
  contextOf,
  emptyOutput,
  eventsOf,
  originOf,
  passOf,
  query,
  readParquet,
  stageOf,
  temporaryFolder,
} from './support.ts'

const open = async (stage: string): Promise<{ writer: Writer; folder: string; path: (name: string) => string }> => {
  const folder = temporaryFolder()
  const writer = await openWriter(contextOf(stageOf(stage), folder))
  onTestFinished(() => writer.close())
  return { writer, folder, path: (name) => join(folder, name) }
}

describe('the writer', () => {
  test('gives lines as they stand, also those with odd characters', async () => {
    const { writer, path } = await open('raw')
    const given = ['a "quoted" \\ line, with a comma', '# no comment', '\ttab', 'held\r0x1f\x1f and NUL \0 inside']
    const output = passOf('lines', given.map((line) => `${line}\n`).join(''))
    const written = await writer.write(output, originOf(), { raw_logs: path('a.parquet') })
    expect(written).toMatchObject([{ table: 'raw_logs', rows: 4, lines: 4, bytes: statSync(path('a.parquet')).size }])
    const rows = await readParquet(path('a.parquet'), 'length(remote_log_id), remote_log_id')
    expect(rows.map((row) => [row['remote_log_id'], row['raw_line']])).toEqual([
      ['aws-1/f00d/0', given[0]],
      ['aws-1/f00d/32', given[1]],
      ['aws-1/f00d/45', given[2]],
      ['aws-1/f00d/50', given[3]],
    ])
    expect(rows[0]).toEqual({
      project_id: 'sandbox',
      region: 'us-east-1',
      nodeName: 'aws-1',
      hostname: "o'brien",
      provider: 'aws',
      chunk_id: 'e1-raw',
      remote_log_id: 'aws-1/f00d/0',
      raw_line: 'a "quoted" \\ line, with a comma',
      upload_time: '2026-11-18 11:06:40.000001+00',
    })
  })

  test('gives events their types, words and categories; a dash is NULL', async () => {
    const { writer, path } = await open('structured')
    const line = (request: string, status: number, size: string, user = '-'): string =>
      `192.0.2.7 - ${user} [2026-11-18T11:06:40.123456+0000] "${request}" ${status} ${size} "-" "curl/8"`
    const output = eventsOf(
      [
        line('GET /login HTTP/1.1', 200, '17', 'u1'),
        line('GET /login HTTP/1.1', 302, '17'),
        line('GET /login HTTP/1.1', 404, '17'),
        line('GET /login HTTP/1.1', 503, '17'),
        line('GET /login HTTP/1.1', 101, '17'),
        line('PURGE /a\\x1fb HTTP/1.1', 299, '9007199254740993'),
        line('hello', 400, '-'),
      ],
      'events',
    )
    await writer.write(output, originOf(), { log_results: path('a.parquet') })
    const rows = await readParquet(path('a.parquet'), 'length(remote_log_id), remote_log_id')
    expect(rows.map((row) => [row['message'], row['alert_level'], row['status_category'], row['user_id']])).toEqual([
      ['GET /login 200 OK', 'INFO', 'OK', 'u1'],
      ['GET /login 302 Found', 'INFO', 'Redirect', null],
      ['GET /login 404 Not Found', 'WARNING', 'Client Error', null],
      ['GET /login 503 Service Unavailable', 'ERROR', 'Server Error', null],
      ['GET /login 101 Switching Protocols', 'INFO', 'Informational', null],
      ['PURGE /a\\x1fb 299', 'INFO', 'OK', null],
      ['hello 400 Bad Request', 'WARNING', 'Client Error', null],
    ])
    expect(rows[5]).toMatchObject({ bytes: '9007199254740993', version: 'structured', public_ip: '203.0.113.9' })
    expect(rows[6]).toMatchObject({ bytes: '0', method: null, path: null, protocol: null })
    expect(rows[0]).toMatchObject({
      timestamp: '2026-11-18 11:06:40.123456+00',
      private_ip: '10.0.0.7',
      referer: null,
      user_agent: 'curl/8',
      bytes: '17',
    })
  })

  test('writes what most logs do not have', async () => {
    const { writer, path } = await open('structured')
    const line = (host: string, micros: string): string =>
      `${host} 192.0.2.1 - - [01/Nov/2026:05:00:00 +0000] "GET / HTTP/1.1" 200 1 ${micros}`
    const output = eventsOf([line('-', '-'), line('www.example.com', '250')], 'events', '%v %h %l %u %t "%r" %>s %b %D')
    await writer.write(output, originOf(), { log_results: path('a.parquet') })
    const rows = await readParquet(path('a.parquet'), 'remote_log_id')
    expect(rows.map((each) => [each['host'], each['duration_ms'], each['forwarded_for']])).toEqual([
      [null, null, null],
      ['www.example.com', 0.25, null],
    ])
  })

  test("masks the node's own public address with the rows, not its private one", async () => {
    const { writer, path } = await open('private')
    const output = eventsOf(['192.0.2.7 - - [01/Nov/2026:05:00:00 +0000] "GET / HTTP/1.1" 200 1'], 'masked')
    await writer.write(output, originOf(), { log_results: path('a.parquet') })
    expect(await readParquet(path('a.parquet'))).toMatchObject([
      { public_ip: '203.0.113.0', private_ip: '10.0.0.7', version: 'private' },
    ])
  })

  test('writes no file for a table without rows', async () => {
    const { writer, folder, path } = await open('aggregated')
    const paths = { log_aggregates: path('a.parquet'), emergency_logs: path('e.parquet') }
    expect(await writer.write({ ...emptyOutput, windowCounts: countsOf([]), alerts: [] }, originOf(), paths)).toEqual(
      [],
    )
    const counts = countsOf([{ window_us: 0n, status: 200, endpoint: '/', n: 1, bytes: 2n }])
    const written = await writer.write({ ...emptyOutput, windowCounts: counts, alerts: [] }, originOf(), paths)
    expect(written.map(({ table, rows }) => [table, rows])).toEqual([['log_aggregates', 1]])
    expect(readdirSync(folder).filter((name) => name.endsWith('.parquet'))).toEqual(['a.parquet'])
  })

  test('takes the rows of a chunk at once, so that the buffers may be reused while it writes', async () => {
    const { writer, path } = await open('raw')
    const names = Array.from({ length: 5 }, (_, i) => `${i}.parquet`)
    let before: Promise<unknown> = Promise.resolve()
    for (const [i, name] of names.entries()) {
      const log = Buffer.from(`line ${i}\nodd\r ${i}\n`)
      const writing = writer.write(passOf('lines', log), originOf(), { raw_logs: path(name) })
      await before
      before = writing
    }
    await before
    const texts = await query(`SELECT raw_line FROM read_parquet('${path('?.parquet')}') ORDER BY 1`)
    expect(texts.map((row) => row['raw_line'])).toEqual([
      ...names.map((_, i) => `line ${i}`),
      ...names.map((_, i) => `odd\r ${i}`),
    ])
  })

  test('goes on after a chunk that could not be written, without its rows', async () => {
    const { writer, path } = await open('raw')
    const failing = writer.write(passOf('lines', 'lost\nlost too\n'), originOf(77), {
      raw_logs: '/nowhere/a.parquet',
    })
    await expect(failing).rejects.toThrow(AppError)
    await expect(failing).rejects.toThrow('The chunk at byte 77 could not be written as Parquet.')
    for (const name of ['b', 'c', 'd']) {
      await writer.write(passOf('lines', `${name}\n`), originOf(), { raw_logs: path(`${name}.parquet`) })
      expect((await readParquet(path(`${name}.parquet`))).map((row) => row['raw_line'])).toEqual([name])
    }
  })

  test('takes the longest line there is: 1 MiB of bytes that each became U+FFFD', async () => {
    const { writer, path } = await open('raw')
    const log = Buffer.concat([Buffer.from('before\n'), Buffer.alloc(1_048_576, 0xff), Buffer.from('\nafter\n')])
    await writer.write(passOf('lines', log), originOf(), { raw_logs: path('a.parquet') })
    const lengths = await query(`SELECT length(raw_line) AS n FROM read_parquet('${path('a.parquet')}') ORDER BY n`)
    expect(lengths.map((row) => row['n'])).toEqual(['5', '6', '1048576'])
  })
})
