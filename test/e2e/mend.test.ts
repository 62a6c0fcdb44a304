import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startStandIn } from '../bigquery/server/stand-in.ts'
import { openSession } from './session.ts'

const creator = 'roles/resourcemanager.projectCreator'

/** The program in Setup, where it found that there is no project. */
const openAtProblem = async () => {
  const server = await startStandIn({ projectId: 'demo-project', projectExists: false })
  server.grant('operator', [creator])
  const folder = await mkdtemp(join(tmpdir(), 'bbq-mend-'))
  const write = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 })
  await write('credentials.json', server.keyFile('operator'))
  await write('log_uploader_credentials.json', server.keyFile('uploader'))
  await write(
    'config.yaml',
    `warehouse:\n  api_endpoint: ${server.url}\n  token_endpoint: ${server.tokenUrl}\nproject:\n  id: demo-project\ndemo:\n  lines: 100\n`,
  )
  const session = await openSession({ columns: 80, rows: 24, folder, env: { BACALHAU_API_HOST: '' } })
  const { terminal } = session
  await terminal.waitFor('Give the demo here')
  terminal.press('Down', 'Down', 'Enter')
  for (let n = 0; !/no project demo-project/.test(terminal.screen().join('\n')); n += 1) {
    if (n > 200) throw new Error(terminal.screen().join('\n'))
    const before = terminal.screen().join('\n')
    if (/question \d+ of/.test(before)) terminal.press('Enter')
    await terminal.waitFor((screen) => screen !== before, 2_000).catch(() => undefined)
  }
  await terminal.waitFor('Space put it right')
  const close = async (): Promise<void> => {
    await session.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { server, terminal, close }
}

test('Setup makes a project that is missing and grants the uploader, by Space and F, each after a question', async () => {
  const { server, terminal, close } = await openAtProblem()
  try {
    terminal.press('Space')
    await terminal.waitFor('Make the project demo-project?')
    expect(server.requests.count('projects.create')).toBe(0)
    terminal.press('Enter')
    await terminal.waitFor(/lacks Job User/, 60_000)
    await terminal.waitFor('F put it right')
    terminal.press('F')
    await terminal.waitFor('Grant the uploader Job User and Data Editor?')
    terminal.press('Enter')
    await terminal.waitFor('All is ready', 60_000)
    expect(server.requests.of('projects.create').map(({ status }) => status)).toEqual([200])
    expect(server.requests.count('datasets.patch')).toBe(1)
    terminal.press('q')
    expect((await terminal.exit).code).toBe(0)
  } finally {
    await close()
  }
}, 150_000)

test('Ctrl-C ends the program at once at the question, and in the middle of a repair that Google does not answer', async () => {
  for (const during of ['question', 'repair']) {
    const { server, terminal, close } = await openAtProblem()
    try {
      server.faults.add({ on: 'operations.get', do: 'silence', times: Number.POSITIVE_INFINITY })
      terminal.press('F')
      await terminal.waitFor('Make the project demo-project?')
      if (during === 'repair') {
        terminal.press('Enter')
        await expect.poll(() => server.requests.count('operations.get'), { timeout: 10_000 }).toBeGreaterThan(0)
        await terminal.waitFor('make the project demo-project')
      }
      terminal.press(String.fromCharCode(3))
      expect((await terminal.exit).code).toBe(130)
      // the view takes the last bytes in after the exit
      await expect.poll(() => terminal.alternate()).toBe(false)
      expect(server.requests.count('projects.create')).toBe(during === 'repair' ? 1 : 0)
    } finally {
      await close()
    }
  }
}, 120_000)
