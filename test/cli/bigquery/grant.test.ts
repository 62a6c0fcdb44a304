import { describe, expect, test } from 'vitest'
import { rawRequests } from '../../bigquery/server/client.ts'
import type { StandInOptions } from '../../bigquery/server/types.ts'
import { dataEditor, jobUser, openForTest as open, type RightsWorld } from './world.ts'

const iamAdmin = 'roles/resourcemanager.projectIamAdmin'
const dataOwner = 'roles/bigquery.dataOwner'

/** Operator with all that grants take, the dataset made, the uploader with nothing. */
const ready = async (options: StandInOptions = {}): Promise<RightsWorld> => {
  const opened = await open(options)
  opened.server.grant('operator', [dataOwner, jobUser, iamAdmin])
  const raw = rawRequests(opened.server, 'operator')
  for (let i = 0; i <= (options.grantsArriveAfter ?? 0); i += 1) await raw.get('/datasets')
  expect((await opened.run(['tables', 'confirm'])).code).toBe(0)
  return opened
}

const policyOf = async ({ server }: RightsWorld) => {
  server.grant('auditor', [iamAdmin, dataOwner])
  const raw = rawRequests(server, 'auditor')
  const options = { requestedPolicyVersion: 3 }
  return (await raw.send('POST', `/v3/projects/${server.projectId}:getIamPolicy`, { options })).body
}

const accessOf = async ({ server }: RightsWorld): Promise<readonly Record<string, unknown>[]> => {
  server.grant('auditor', [iamAdmin, dataOwner])
  return (await rawRequests(server, 'auditor').get('/datasets/log_analytics')).body.access
}

describe('permissions grant', () => {
  test('shows the change, makes only what is missing, and the check is content', async () => {
    const opened = await ready()
    const { server, run, json } = opened
    const email = server.emailOf('uploader')
    const before = await accessOf(opened)
    const refused = await run(['permissions', 'grant'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`project demo-project: + ${jobUser} for ${email}`)
    expect(refused.stderr).toContain(`dataset demo-project.log_analytics: + ${dataEditor} for ${email}`)
    expect(refused.stderr).toContain(`--member=serviceAccount:${email} --role=${jobUser}`)
    expect(refused.stderr).toMatch(/GRANT `roles\/bigquery\.dataEditor` ON SCHEMA `demo-project\.log_analytics`/)
    expect(refused.stderr).toContain('--yes')
    expect(server.requests.count('projects.setIamPolicy', 'datasets.patch')).toBe(0)

    const { ok, grants } = await json(['permissions', 'grant', '--yes'])
    expect(ok).toBe(true)
    expect(
      grants.map(({ account, role, on, outcome }: Record<string, string>) => [account, role, on, outcome]),
    ).toEqual([
      ['uploader', jobUser, 'project', 'granted'],
      ['uploader', dataEditor, 'dataset', 'granted'],
    ])
    expect((await policyOf(opened)).bindings).toEqual([{ role: jobUser, members: [`serviceAccount:${email}`] }])
    expect(await accessOf(opened)).toEqual([...before, { role: 'WRITER', userByEmail: email }])
    expect((await run(['permissions', 'check'])).code).toBe(0)

    const again = await run(['permissions', 'grant'])
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('Nothing is missing')])
    expect(server.requests.count('projects.setIamPolicy')).toBe(1)
    expect(server.requests.count('datasets.patch')).toBe(1)
  })

  test('loses nothing of what others wrote: conditions, other members, a change at the same moment', async () => {
    const opened = await ready()
    const { server, json } = opened
    server.grant('auditor', [iamAdmin, dataOwner])
    const raw = rawRequests(server, 'auditor')
    const condition = { title: 'office hours', expression: 'request.time.getHours() < 18' }
    const bindings = [
      { role: jobUser, members: ['user:day@example.com'], condition },
      { role: jobUser, members: ['user:someone@example.com'] },
      { role: 'roles/viewer', members: ['group:all@example.com'] },
    ]
    const { etag } = await policyOf(opened)
    const policy = { etag, version: 3, bindings }
    expect((await raw.send('POST', '/v3/projects/demo-project:setIamPolicy', { policy })).status).toBe(200)
    // the first write of each list is accepted, and its answer is lost: the second finds another etag
    server.faults.add({ on: 'projects.setIamPolicy', nth: 1, do: 'cut after acceptance' })
    server.faults.add({ on: 'datasets.patch', nth: 1, do: 'cut after acceptance' })
    expect((await json(['permissions', 'grant', '--yes'])).ok).toBe(true)
    const member = `serviceAccount:${server.emailOf('uploader')}`
    expect((await policyOf(opened)).bindings).toEqual([
      bindings[0],
      { role: jobUser, members: ['user:someone@example.com', member] },
      bindings[2],
    ])
    expect(
      (await accessOf(opened)).filter(({ userByEmail }) => userByEmail === server.emailOf('uploader')),
    ).toHaveLength(1)
    const etags = server.requests.of('datasets.patch').map(({ status }) => status)
    expect(etags).toContain(412)
    expect(server.requests.of('projects.setIamPolicy').map(({ status }) => status)).toContain(409)
  })

  test('waits for grants that arrive late, and says so when the time is over', async () => {
    const { json, run } = await ready({ grantsArriveAfter: 20 })
    const late = await run(['permissions', 'grant', '--yes', '--wait', '1ms'])
    expect(late.code).toBe(4)
    expect(late.stdout).toMatch(/not seen yet: project demo-project/)
    expect(late.stderr).toContain('bbq permissions check')
    expect((await json(['permissions', 'grant', '--yes', '--wait', '60s'])).ok).toBe(true)
  }, 90_000)

  test('an operator with Data Editor and Job User alone is told who may, with the lines', async () => {
    const { server, run } = await open()
    server.grant('operator', [dataEditor, jobUser])
    expect((await run(['tables', 'confirm'])).code).toBe(0)
    server.grant('uploader', [dataEditor])
    const { code, stderr } = await run(['permissions', 'grant', '--yes'])
    expect(code).toBe(4)
    expect(stderr).toContain('The operator may not change who may use the project demo-project.')
    expect(stderr).toContain(iamAdmin)
    expect(stderr).toMatch(/next +gcloud projects add-iam-policy-binding demo-project --member=serviceAccount:uploader/)
  })

  test('without the dataset it says to make it first, and grants nothing wider', async () => {
    const { server, run } = await open()
    server.grant('operator', [dataOwner, jobUser, iamAdmin])
    const { code, stderr } = await run(['permissions', 'grant', '--yes'])
    expect(code).toBe(4)
    expect(stderr).toContain('bbq tables confirm')
    expect(server.requests.count('projects.setIamPolicy')).toBe(0)
  })

  test('an API that is off is named by its own name', async () => {
    const { server, run } = await open()
    server.grant('operator', [dataOwner, jobUser, iamAdmin])
    expect((await run(['tables', 'confirm'])).code).toBe(0)
    server.faults.add({ on: 'projects.getIamPolicy', do: '403 accessNotConfigured' })
    const { code, stderr } = await run(['permissions', 'grant', '--yes'])
    expect(code).toBe(4)
    expect(stderr).toContain('gcloud services enable')
  })
})
