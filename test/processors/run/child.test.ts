import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseReport, type Report } from '../../../src/core/report.ts'
import { epoch, linesOf, makeNode, rowsOf, type TestNode } from './test-node.ts'

const program = fileURLToPath(new URL('stand-in-run.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly report: Report | undefined
}

const start = (flags: readonly string[], options: { uid?: number } = {}): ChildProcess =>
  spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'pipe'], ...options })

const ended = async (child: ChildProcess): Promise<Ended> => {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (data) => (stdout += data))
  child.stderr?.on('data', (data) => (stderr += data))
  const [code] = (await once(child, 'close')) as [number | null]
  expect(stderr).not.toMatch(/^\s+at /m)
  return { code, stdout, stderr, report: parseReport(stdout) }
}

const run = (flags: readonly string[], options: { uid?: number } = {}): Promise<Ended> => ended(start(flags, options))

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join('')

describe('a run', () => {
  test('prints one report on stdout and progress on stderr, and exits 0', async () => {
    writeFileSync(node.log, `${lines(1000)}\nbad \0 line\n`)
    const { code, stdout, stderr, report } = await run([...node.flags, '--chunk-bytes', '1024'])
    expect(code).toBe(0)
    expect(stdout.split('\n').length).toBe(2)
    expect(Buffer.byteLength(stdout)).toBeLessThan(2048)
    expect(report).toMatchObject({
      node: 'node-1',
      stage: 'raw',
      epoch,
      lines_read: 1002,
      lines_parsed: 1000,
      lines_rejected: 1,
      lines_blank: 1,
      rows: { raw_logs: 1000 },
      bytes_unread: 0,
    })
    expect(report?.bytes_read).toBe(statSync(node.log).size)
    const files = globSync(`raw_logs/${epoch}/*`, { cwd: node.dataset })
    expect(report?.bytes_sent).toBe(files.reduce((sum, file) => sum + statSync(join(node.dataset, file)).size, 0))
    const last = JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
    expect(last).toEqual({
      type: 'progress',
      bytes_read: report?.bytes_read,
      bytes_total: report?.bytes_read,
      lines_read: 1002,
      rows: { raw_logs: 1000 },
    })
    expect(readdirSync(join(node.dataset, 'raw_logs', epoch)).filter((name) => name.startsWith('.'))).toEqual([])
    expect(readdirSync(join(node.data, '.bbq', 'tmp'))).toEqual([])
  })

  test('keeps what it remembers from other users', async () => {
    writeFileSync(node.log, 'a\nbad \0\n')
    await run(node.flags)
    const kept = globSync('**/*', { cwd: join(node.data, '.bbq', 'state'), withFileTypes: true })
    expect(kept.length).toBeGreaterThan(5)
    for (const entry of kept) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777
      expect(mode, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600)
    }
  })

  test('keeps the true bytes of rejected lines, one file a chunk', async () => {
    const bad = Buffer.from([0, 255, 254, 13, 7])
    const good = Buffer.from('good\r\n')
    writeFileSync(node.log, Buffer.concat([good, bad, Buffer.from('\n'), good, bad, Buffer.from('\r\n')]))
    await run(node.flags)
    const folder = join(node.data, '.bbq', 'state', epoch, 'raw', 'dead')
    const [name, ...others] = readdirSync(folder)
    expect(others).toEqual([])
    const header = (offset: number, rest: string): Buffer =>
      Buffer.from(`{"offset":${offset},"length":5,"reason":"bad",${rest}}\n`)
    const lf = Buffer.from('\n')
    const expected = Buffer.concat([
      header(6, '"line":2,"file":"access.log"'),
      bad,
      lf,
      header(18, '"line":4'),
      bad,
      lf,
    ])
    expect(readFileSync(join(folder, name ?? '')).equals(expected)).toBe(true)
  })

  test('keeps the true bytes of a line of 5 MB', async () => {
    const long = Buffer.alloc(5_000_000, 'long ')
    writeFileSync(node.log, Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n')]))
    const { report } = await run([...node.flags, '--chunk-bytes', '1024'])
    expect(report).toMatchObject({ lines_read: 3, lines_parsed: 2, lines_rejected: 1, bytes_read: 5_000_005 })
    const folder = join(node.data, '.bbq', 'state', epoch, 'raw', 'dead')
    const kept = readFileSync(join(folder, readdirSync(folder)[0] ?? ''))
    expect(kept.subarray(kept.indexOf(10) + 1, -1).equals(long)).toBe(true)
  })

  test('two at once load every line once and count it once', async () => {
    writeFileSync(node.log, lines(20_000))
    const small = [...node.flags, '--chunk-bytes', '4096']
    const both = await Promise.all([run(small), run([...node.flags, '--chunk-bytes', '7000'])])
    for (const { code, stderr } of both) expect(code, stderr).toBe(0)
    expect(linesOf(node).join('\n')).toBe(lines(20_000).trimEnd())
    expect(new Set(rowsOf(node).map(({ id }) => id)).size).toBe(20_000)
    expect(both.reduce((sum, { report }) => sum + (report?.lines_read ?? 0), 0)).toBe(20_000)
    expect((await run(small)).report?.chunks).toBe(0)
  })

  test('keeps the number of its files bounded', async () => {
    writeFileSync(node.log, lines(9_000))
    expect((await run([...node.flags, '--chunk-bytes', '1024'])).report?.chunks).toBeGreaterThan(70)
    const files = globSync('**/*', { cwd: join(node.data, '.bbq', 'state') })
    expect(files.length).toBeLessThan(80)
  })
})

