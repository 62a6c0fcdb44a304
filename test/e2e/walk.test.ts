import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { openSession, program, type Session, walk } from './session.ts'

const run = promisify(execFile)
const open: Session[] = []

afterEach(async () => {
  for (const session of open.splice(0)) {
    await session.close()
    await rm(session.folder, { recursive: true, force: true })
  }
})

const start = async (options: Parameters<typeof openSession>[0]): Promise<Session> => {
  const session = await openSession(options)
  open.push(session)
  return session
}

const rowsOf = async (session: Session): Promise<Record<string, number>> => {
  const sql =
    "SELECT 'raw_logs' AS t, count(*) AS n FROM raw_logs UNION ALL SELECT 'log_results', count(*) FROM log_results " +
    "UNION ALL SELECT 'log_aggregates', count(*) FROM log_aggregates UNION ALL SELECT 'emergency_logs', count(*) FROM emergency_logs"
  const { stdout } = await run(process.execPath, [program, 'query', sql, '--json', '--state', session.state])
  const result = JSON.parse(stdout) as { rows: [string, number][] }
  return Object.fromEntries(result.rows)
}

describe.each([
  [80, 24],
  [120, 40],
])('the demo at %i x %i', (columns, rows) => {
  test('goes from the first screen to the Summary with only the keys that the footer names', async () => {
    const session = await start({ columns, rows })
    await session.terminal.waitFor('Give the demo here')
    await walk(session, 'Enter', /21 nodes/)
    await walk(session, 'Space', /The same question, four ways to ask it/)
    session.terminal.press('q')
    expect(await session.terminal.exit).toEqual({ code: 0, signal: 0 })
    expect(session.terminal.alternate()).toBe(false)
    const counts = await rowsOf(session)
    expect(Object.keys(counts).sort()).toEqual(['emergency_logs', 'log_aggregates', 'log_results', 'raw_logs'])
    for (const [table, count] of Object.entries(counts)) expect(count, table).toBeGreaterThan(0)
  })
})

describe('leaving', () => {
  test('q leaves the terminal as it was, exit 0', async () => {
    const session = await start({ columns: 80, rows: 24 })
    await session.terminal.waitFor('Give the demo here')
    expect(session.terminal.alternate()).toBe(true)
    session.terminal.press('q')
    expect(await session.terminal.exit).toEqual({ code: 0, signal: 0 })
    expect(session.terminal.alternate()).toBe(false)
    expect(session.terminal.written().lastIndexOf('\u001B[?25h')).toBeGreaterThan(
      session.terminal.written().lastIndexOf('\u001B[?25l'),
    )
  })

  test('Ctrl-C leaves no child, exit 130', async () => {
    const session = await start({ columns: 80, rows: 24 })
    await session.terminal.waitFor('Give the demo here')
    session.terminal.press('Enter')
    await session.terminal.waitFor(/21 nodes/, 60_000)
    const children = await childrenOf(session.terminal.pid)
    expect(children.length).toBeGreaterThan(0)
    session.terminal.press('Ctrl-C', 'Ctrl-C')
    expect(await session.terminal.exit).toEqual({ code: 130, signal: 0 })
    await expect.poll(async () => await stillThere(children), { timeout: 10_000 }).toEqual([])
  })
})

const childrenOf = async (pid: number): Promise<readonly number[]> => {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): readonly number[] =>
    pairs.filter(([, above]) => above === parent).flatMap(([child = 0]) => [child, ...below(child)])
  return below(pid)
}

const stillThere = async (pids: readonly number[]): Promise<readonly number[]> => {
  const { stdout } = await run('ps', ['-eo', 'pid=,stat='])
  const alive = new Set(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, stat]) => !(stat ?? '').startsWith('Z'))
      .map(([pid]) => Number(pid)),
  )
  return pids.filter((pid) => alive.has(pid))
}
