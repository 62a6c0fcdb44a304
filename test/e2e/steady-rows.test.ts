import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openTerminal, type Terminal, type TerminalOptions } from '../../scripts/terminal.ts'
import { cleanEnv, openSession, program, type Session } from './session.ts'

const open: Session[] = []

/** As tmux counts: a hand and its skin tone are two pictures of two cells each. */
const tmuxCells: NonNullable<TerminalOptions['cells']> = {
  version: 'tmux',
  wcwidth: (code) => (code === 0xfe0f ? 0 : code >= 0x1f300 ? 2 : 1),
  charProperties: (code) => (code === 0xfe0f ? 1 : code >= 0x1f300 ? 4 : 2),
}

afterEach(async () => {
  for (const session of open.splice(0)) {
    await session.close()
    await rm(session.folder, { recursive: true, force: true })
  }
})

/** The detail of the first node, whose log is shown as it grows. */
const atNodeDetail = async (): Promise<Session> => {
  const folder = await mkdtemp(join(tmpdir(), 'bbq-rows-'))
  await writeFile(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
  const session = await openSession({ columns: 80, rows: 24, folder, cells: tmuxCells })
  open.push(session)
  const { terminal } = session
  await terminal.waitFor('Give the demo here')
  terminal.press('Enter')
  await terminal.waitFor(/21 nodes/, 60_000)
  terminal.press('Enter')
  await terminal.waitFor('No stage has run on it yet')
  return session
}

/** What stands in place whatever the log says: head, rule and footer. */
const isInPlace = (screen: string, rows: number): boolean => {
  const lines = screen.split('\n')
  return (
    lines.length === rows &&
    /^ Setup +Nodes/.test(lines[0] ?? '') &&
    /^[━─]+$/.test(lines[1] ?? '') &&
    /^ 21 nodes/.test(lines[2] ?? '') &&
    /^─+$/.test(lines[rows - 2] ?? '') &&
    /q quit\s*$/.test(lines[rows - 1] ?? '')
  )
}

test('letters that the terminal measures otherwise leave every row in its place, after a resize too', async () => {
  const { terminal, folder } = await atNodeDetail()
  const line = `203.0.113.7 - - [30/Nov/2026:10:00:00 +0000] "GET /${'👋🏽'.repeat(20)}❤️ HTTP/1.1" 200 5\n`
  await appendFile(join(folder, '.bbq/nodes/aws-1/access.log'), line.repeat(40))
  await terminal.waitFor((screen) => screen.split('👋').length > 20 && isInPlace(screen, 24))
  for (const [columns, rows] of [
    [70, 24],
    [100, 30],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows)
    await terminal.waitFor((screen) => screen.includes('👋') && isInPlace(screen, rows))
  }
})

test.each([
  ['q', ['q'], 0],
  ['Ctrl-C', ['Ctrl-C', 'Ctrl-C'], 130],
])('%s gives the terminal back as one that wraps', async (_key, keys, code) => {
  const { terminal } = await atNodeDetail()
  expect(terminal.wraps()).toBe(false)
  terminal.press(...keys)
  expect((await terminal.exit).code).toBe(code)
  await expect.poll(terminal.wraps).toBe(true)
})

test.each(['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('so does %s', async (signal) => {
  const { terminal } = await atNodeDetail()
  process.kill(terminal.pid, signal)
  await terminal.exit
  await expect.poll(terminal.wraps).toBe(true)
})

test('Ctrl-Z gives the shell a terminal that wraps, fg takes it back, and Ctrl-L keeps it', async () => {
  const session = await atNodeDetail()
  const { folder } = session
  session.terminal.press('q')
  await session.terminal.exit
  const shell: Terminal = openTerminal({
    command: ['bash', '--norc', '--noprofile', '-i'],
    cwd: folder,
    columns: 80,
    rows: 24,
    env: { ...cleanEnv(), PS1: 'shell> ' },
  })
  try {
    await shell.waitFor('shell> ')
    shell.press(`'${process.execPath}' '${program}'`, 'Enter')
    await shell.waitFor('q quit')
    await expect.poll(shell.wraps).toBe(false)
    shell.press('Ctrl-Z')
    await shell.waitFor('Stopped')
    expect(shell.wraps()).toBe(true)
    shell.press('fg', 'Enter')
    await shell.waitFor('q quit')
    await expect.poll(shell.wraps).toBe(false)
    shell.press('Ctrl-L')
    await expect.poll(() => shell.written().split('\u001B[?1049h').length).toBeGreaterThan(4)
    await expect.poll(shell.wraps).toBe(false)
    shell.press('q')
    await shell.waitFor(/shell> \s*$/)
    expect(shell.wraps()).toBe(true)
  } finally {
    shell.kill('SIGKILL')
    await shell.exit
  }
})
