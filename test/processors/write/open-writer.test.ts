import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { PassOutput } from '../../../processors/pass/output.ts'
import { openWriter, type Writer } from '../../../processors/write/open-writer.ts'
import { AppError } from '../../../src/core/errors.ts'
import {
  contextOf,
  emptyOutput,
  eventRow,
  exactRows,
  fieldFile,
  originOf,
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

const lines = (rows: readonly (readonly [number, string])[], exact: readonly [number, string][] = []): PassOutput => ({
  ...emptyOutput,
  lines: {
    file: fieldFile(rows),
    fileRows: rows.length,
    exact: exact.map(([off, raw_line]) => ({ off, raw_line })),
  },
})

describe('the writer', () => {
  test('joins the field file and the rows that took the exact path', async () => {
    const { writer, path } = await open('raw')
    const output = lines(
      [
        [0, 'a "quoted" \\ line, with a comma'],
        [40, '# no comment'],
        [60, '\ttab'],
      ],
      [[80, 'held\r0x1f\x1f and NUL \0 inside']],
    )
    const written = await writer.write(output, originOf(), { raw_logs: path('a.parquet') })
    expect(written).toMatchObject([{ table: 'raw_logs', rows: 4, lines: 4, bytes: statSync(path('a.parquet')).size }])
    const rows = await readParquet(path('a.parquet'), 'length(remote_log_id), remote_log_id')
    expect(rows.map((row) => [row['remote_log_id'], row['raw_line']])).toEqual([
      ['aws-1/f00d/0', 'a "quoted" \\ line, with a comma'],
      ['aws-1/f00d/40', '# no comment'],
      ['aws-1/f00d/60', '\ttab'],
      ['aws-1/f00d/80', 'held\r0x1f\x1f and NUL \0 inside'],
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

  test('gives events their types, words and categories; an empty field is NULL', async () => {
    const { writer, path } = await open('structured')
    const field = (off: number, status: number, user: string): readonly (string | number | bigint)[] => [
      off,
      '192.0.2.7',
      user,
      1_795_000_000_123_456n,
      'GET',
      '/login',
      'HTTP/1.1',
      status,
      17,
      '',
      'curl/8',
      'www.example.com',
      12.5,
    ]
    const output: PassOutput = {
      ...emptyOutput,
      events: {
        file: fieldFile([
          field(0, 200, 'u1'),
          field(1, 302, ''),
          field(2, 404, ''),
          field(3, 503, ''),
          field(4, 101, ''),
        ]),
        fileRows: 5,
        hasRare: true,
        exact: [
          eventRow({
            off: 5,
            status: 299,
            method: 'PURGE',
            path: '/a\x1fb',
            protocol: 'HTTP/1.1',
            bytes: 9_007_199_254_740_993n,
          }),
          eventRow({ off: 6, status: 400, message: 'hello 400 Bad Request' }),
        ],
      },
    }
    await writer.write(output, originOf(), { log_results: path('a.parquet') })
    const rows = await readParquet(path('a.parquet'), 'remote_log_id')
    expect(rows.map((row) => [row['message'], row['alert_level'], row['status_category'], row['user_id']])).toEqual([
      ['GET /login 200 OK', 'INFO', 'OK', 'u1'],
      ['GET /login 302 Found', 'INFO', 'Redirect', null],
      ['GET /login 404 Not Found', 'WARNING', 'Client Error', null],
      ['GET /login 503 Service Unavailable', 'ERROR', 'Server Error', null],
      ['GET /login 101 Switching Protocols', 'INFO', 'Informational', null],
      ['PURGE /a\x1fb 299', 'INFO', 'OK', null],
      ['hello 400 Bad Request', 'WARNING', 'Client Error', null],
    ])
    expect(rows[5]).toMatchObject({ bytes: '9007199254740993', version: 'structured', public_ip: '203.0.113.9' })
    expect(rows[0]).toMatchObject({
      timestamp: '2026-11-18 11:06:40.123456+00',
      private_ip: '10.0.0.7',
      referer: null,
      user_agent: 'curl/8',
      bytes: '17',
    })
  })

  test('reads rows that leave out what most logs do not have beside rows that have it', async () => {
    const { writer, path } = await open('structured')
    const row = [0, '192.0.2.7', '', 5n, 'GET', '/', 'HTTP/1.1', 200, 1, '', 'curl/8']
    const file = fieldFile([
      row,
      [1, ...row.slice(1), 'www.example.com', 0.25, ''],
      [2, ...row.slice(1), '', '', '192.0.2.9'],
    ])
    const output = { ...emptyOutput, events: { file, fileRows: 3, hasRare: true, exact: [] } }
    await writer.write(output, originOf(), { log_results: path('a.parquet') })
    const rows = await readParquet(path('a.parquet'), 'remote_log_id')
    const rare = rows.map((each) => [each['user_agent'], each['host'], each['duration_ms'], each['forwarded_for']])
    expect(rare).toEqual([
      ['curl/8', null, null, null],
      ['curl/8', 'www.example.com', 0.25, null],
      ['curl/8', null, null, '192.0.2.9'],
    ])
  })

  test("masks the node's own public address with the rows, not its private one", async () => {
    const { writer, path } = await open('private')
    const output = { ...emptyOutput, masked: { file: new Uint8Array(), fileRows: 0, exact: [eventRow({ off: 6 })] } }
    await writer.write(output, originOf(), { log_results: path('a.parquet') })
    expect(await readParquet(path('a.parquet'))).toMatchObject([
      { public_ip: '203.0.113.0', private_ip: '10.0.0.7', version: 'private' },
    ])
  })

  test('writes no file for a table without rows', async () => {
    const { writer, folder, path } = await open('aggregated')
    const paths = { log_aggregates: path('a.parquet'), emergency_logs: path('e.parquet') }
    expect(
      await writer.write({ ...emptyOutput, windowCounts: exactRows([]), alerts: exactRows([]) }, originOf(), paths),
    ).toEqual([])
    const counts = [{ window_us: 0n, status: 200, endpoint: '/', n: 1, bytes: 2n }]
    const written = await writer.write(
      { ...emptyOutput, windowCounts: exactRows(counts), alerts: exactRows([]) },
      originOf(),
      paths,
    )
    expect(written.map(({ table, rows }) => [table, rows])).toEqual([['log_aggregates', 1]])
    expect(readdirSync(folder).filter((name) => name.endsWith('.parquet'))).toEqual(['a.parquet'])
  })

  test('takes the rows of a chunk at once, so that the buffers may be reused while it writes', async () => {
    const { writer, path } = await open('raw')
    const names = Array.from({ length: 5 }, (_, i) => `${i}.parquet`)
    let before: Promise<unknown> = Promise.resolve()
    for (const [i, name] of names.entries()) {
      const output = lines([[i * 100, `line ${i}`]], [[i * 100 + 50, `exact ${i}`]])
      const writing = writer.write(output, originOf(), { raw_logs: path(name) })
      output.lines?.file.fill(0)
      await before
      before = writing
    }
    await before
    const texts = await query(`SELECT raw_line FROM read_parquet('${path('?.parquet')}') ORDER BY 1`)
    expect(texts.map((row) => row['raw_line'])).toEqual([
      ...names.map((_, i) => `exact ${i}`),
      ...names.map((_, i) => `line ${i}`),
    ])
  })

  test('goes on after a chunk that could not be written, without its rows', async () => {
    const { writer, path } = await open('raw')
    const failing = writer.write(lines([[0, 'lost']], [[5, 'lost too']]), originOf(77), {
      raw_logs: '/nowhere/a.parquet',
    })
    await expect(failing).rejects.toThrow(AppError)
    await expect(failing).rejects.toThrow('The chunk at byte 77 could not be written as Parquet.')
    for (const name of ['b', 'c', 'd']) {
      await writer.write(lines([], [[9, name]]), originOf(), { raw_logs: path(`${name}.parquet`) })
      expect((await readParquet(path(`${name}.parquet`))).map((row) => row['raw_line'])).toEqual([name])
    }
  })

  test('takes the longest line there is: 1 MiB of bytes that each became U+FFFD', async () => {
    const { writer, path } = await open('raw')
    const longest = '\ufffd'.repeat(1_048_576)
    const output = lines([
      [0, 'before'],
      [7, longest],
      [1_048_584, 'after'],
    ])
    await writer.write(output, originOf(), { raw_logs: path('a.parquet') })
    const lengths = await query(`SELECT length(raw_line) AS n FROM read_parquet('${path('a.parquet')}') ORDER BY n`)
    expect(lengths.map((row) => row['n'])).toEqual(['5', '6', '1048576'])
  })
})
