import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rawRequests } from '../../bigquery/server/client.ts'
import { type Running, start } from '../bbq.ts'
import { dataEditor, jobUser, openForTest as open, type RightsWorld } from './world.ts'

const iamAdmin = 'roles/resourcemanager.projectIamAdmin'
const creator = 'roles/resourcemanager.projectCreator'

const begin = ({ folder }: RightsWorld, args: readonly string[]): Running => {
  const running = start(folder, args, { HOME: folder, GOOGLE_APPLICATION_CREDENTIALS: '', CLOUDSDK_CONFIG: folder })
  onTestFinished(() => void running.child.kill('SIGKILL'))
  return running
}

describe('Ctrl-C', () => {
  test.each([
    { args: ['setup', '--json'] },
    { args: ['doctor'] },
    { args: ['permissions', 'check'] },
    { args: ['permissions', 'grant', '--yes'] },
  ])(
    '$args ends at once with 130 while BigQuery says nothing',
    async ({ args }) => {
      const opened = await open()
      const { server } = opened
      server.faults.add({ on: 'any', do: 'silence', times: Number.POSITIVE_INFINITY })
      const { child, ended } = begin(opened, args)
      await expect.poll(() => server.requests.count('oauth.token'), { timeout: 20_000 }).toBeGreaterThan(0)
      child.kill('SIGINT')
      const { code, stdout, stderr } = await ended
      expect(code).toBe(130)
      expect(stderr).toMatch(/Stopped/)
      expect(stdout).not.toMatch(/Stopped|[{}]/)
    },
    40_000,
  )

  test.each([
    { args: ['setup', '--wait', '5m'], looks: 2 },
    { args: ['permissions', 'grant', '--yes', '--wait', '5m'], looks: 4 },
  ])(
    '$args ends at once with 130 while it waits',
    async ({ args, looks }) => {
      const opened = await open()
      const { server, run } = opened
      server.grant('operator', ['roles/owner'])
      expect((await run(['tables', 'confirm'])).code).toBe(0)
      // whatever is granted to the uploader never arrives
      const from = args[0] === 'setup' ? 1 : 2
      server.faults.add({
        on: 'jobs.insert.dryRun',
        nth: from,
        do: '403 accessDenied',
        times: Number.POSITIVE_INFINITY,
      })
      const { child, ended } = begin(opened, args)
      await expect.poll(() => server.requests.count('jobs.insert.dryRun'), { timeout: 20_000 }).toBeGreaterThan(looks)
      child.kill('SIGINT')
      expect((await ended).code).toBe(130)
    },
    40_000,
  )

  test('setup ends at once with 130 while Google makes the project', async () => {
    const opened = await open({ projectExists: false })
    const { server } = opened
    server.grant('operator', [creator])
    server.faults.add({ on: 'operations.get', do: 'silence', times: Number.POSITIVE_INFINITY })
    const { child, ended } = begin(opened, ['setup', '--create-project'])
    await expect.poll(() => server.requests.count('operations.get'), { timeout: 20_000 }).toBeGreaterThan(0)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([130, expect.stringContaining('Stopped')])
  }, 40_000)
})

