import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { restSchema } from '../../src/core/bigquery/schema.ts'
import { findTable } from '../../src/core/tables.ts'
import { startStandIn } from '../bigquery/server/stand-in.ts'
import { bbq, type Ended, freshFolder } from './bbq.ts'

type Server = Awaited<ReturnType<typeof startStandIn>>

const both = ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser']

describe('bbq on BigQuery', () => {
  let server: Server
  let said = ''
  const folder = freshFolder()
  const keys: string[] = []

  beforeAll(async () => {
    server = await startStandIn({ projectId: 'demo-project' })
    for (const [account, file] of [
      ['operator', 'credentials.json'],
      ['uploader', 'log_uploader_credentials.json'],
    ] as const) {
      keys.push(server.keyFile(account))
      writeFileSync(join(folder, file), server.keyFile(account), { mode: 0o600 })
    }
    writeFileSync(
      join(folder, 'config.yaml'),
      `project:\n  id: ${server.projectId}\nwarehouse:\n  api_endpoint: ${server.url}\n  token_endpoint: ${server.tokenUrl}\ndemo:\n  lines: 200\n`,
    )
  })
  afterAll(() => server.close())

  const run = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await bbq(folder, args)
    said += ended.stdout + ended.stderr
    return ended
  }

  test('says what both accounts lack, and the lines that grant it', async () => {
    const { code, stdout, stderr } = await run('permissions', 'check')
    expect(code).toBe(4)
    expect(stdout).toMatch(/operator +Job User +bigquery\.jobs\.create +missing/)
    expect(stderr).toContain('gcloud projects add-iam-policy-binding')
  })

  test('is content with Data Editor and Job User, and says what needs more', async () => {
    for (const account of ['operator', 'uploader']) server.grant(account, both)
    expect((await run('tables', 'confirm')).code).toBe(0)
    const { code, stdout, stderr } = await run('permissions', 'check', '--json')
    expect(code, stderr + stdout).toBe(0)
    const { ok, accounts, beyond } = JSON.parse(stdout)
    expect(ok).toBe(true)
    expect(accounts.map(({ account }: { account: string }) => account)).toEqual(['operator', 'uploader'])
    expect(beyond.length).toBeGreaterThan(0)
    for (const one of beyond) expect(one.needed_for_demo).toBe(false)
  })

  test('names the columns that a table lacked', async () => {
    const at = `${server.url}/bigquery/v2/projects/${server.projectId}/datasets/log_analytics/tables`
    const headers = { authorization: `Bearer ${server.token('operator')}`, 'content-type': 'application/json' }
    await fetch(`${at}/emergency_logs`, { method: 'DELETE', headers })
    const { columns, arrival } = findTable('emergency_logs')
    const body = {
      tableReference: { tableId: 'emergency_logs' },
      schema: restSchema({ columns: columns.filter(({ name }) => name !== 'reason' && name !== 'kind') }),
      timePartitioning: { type: 'DAY', field: arrival },
    }
    expect((await fetch(at, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(200)
    const { code, stdout } = await run('tables', 'confirm')
    expect(code).toBe(0)
    expect(stdout).toMatch(/emergency_logs +got kind, reason +0/)
    expect(stdout).toMatch(/raw_logs +as it must be +0/)
  })

  test('makes tables once, and says so', async () => {
    const { code, stdout, stderr } = await run('tables', 'confirm', '--json')
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ created: [] })
  })

  test('runs every stage on simulated nodes, shows rows for nothing and asks a priced question, with those two roles alone', async () => {
    for (const stage of ['raw', 'structured', 'private', 'aggregated']) {
      const { code, stdout, stderr } = await run('run', stage, '--nodes', 'aws-1,gcp-1', '--json')
      expect(code, stderr + stdout).toBe(0)
    }
    const before = server.requests.count('jobs.query') + server.requests.count('jobs.insert')
    const sample = await run('tables', 'sample', 'log_results', '--limit', '3', '--json')
    expect(JSON.parse(sample.stdout).tables[0].rows).toHaveLength(3)
    expect(server.requests.count('jobs.query') + server.requests.count('jobs.insert')).toBe(before)
    const asked = await run('query', 'structured-status', '--json')
    expect(asked.code, asked.stderr).toBe(0)
    expect(asked.stderr).toMatch(/Reads .+, bills /)
  }, 120_000)

  test('names the table that is nearest to one that is not there', async () => {
    const { code, stderr } = await run('tables', 'sample', 'log_result')
    expect(code).toBe(2)
    expect(stderr).toContain('The nearest one is log_results')
  })

  test('shows no key and no token in any of it', () => {
    const secrets = keys.flatMap((key) => (JSON.parse(key).private_key as string).split('\n').slice(1, 4))
    for (const secret of secrets) expect(said).not.toContain(secret)
    expect(said).not.toMatch(/ya29\.|Bearer /)
  })
})