describe('a run that cannot', () => {
  test.each([
    ['an unknown flag', ['--colour', 'red'], 'no flag --colour'],
    ['a bad number', ['--window-seconds', 'soon'], '--window-seconds soon'],
    ['an unknown sink', ['--sink', 'ftp:/x'], '--sink ftp:/x'],
    ['a relative sink', ['--sink', 'folder:x'], 'no absolute path'],
    ['an unknown stage', ['--stage', 'rew'], 'no stage rew'],
    ['a flag without a value', ['--log'], '--log was given without a value'],
  ])('is told of %s: usage, exit 2', async (_, flags, message) => {
    writeFileSync(node.log, lines(1))
    const { code, stderr, report } = await run([...node.flags, ...flags])
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(report?.error).toContain(message)
  })

  test.each([
    ['there is no log', () => undefined, /There is no log .*access\.log/],
    ['the log is a folder', () => mkdirSync(node.log), /access\.log cannot be read. It is a folder/],
    ['the node has no name', () => rmSync(join(node.data, '.bbq', 'node.json')), /node\.json is missing/],
    ['node.json is broken', () => writeFileSync(join(node.data, '.bbq', 'node.json'), '{'), /node\.json is no JSON/],
    ['the dataset is another', () => writeFileSync(join(node.dataset, 'epoch'), 'zzzz9999'), /holds epoch zzzz9999/],
    ['the dataset is missing', () => rmSync(node.dataset, { recursive: true }), /dataset cannot be read/],
    [
      'state cannot be kept',
      () => writeFileSync(join(node.data, '.bbq', 'state'), ''),
      /checkpoint .* cannot be written/,
    ],
    ['the table is no folder', () => writeFileSync(join(node.dataset, 'raw_logs'), ''), /raw_logs.* cannot be written/],
  ])('says that %s: exit 1', async (_, arrange, message) => {
    if (_ !== 'the log is a folder' && _ !== 'there is no log') writeFileSync(node.log, lines(3))
    arrange()
    const { code, stderr, report } = await run(node.flags)
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(report?.error).toMatch(message)
  })

  test('reads an empty log as nothing, and says so', async () => {
    writeFileSync(node.log, '')
    const { code, stderr, report } = await run(node.flags)
    expect(code).toBe(0)
    expect(stderr).toContain('access.log is empty')
    expect(report).toMatchObject({ lines_read: 0, rows: { raw_logs: 0 } })
  })

  test.runIf(process.getuid?.() === 0)('names a file that it may not read, and reads the others', async () => {
    writeFileSync(node.log, lines(3))
    writeFileSync(`${node.log}.1`, 'old\n')
    await ended(spawn('chown', ['-R', '65534', join(node.data, '..')], { stdio: ['ignore', 'pipe', 'pipe'] }))
    chmodSync(`${node.log}.1`, 0)
    const { code, report } = await run(node.flags, { uid: 65534 })
    expect(code).toBe(1)
    expect(report?.error).toMatch(/access\.log\.1 cannot be read. This user may not/)
    expect(report?.lines_read).toBe(3)
    chmodSync(node.data, 0o500)
    rmSync(join(node.data, '.bbq', 'state'), { recursive: true })
    chmodSync(join(node.data, '.bbq'), 0o500)
    const second = await run(node.flags, { uid: 65534 })
    expect(second.code).toBe(1)
    expect(second.report?.error).toMatch(/cannot be written. This user may not/)
  })

  test('cuts a long error to 600 bytes', async () => {
    const { code, stdout, report } = await run([...node.flags, `--${'ü"'.repeat(2000)}`, 'x'])
    expect(code).toBe(2)
    expect(Buffer.byteLength(report?.error ?? '')).toBeLessThanOrEqual(600)
    expect(Buffer.byteLength(stdout)).toBeLessThan(2048)
  })
})

describe('the end of a run', () => {
  test('comes with its parent', async () => {
    writeFileSync(node.log, lines(400_000))
    const flags = JSON.stringify([program, ...node.flags, '--chunk-bytes', '1024', '--parent-pid'])
    const script = `const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, [...${flags}, String(process.pid)], { stdio: ['ignore', 'inherit', 'inherit'] })
      console.error('child ' + child.pid)
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    let seen = ''
    parent.stderr.on('data', (data) => {
      seen += data
      if (seen.includes('progress')) parent.kill('SIGKILL')
    })
    // the child holds the pipes: they close when it ends
    const { stdout } = await ended(parent)
    expect(parseReport(stdout)?.error).toContain('the program that started this run is gone')
    const pid = Number(/child (\d+)/.exec(seen)?.[1])
    expect(existsSync(`/proc/${pid}/cwd`)).toBe(false)
    expect(linesOf(node).length).toBeLessThan(400_000)
  })

  test('by SIGTERM still reports, and the next run goes on', async () => {
    writeFileSync(node.log, lines(40_000))
    const child = start([...node.flags, '--chunk-bytes', '1024'])
    child.stderr?.once('data', () => child.kill('SIGTERM'))
    const { code, report } = await ended(child)
    expect(code).toBe(1)
    expect(report?.error).toContain('Stopped by SIGTERM')
    appendFileSync(node.log, 'the last\n')
    const next = await run(node.flags)
    expect(next.code).toBe(0)
    expect(linesOf(node).length).toBe(40_001)
    expect((report?.lines_read ?? 0) + (next.report?.lines_read ?? 0)).toBe(40_001)
  })
})