describe('what is offered works', () => {
  test('with project.create_if_missing false nothing is made without a word of its own, and the command named makes it', async () => {
    const { server, folder, run } = await open()
    for (const account of ['operator', 'uploader']) server.grant(account, [dataEditor, jobUser])
    const config = readFileSync(join(folder, 'config.yaml'), 'utf8')
    writeFileSync(join(folder, 'config.yaml'), config.replace('project:', 'project:\n  create_if_missing: false'))
    const { code, stdout } = await run(['setup', '--yes'])
    expect(code).toBe(4)
    expect(server.requests.count('datasets.insert')).toBe(0)
    const command = /let bbq do it: bbq (tables .*)/.exec(stdout)?.[1]?.trim() ?? ''
    expect(await run(command.split(' '))).toMatchObject({ code: 0 })
    expect((await run(['setup'])).code).toBe(0)
  }, 60_000)

  test('without the dataset the uploader is granted what it can be, and told when the rest is', async () => {
    const { server, folder, json } = await open()
    server.grant('operator', [dataEditor, jobUser, iamAdmin])
    const config = readFileSync(join(folder, 'config.yaml'), 'utf8')
    writeFileSync(join(folder, 'config.yaml'), config.replace('project:', 'project:\n  create_if_missing: false'))
    const { steps } = await json(['setup', '--grant'], 4)
    const uploader = steps.find(({ id }: { id: string }) => id === 'uploader')
    expect(uploader).toMatchObject({ ok: true, done: `granted ${jobUser}` })
    expect(uploader.detail).toContain('the rest is seen when the dataset is there')
    expect(server.requests.count('datasets.patch')).toBe(0)
  }, 60_000)

  test('operator and uploader that are one account get one grant', async () => {
    const { server, folder, json, run } = await open()
    server.grant('operator', ['roles/bigquery.dataOwner', iamAdmin, jobUser])
    expect((await run(['tables', 'confirm'])).code).toBe(0)
    server.ungrant('operator')
    server.grant('operator', [iamAdmin, 'bigquery.datasets.update', 'bigquery.datasets.get'])
    writeFileSync(join(folder, 'log_uploader_credentials.json'), server.keyFile('operator'), { mode: 0o600 })
    const { grants } = await json(['permissions', 'grant', '--yes'])
    expect(grants.map(({ role }: { role: string }) => role)).toEqual([jobUser])
    const member = `serviceAccount:${server.emailOf('operator')}`
    const raw = rawRequests(server, 'operator')
    const { body } = await raw.send('POST', '/v3/projects/demo-project:getIamPolicy', {})
    expect(body.bindings).toEqual([{ role: jobUser, members: [member] }])
  }, 60_000)

  test('the resource manager is switched on where the operator belongs, which may be another project', async () => {
    const { server, folder, json } = await open({ resourceManagerEnabled: false })
    const email = 'visitor@another-project.iam.gserviceaccount.com'
    server.grant(email, ['roles/owner'])
    server.grant('uploader', [dataEditor, jobUser])
    writeFileSync(join(folder, 'credentials.json'), server.keyFile(email), { mode: 0o600 })
    const { steps } = await json(['setup'])
    const apis = steps.find(({ id }: { id: string }) => id === 'apis')
    expect(apis.commands).toEqual([
      'gcloud services enable cloudresourcemanager.googleapis.com --project=another-project',
    ])
  })

  test('an API that hides why it refuses is not taken for a right that lacks', async () => {
    const { server, run } = await open({ apiEnabled: false })
    for (const account of ['operator', 'uploader']) server.grant(account, ['roles/owner'])
    server.faults.add({ on: 'services.enable', do: '403 accessNotConfigured' })
    const { code, stdout } = await run(['setup', '--enable-apis'])
    expect(code).toBe(4)
    expect(stdout).not.toContain('The operator may not switch')
    expect(stdout).toContain('gcloud services enable')
  })
})

test('settings that the config has already leave it as it is, with the remarks in it', async () => {
  const { server, folder, json, run } = await open()
  for (const account of ['operator', 'uploader']) server.grant(account, [dataEditor, jobUser])
  const file = join(folder, 'config.yaml')
  const written = `# mine\n${readFileSync(file, 'utf8')}`
  writeFileSync(file, written)
  const again = await run(['setup', '--project-id', server.projectId, '--warehouse-api-endpoint', server.url])
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('config.yaml says so already.') })
  expect(readFileSync(file, 'utf8')).toBe(written)
  expect((await json(['setup', '--bigquery-dataset-name', 'other'])).backup).toBe('config.yaml.bak')
  expect(readFileSync(`${file}.bak`, 'utf8')).toBe(written)
})

describe('billing, on which nothing depends', () => {
  test.each(['503 before acceptance', 'html page with 200', '404 notFound'] as const)(
    'that answers with %s stops nothing',
    async (kind) => {
      const { server, json } = await open()
      for (const account of ['operator', 'uploader']) server.grant(account, [dataEditor, jobUser])
      server.faults.add({ on: 'projects.getBillingInfo', do: kind, times: Number.POSITIVE_INFINITY })
      const { steps } = await json(['setup'])
      expect(steps.find(({ id }: { id: string }) => id === 'billing').detail).toMatch(/^not known/)
    },
    60_000,
  )
})
