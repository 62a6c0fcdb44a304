import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { readingOf } from '../../../processors/formats/reading.ts'
import { typedInputs } from '../../../processors/own-logs/find-files.ts'
import { inspectLogs } from '../../../processors/own-logs/inspect-logs.ts'
import type { LogInspection } from '../../../src/core/log-inspection.ts'

const start = Date.UTC(2026, 10, 24, 10)
/** A line of an nginx log, one a second. */
const line = (i: number): string => {
  const time = new Date(start + i * 1_000).toISOString().slice(11, 19)
  return `203.0.113.${i % 250} - - [24/Nov/2026:${time} +0000] "GET /shop/${i} HTTP/1.1" 200 ${i} "-" "curl/8"`
}
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join('')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bbq-own-'))
})

const inspect = (...inputs: readonly (readonly [string, string])[]): Promise<LogInspection> =>
  inspectLogs(
    inputs.map(([name, pattern]) => ({ name, pattern })),
    { folder, home: join(folder, 'home') },
    readingOf('auto'),
  )

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('log files of somebody’s own', () => {
  test('a small one is counted exactly, with its times, its format and a line to show', async () => {
    const path = put('access.log', lines(0, 300))
    expect(await inspect(['local', 'access.log'])).toEqual({
      nodes: [
        {
          name: 'local',
          files: [path],
          patterns: [path],
          bytes: readFileSync(path).length,
          lines: 300,
          about: false,
          first: start,
          last: start + 299_000,
          formats: ['combined'],
          notices: [],
          understood: 200,
          looked: 200,
          sample: line(0),
        },
      ],
      problems: [],
    })
  })

  test('a pattern stands for its files, packed ones among them, and stays a pattern', async () => {
    put('access.log', lines(500, 600))
    put('access.log.1', lines(300, 500))
    put('access.log.2.gz', gzipSync(lines(0, 300)))
    const { nodes, problems } = await inspect(['web1', 'access.log*'])
    expect(problems).toEqual([])
    expect(nodes[0]).toMatchObject({ lines: 600, first: start, last: start + 599_000, about: false })
    expect(nodes[0]?.files.map((path) => path.slice(folder.length + 1))).toEqual([
      'access.log.2.gz',
      'access.log.1',
      'access.log',
    ])
    expect(nodes[0]?.patterns).toEqual([join(folder, 'access.log*')])
  })

  test.each([
    ['a pattern', 'access.log*', undefined],
    ['a folder', '.', true],
  ])('of %s, pipes and links out of the folder are refused by name, and never waited for', async (_, pattern, note) => {
    const path = put('access.log', lines(0, 3))
    const foreign = join(mkdtempSync(join(tmpdir(), 'bbq-own-')), 'foreign.log')
    writeFileSync(foreign, lines(0, 9))
    execFileSync('mkfifo', [join(folder, 'access.log.1')])
    symlinkSync(foreign, join(folder, 'access.log.2'))
    symlinkSync('access.log', join(folder, 'access.log.3'))
    const { nodes, problems } = await inspect(['local', pattern])
    expect(nodes[0]?.files).toEqual([join(folder, 'access.log.3'), path])
    expect(problems.map(({ what, why, note }) => ({ what, why, note }))).toEqual([
      { what: `${path}.2 cannot be read.`, why: `It is a link out of its folder, to ${foreign}.`, note },
      { what: `${path}.1 cannot be read.`, why: 'It is a pipe, not a file.', note },
    ])
  })

  test('a pipe that was named is refused, and not waited for', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const { problems } = await inspect(['local', 'pipe'])
    expect(problems[0]).toMatchObject({
      what: `${join(folder, 'pipe')} cannot be read.`,
      why: 'It is a pipe, not a file.',
    })
  })

  test('each NAME is a node; a file that two patterns name is one file', async () => {
    put('a.log', lines(0, 10))
    put('b.log', lines(0, 20))
    const { nodes } = await inspect(['web1', 'a.log'], ['web2', 'b.log'], ['web1', '*a.log'])
    expect(nodes.map(({ name, files, lines: count }) => [name, files.length, count])).toEqual([
      ['web1', 1, 10],
      ['web2', 1, 20],
    ])
  })

  test('~ is the home folder', async () => {
    mkdirSync(join(folder, 'home'))
    put('home/access.log', lines(0, 3))
    expect((await inspect(['local', '~/access.log'])).nodes[0]?.files).toEqual([join(folder, 'home/access.log')])
  })

  test('of a folder, what is no access log is left out, and that is said', async () => {
    put('access.log', lines(0, 3))
    put('error.log', '2026/11/24 10:00:00 [error] 1#1: open() failed\n')
    put('.hidden', lines(0, 3))
    const { nodes, problems } = await inspect(['local', folder])
    expect(nodes[0]?.files).toEqual([join(folder, 'access.log')])
    expect(problems).toMatchObject([{ note: true, what: expect.stringContaining('error.log') }])
  })

  test('nothing understood is a problem with a next step, and shows the line', async () => {
    put('error.log', '2026/11/24 10:00:00 [error] 1#1: open() failed\n')
    const { nodes, problems } = await inspect(['local', 'error.log'])
    expect(nodes[0]).toMatchObject({
      formats: [],
      understood: 0,
      looked: 1,
      sample: expect.stringContaining('[error]'),
    })
    expect(problems[0]?.what).toMatch(
      /^local: the only line is none of an access log .* looks like an error log of nginx/,
    )
    expect(problems[0]?.next[0]).toMatch(/^Give the access log instead/)
    expect(problems[0]?.next[1]).toContain('--logs-format')
  })

  test('files of several formats name all of them, and what is to be known of their lines is told once', async () => {
    put('a.log', lines(0, 30))
    put('b.log', lines(0, 10).replaceAll(/^(.+)$/gm, 'Nov 24 10:00:00 web nginx: $1'))
    put('c.log', lines(0, 20).replaceAll(' +0000]', ']'))
    const { nodes } = await inspect(['local', '*.log'])
    expect(nodes[0]?.formats.slice(0, 2)).toEqual(['combined', 'syslog, combined'])
    expect(nodes[0]).toMatchObject({ understood: 60, looked: 60, notices: [expect.stringContaining('no zone')] })
  })

  test('a format of the config is the one by which lines are read', async () => {
    put('own.log', '"GET /a HTTP/1.1" 200 5 | 203.0.113.7 | 24/Nov/2026:10:00:00 +0000\n'.repeat(3))
    const format = '"%r" %s %b | %h | %{%d/%b/%Y:%H:%M:%S %z}t'
    const asked = [{ name: 'local', pattern: 'own.log' }]
    const found = await inspectLogs(asked, { folder, home: folder }, readingOf(format))
    expect(found).toMatchObject({ nodes: [{ formats: ['own format'], understood: 3, looked: 3 }], problems: [] })
  })

  test('a text that is one path with blanks is that path', async () => {
    mkdirSync(join(folder, 'Protokolle März'))
    const path = put('Protokolle März/für alle.log', lines(0, 3))
    const words = path.split(' ').map((pattern) => ({ name: 'local', pattern }))
    const place = { folder, home: folder }
    expect(await typedInputs(words, ` ${path} `, place)).toEqual([{ name: 'local', pattern: path }])
    expect(await typedInputs(words, `${path} x`, place)).toEqual(words)
  })

  test.each([
    ['a file that is not there', 'nope.log', /There is no file nope\.log/],
    ['a pattern that fits nothing', 'nope*', /No file fits nope\*/],
    ['an empty file', 'empty.log', /empty/],
    ['an empty folder', 'folder', /holds no file/],
    ['bzip2', 'a.bz2', /is bzip2/],
    ['a gzip file that is damaged', 'bad.gz', /is damaged/],
    ['UTF-16', 'wide.log', /is UTF-16/],
  ])('%s is a problem with a next step', async (_, name, what) => {
    put('empty.log', '')
    mkdirSync(join(folder, 'folder'))
    put('a.bz2', Buffer.from('425a68393141592653590000', 'hex'))
    put('bad.gz', Buffer.concat([gzipSync(lines(0, 50)).subarray(0, 40), Buffer.alloc(100, 7)]))
    put('wide.log', Buffer.from(`\uFEFF${lines(0, 3)}`, 'utf16le'))
    const { problems } = await inspect(['local', name])
    expect(problems.map((one) => one.what).join('\n')).toMatch(what)
    for (const problem of problems) expect(problem.next.join()).not.toBe('')
  })

  test.runIf(process.getuid?.() === 0)('a file that may not be read is a problem that names it', async () => {
    const path = put('secret.log', lines(0, 3))
    execFileSync('chmod', ['0000', path])
    const program = new URL('../../../processors/own-logs.ts', import.meta.url).pathname
    const asked = JSON.stringify({
      inputs: [{ name: 'local', pattern: path }],
      folder,
      home: folder,
      format: 'auto',
      client: 'auto',
    })
    execFileSync('chmod', ['0755', folder])
    const out = execFileSync(process.execPath, [program], { input: asked, encoding: 'utf8', uid: 65_534, gid: 65_534 })
    const { problems } = JSON.parse(out) as LogInspection
    expect(problems[0]?.what).toContain('secret.log cannot be read (EACCES)')
  })

  test('of 10 GB only head and tail are read: the lines are an estimate', async () => {
    const path = put('huge.log', lines(0, 5_000))
    const one = readFileSync(path).length / 5_000
    const size = 10_000_000_000
    truncateSync(path, size)
    execFileSync('sh', ['-c', 'printf "\\n%s\\n" "$1" >> "$2"', 'sh', line(9_000), path])
    const { nodes } = await inspect(['local', 'huge.log'])
    expect(nodes[0]).toMatchObject({ about: true, first: start, last: start + 9_000_000, understood: 200 })
    expect(nodes[0]?.lines).toBeGreaterThan(size / one / 4)
    expect(nodes[0]?.lines).toBeLessThan((size / one) * 4)
  })

  test('a large packed file is estimated from its start', async () => {
    const content = Array.from(
      { length: 40_000 },
      (_, i) => `${line(i).replace('curl/8', crypto.randomUUID())}\n`,
    ).join('')
    put('access.log.gz', gzipSync(content))
    const { nodes } = await inspect(['local', 'access.log.gz'])
    expect(nodes[0]).toMatchObject({ about: true, first: start, understood: 200 })
    expect(nodes[0]?.lines).toBeGreaterThan(30_000)
    expect(nodes[0]?.lines).toBeLessThan(50_000)
  })

  test('of very many files only some are read; the others count by their size', async () => {
    for (let i = 0; i < 450; i++) put(`a-${String(i).padStart(3, '0')}.log`, lines(i * 10, i * 10 + 10))
    const { nodes } = await inspect(['local', 'a-*.log'])
    expect(readdirSync(folder)).toHaveLength(450)
    expect(nodes[0]).toMatchObject({ about: true, first: start, last: start + 4_499_000 })
    expect(nodes[0]?.files).toHaveLength(450)
    expect(nodes[0]?.lines).toBeGreaterThan(4_300)
    expect(nodes[0]?.lines).toBeLessThan(4_700)
  })
})
