import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dataEditor, jobUser, openForTest as open } from './world.ts'

const rightsOf = (
  answer: { readonly accounts: readonly { readonly rights: readonly Record<string, string>[] }[] },
  i: number,
) =>
  Object.fromEntries(
    (answer.accounts[i]?.rights ?? []).map(({ permission, verdict, by }) => [permission, `${verdict}, ${by}`]),
  )

describe('permissions check', () => {
  test('Data Editor and Job User are all that the demo needs, and what needs more is told', async () => {
    const { server, json, run } = await open()
    server.grant('operator', [dataEditor, jobUser])
    server.grant('uploader', [dataEditor, jobUser])
    const answer = await json(['permissions', 'check'])
    expect(answer.ok).toBe(true)
    expect(answer.accounts.map(({ email }: { email: string }) => email)).toEqual([
      server.emailOf('operator'),
      server.emailOf('uploader'),
    ])
    expect(rightsOf(answer, 0)['bigquery.jobs.create']).toBe('granted, dry run')
    expect(rightsOf(answer, 1)['bigquery.tables.updateData']).toBe('granted, project test')
    expect(answer.beyond.map(({ operator }: { operator: string }) => operator)).toEqual([
      'unknown',
      'missing',
      'missing',
      'missing',
    ])
    const text = await run(['permissions', 'check'])
    expect(text.code).toBe(0)
    expect(text.stdout).toMatch(/the demo itself needs none of it/)
    expect(text.stdout).toMatch(/switch APIs on +missing +roles\/serviceusage\.serviceUsageAdmin/)
    expect(server.requests.count('jobs.query', 'jobs.insert.query')).toBe(0)
  })

  test('what is missing is named with the lines that grant it, exit 4', async () => {
    const { server, run, json } = await open()
    server.grant('operator', [dataEditor, jobUser])
    server.grant('uploader', [dataEditor])
    const { code, stderr } = await run(['permissions', 'check'])
    expect(code).toBe(4)
    expect(stderr).toContain(`uploader ${server.emailOf('uploader')}`)
    expect(stderr).toMatch(/lacks Job User\./)
    expect(stderr).toContain(
      `gcloud projects add-iam-policy-binding demo-project --member=serviceAccount:${server.emailOf('uploader')} --role=${jobUser}`,
    )
    server.ungrant('uploader')
    server.grant('uploader', [jobUser])
    const answer = await json(['permissions', 'check'], 4)
    expect(rightsOf(answer, 1)).toMatchObject({
      'bigquery.jobs.create': 'granted, dry run',
      'bigquery.tables.updateData': 'missing, project test',
    })
  })

  test('a grant on the dataset alone shows in the table test', async () => {
    const { server, json, run } = await open()
    server.grant('operator', [dataEditor, jobUser])
    server.grant('uploader', [jobUser])
    expect((await run(['tables', 'confirm'])).code).toBe(0)
    server.grant('uploader', ['bigquery.tables.get', 'bigquery.tables.update', 'bigquery.tables.updateData'], {
      dataset: 'log_analytics',
    })
    const answer = await json(['permissions', 'check'])
    expect(rightsOf(answer, 1)['bigquery.tables.updateData']).toBe('granted, table test')
  })

  test('nothing answers: exit 3', async () => {
    const { run, folder } = await open()
    writeFileSync(
      join(folder, 'config.yaml'),
      'project:\n  id: demo-1\nwarehouse:\n  api_endpoint: http://127.0.0.1:1\n  token_endpoint: http://127.0.0.1:1/token\n',
    )
    const { code, stderr } = await run(['permissions', 'check'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/ECONNREFUSED/)
  })

  test('a key that is missing, cut short or deleted ends in its fix', async () => {
    const { run, server, folder } = await open()
    server.grant('operator', [dataEditor, jobUser])
    rmSync(join(folder, 'log_uploader_credentials.json'))
    const missing = await run(['permissions', 'check'])
    expect(missing.code).toBe(4)
    expect(missing.stderr).toMatch(/log_uploader_credentials\.json is not there/)
    expect(missing.stderr).toMatch(/gcloud iam service-accounts keys create/)
    writeFileSync(join(folder, 'log_uploader_credentials.json'), server.keyFile('uploader').slice(0, 900), {
      mode: 0o600,
    })
    expect((await run(['permissions', 'check'])).stderr).toMatch(/uploader: The key file .* cannot be used/)
    server.revoke('operator')
    const deleted = await run(['permissions', 'check'])
    expect(deleted.code).toBe(4)
    expect(deleted.stderr).toMatch(/operator: Google gives no access token/)
  })

  test('without BigQuery there is nothing to ask: exit 2', async () => {
    const { run } = await open()
    const { code, stderr } = await run(['permissions', 'check', '--warehouse-kind', 'duckdb'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/warehouse is a folder/)
  })
})
