import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { openSession, program, type Session, walk } from './session.ts'

const run = promisify(execFile)
const open: Session[] = []
const folders: string[] = []

afterEach(async () => {
  for (const session of open.splice(0)) await session.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** As nginx writes it, one line a second, with an address inside some requests. */
const line = (i: number): string => {
  const time = new Date(Date.UTC(2026, 10, 24, 10) + i * 1_000).toISOString().slice(11, 19)
  const path = i % 5 === 0 ? `/from?ip=198.51.100.${i % 250}` : `/shop/${i % 40}`
  const status = i % 50 === 0 ? 502 : 200
  return `203.0.113.${i % 250} - - [24/Nov/2026:${time} +0000] "GET ${path} HTTP/1.1" ${status} ${i} "-" "Mozilla/5.0 (X11)"`
}

const withLogs = (count = 400): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-own-e2e-'))
  folders.push(folder)
  writeFileSync(join(folder, 'access.log'), Array.from({ length: count }, (_, i) => `${line(i)}\n`).join(''))
  return folder
}

const start = async (folder: string, options: Partial<Parameters<typeof openSession>[0]> = {}): Promise<Session> => {
  const session = await openSession({ columns: 80, rows: 24, ...options, folder })
  open.push(session)
  return session
}

const countOf = async (session: Session, table: string): Promise<number> => {
  const sql = `SELECT count(*) AS n FROM ${table}`
  const { stdout } = await run(process.execPath, [program, 'query', sql, '--json', '--state', session.state])
  return Number((JSON.parse(stdout) as { rows: readonly (readonly unknown[])[] }).rows[0]?.[0])
}

/** From the first screen to what was found in the log, its path typed and completed. */
const nameLog = async ({ terminal }: Session, folder: string): Promise<void> => {
  await terminal.waitFor('Your own logs')
  terminal.press('Down')
  await terminal.waitFor(/❯ +Your own logs/)
  terminal.press('Enter')
  await terminal.waitFor('Which access logs?')
  terminal.press(`${folder}/acc`)
  await terminal.waitFor(`${folder}/acc`)
  terminal.press('Tab')
  await terminal.waitFor(`${folder}/access.log`)
  terminal.press('Enter')
  await terminal.waitFor(/combined, 200 of 200 lines/)
}

describe.each([
  [80, 24],
  [120, 40],
])('an nginx log of one’s own at %i x %i', (columns, rows) => {
  test('goes through all four stages to the Summary with the keyboard alone', async () => {
    const folder = withLogs()
    const session = await start(folder, { columns, rows })
    await nameLog(session, folder)
    await session.terminal.waitFor(/❯ +local +1 +\d+ KB +400 +● combined/)
    for (const stage of ['1 Raw', '2 Structured', '3 Private', '4 Aggregated']) await session.terminal.waitFor(stage)
    session.terminal.press('Enter')
    await session.terminal.waitFor(/1 node +your own log files/, 60_000)
    await walk(session, 'Space', /The same question, four ways to ask it/)
    session.terminal.press('q')
    expect(await session.terminal.exit).toEqual({ code: 0, signal: 0 })
    expect(await countOf(session, 'raw_logs')).toBe(400)
    expect(await countOf(session, 'log_results')).toBe(800)
  })
})

describe('rows of one’s own', () => {
  test('are on the first screen after run --input, open again with one key, and stay after TERM=dumb', async () => {
    const folder = withLogs(30)
    const state = join(folder, '.bbq')
    await run(process.execPath, [program, 'run', 'raw', '--input', 'access.log', '--state', state], { cwd: folder })
    const dumb = await start(folder, { env: { TERM: 'dumb' } })
    expect(await dumb.terminal.exit).toMatchObject({ code: 4 })
    expect(dumb.terminal.written()).toContain('Nothing was replaced')
    const session = await start(folder)
    await session.terminal.waitFor(/your own rows: 30 in 1 table, 1 file, last/)
    session.terminal.press('Enter')
    await session.terminal.waitFor(/1 node +your own log files/, 60_000)
    session.terminal.press('1')
    await session.terminal.waitFor(/raw_logs +30 rows/)
    session.terminal.press('q')
    expect(await session.terminal.exit).toMatchObject({ code: 0 })
    expect(await countOf(session, 'raw_logs')).toBe(30)
  })

  test('go only after a question was answered with a yes', async () => {
    const folder = withLogs(30)
    const state = join(folder, '.bbq')
    await run(process.execPath, [program, 'run', 'raw', '--input', 'access.log', '--state', state], { cwd: folder })
    const session = await start(folder)
    const { terminal } = session
    await terminal.waitFor(/your own rows: 30 in 1 table/)
    terminal.press('Home')
    await terminal.waitFor(/❯ +Give the demo here/)
    terminal.press('Enter')
    await terminal.waitFor(/It holds your own rows: 30 in 1 table/)
    terminal.press('Esc')
    await terminal.waitFor((screen) => !screen.includes('It holds your own rows'))
    expect(await countOf(session, 'raw_logs')).toBe(30)
    terminal.press('Enter')
    await terminal.waitFor('delete the rows')
    terminal.press('Enter')
    await terminal.waitFor(/21 nodes/, 60_000)
    expect(await countOf(session, 'raw_logs')).toBe(0)
  })
})

describe('a log that nobody understands', () => {
  test('is red with a next step, and Esc goes back to the path', async () => {
    const folder = withLogs()
    writeFileSync(join(folder, 'error.log'), '2026/11/24 10:00:00 [error] 1#1: open() failed\n'.repeat(9))
    const { terminal } = await start(folder)
    await terminal.waitFor('Your own logs')
    terminal.press('Down', 'Enter')
    await terminal.waitFor('Which access logs?')
    terminal.press('error.log', 'Enter')
    const screen = await terminal.waitFor('not understood')
    expect(screen).toContain('none of the first 9 lines is one of an access log')
    expect(screen).toContain('an error log of nginx')
    expect(screen).toMatch(/❯ Give the access log instead/)
    expect(screen).toContain('--logs-format')
    terminal.press('Esc')
    await terminal.waitFor((shown) => shown.includes('Which access logs?') && /^ +error\.log *$/m.test(shown))
  })
})
