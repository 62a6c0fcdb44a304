import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startStandIn } from '../bigquery/server/stand-in.ts'
import { openSession } from './session.ts'

const columns = 150

test('setup -i asks, writes what was answered, and makes only what got a yes', async () => {
  const server = await startStandIn({ projectId: 'demo-project', projectExists: false })
  server.grant('operator', ['roles/resourcemanager.projectCreator'])
  const folder = await mkdtemp(join(tmpdir(), 'bbq-setup-'))
  writeFileSync(join(folder, 'credentials.json'), server.keyFile('operator'), { mode: 0o600 })
  writeFileSync(join(folder, 'log_uploader_credentials.json'), server.keyFile('uploader'), { mode: 0o600 })
  const args = [
    ...['setup', '-i', '--warehouse-api-endpoint', server.url, '--warehouse-token-endpoint', server.tokenUrl],
  ]
  const session = await openSession({ columns, rows: 50, args, folder })
  const { terminal } = session
  const answers: readonly (readonly [RegExp, string])[] = [
    [/--project-id > $/, 'Bad Id'],
    [/6 to 30 lower-case[\s\S]*--project-id > $/, 'demo-project'],
    [/--project-region > $/, ''],
    [/--project-create-if-missing > $/, ''],
    [/--credentials-path > $/, ''],
    [/--bigquery-dataset-name > $/, 'demo_logs'],
    [/--bigquery-table-name > $/, ''],
    [/--bigquery-location > $/, 'EU'],
    [/--cluster-api > $/, ''],
    [/Make the project demo-project\? \[y\/N\] $/, 'y'],
    [/Grant the uploader Job User and Data Editor\? \[y\/N\] $/, 'n'],
    [/Enter looks again, s goes on without it: $/, 's'],
  ]
  try {
    for (const [question, answer] of answers) {
      await terminal.waitFor((screen) => question.test(screen.trimEnd().concat(' ')), 30_000)
      terminal.press(answer)
      terminal.press('Enter')
    }
    expect((await terminal.exit).code).toBe(4)
    const config = readFileSync(join(folder, 'config.yaml'), 'utf8')
    expect(config).toMatch(/id: demo-project/)
    expect(config).toMatch(/dataset_name: demo_logs/)
    expect(config).toMatch(/location: EU/)
    expect(server.requests.count('projects.create')).toBe(1)
    expect(server.requests.count('tables.insert')).toBeGreaterThan(3)
    expect(server.requests.count('projects.setIamPolicy', 'datasets.patch')).toBe(0)
  } finally {
    await session.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)

test('Ctrl-C at a question, of settings or of a change, ends at once with 130, and nothing was changed', async () => {
  const server = await startStandIn({ projectId: 'demo-project', projectExists: false })
  server.grant('operator', ['roles/resourcemanager.projectCreator'])
  const folder = await mkdtemp(join(tmpdir(), 'bbq-setup-'))
  writeFileSync(join(folder, 'credentials.json'), server.keyFile('operator'), { mode: 0o600 })
  const endpoints = ['--warehouse-api-endpoint', server.url, '--warehouse-token-endpoint', server.tokenUrl]
  const ctrlC = String.fromCharCode(3)
  try {
    const asking = await openSession({ columns, rows: 50, args: ['setup', '-i', ...endpoints], folder })
    // enough questions that listeners which are never taken away would be told of
    for (const flag of ['id', 'region', 'create-if-missing', 'path', 'dataset-name', 'table-name', 'location']) {
      await asking.terminal.waitFor((screen) => new RegExp(`-${flag} > ?$`).test(screen.trimEnd()), 30_000)
      if (flag === 'location') asking.terminal.press(ctrlC)
      else asking.terminal.press(flag === 'id' ? 'demo-project' : '', 'Enter')
    }
    expect((await asking.terminal.exit).code).toBe(130)
    expect(existsSync(join(folder, 'config.yaml'))).toBe(false)
    await asking.close()

    const settings = ['--project-id', 'demo-project', ...endpoints]
    const agreeing = await openSession({ columns, rows: 50, args: ['setup', ...settings], folder })
    await agreeing.terminal.exit
    await agreeing.close()
    const args = ['setup', '-i']
    const changing = await openSession({ columns, rows: 50, args, folder })
    for (let n = 0; !/Make the project demo-project\?/.test(changing.terminal.screen().join('\n')); n += 1) {
      if (n > 100) throw new Error(changing.terminal.screen().join('\n'))
      const before = changing.terminal.screen().join('\n')
      if (/--[\w-]+ > ?$/.test(before.trimEnd())) changing.terminal.press('Enter')
      await changing.terminal.waitFor((screen) => screen !== before, 2_000).catch(() => undefined)
    }
    changing.terminal.press(ctrlC)
    expect((await changing.terminal.exit).code).toBe(130)
    expect(changing.terminal.screen().join('\n')).not.toMatch(/MaxListeners|Warning/)
    expect(server.requests.count('projects.create')).toBe(0)
    await changing.close()
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)
