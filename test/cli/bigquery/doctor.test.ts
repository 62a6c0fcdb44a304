import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rawRequests } from '../../bigquery/server/client.ts'
import { dataEditor, jobUser, openForTest as open, type RightsWorld } from './world.ts'

interface Check {
  readonly id: string
  readonly ok: boolean
  readonly detail: string | null
  readonly problem: { readonly what: string; readonly next: readonly string[] } | null
  readonly next: readonly string[]
}

/** What doctor --json says, by the id of the check. */
const doctor = async ({ json }: RightsWorld, code: number): Promise<Readonly<Record<string, Check>>> => {
  const { checks } = (await json(['doctor'], code)) as { readonly checks: readonly Check[] }
  return Object.fromEntries(checks.map((check) => [check.id, check]))
}

const granted = ({ server }: RightsWorld): void => {
  for (const account of ['operator', 'uploader']) server.grant(account, [dataEditor, jobUser])
}

describe('doctor on BigQuery', () => {
  test('looks at everything, makes nothing and bills nothing', async () => {
    const opened = await open()
    granted(opened)
    const before = await doctor(opened, 0)
    expect(before['dataset']?.detail).toBe('demo-project.log_analytics is made at the first start')
    expect(opened.server.requests.count('datasets.insert', 'tables.insert', 'jobs.insert.query', 'jobs.query')).toBe(0)
    expect((await opened.run(['tables', 'confirm'])).code).toBe(0)
    const after = await doctor(opened, 0)
    expect(after['account']?.detail).toContain(opened.server.emailOf('operator'))
    expect(after['dataset']?.detail).toBe('demo-project.log_analytics in US, 4 of 4 tables')
    expect(after['warehouse']?.detail).toBe('BigQuery demo-project.log_analytics, 0 rows')
    expect(after['uploader']?.detail).toContain('all that the demo needs')
  })

  test('names a dataset whose location is another one, with both places', async () => {
    const opened = await open()
    granted(opened)
    const made = await rawRequests(opened.server, 'operator').post('/datasets', {
      datasetReference: { datasetId: 'log_analytics' },
      location: 'EU',
    })
    expect(made.status).toBe(200)
    const { dataset, warehouse } = await doctor(opened, 2)
    expect(dataset?.problem?.what).toBe('The dataset demo-project.log_analytics lies in EU, but the config says US.')
    expect(dataset?.problem?.next[0]).toBe('Set bigquery.location: EU')
    expect(warehouse?.detail).toBe('not checked: Dataset and tables first')
  })

  test('names a project without billing, and that its tables expire after 60 days; nothing stops for it', async () => {
    const opened = await open({ billing: false })
    granted(opened)
    const { billing } = await doctor(opened, 0)
    expect(billing?.ok).toBe(true)
    expect(billing?.detail).toMatch(/^none: tables expire after 60 days/)
    expect(billing?.next[0]).toBe('gcloud billing projects link demo-project --billing-account=ACCOUNT')
    const text = await opened.run(['doctor'])
    expect(text.stdout).toMatch(/Billing: .*60 days[^\n]*\n +next +gcloud billing projects link/)
  })

  test('tells by the dataset alone that there is no billing, where billing may not be looked at', async () => {
    const opened = await open({ billing: false })
    granted(opened)
    opened.server.faults.add({ on: 'projects.getBillingInfo', do: '403 accessDenied' })
    expect((await opened.run(['tables', 'confirm'])).code).toBe(0)
    expect((await doctor(opened, 0))['billing']?.detail).toMatch(/^none, it seems: tables expire after 60 days/)
  })

  test('an API that is off, a project that is not there and a key that is gone each end in their fix', async () => {
    const off = await open({ apiEnabled: false })
    granted(off)
    const { apis, operator } = await doctor(off, 4)
    expect(apis?.problem?.next).toEqual([
      'Switch it on: gcloud services enable bigquery.googleapis.com --project=demo-project',
      'Wait two minutes, then try again.',
      'Or let bbq do it: bbq setup --enable-apis',
    ])
    expect(operator?.detail).toBe('not checked: APIs first')

    const gone = await open({ projectExists: false })
    const { project } = await doctor(gone, 2)
    expect(project?.problem?.what).toBe('There is no project demo-project.')
    expect(project?.problem?.next.at(-1)).toContain('bbq setup --create-project')

    rmSync(join(gone.folder, 'credentials.json'))
    expect((await doctor(gone, 2))['account']?.problem?.next[0]).toContain('--credentials-path')
    writeFileSync(join(gone.folder, 'credentials.json'), '{"type": "service_account"', { mode: 0o600 })
    expect((await doctor(gone, 2))['account']?.problem?.what).toMatch(/credentials\.json/)
  })

  test('names what an account lacks, and the command that grants it', async () => {
    const opened = await open()
    const { server } = opened
    server.grant('operator', [dataEditor, jobUser])
    expect((await opened.run(['tables', 'confirm'])).code).toBe(0)
    server.grant('uploader', [dataEditor])
    const { uploader, operator } = await doctor(opened, 4)
    expect(operator?.ok).toBe(true)
    expect(uploader?.problem?.what).toBe('The uploader lacks Job User.')
    expect(uploader?.problem?.next.at(-1)).toBe('Or let bbq do it: bbq permissions grant')
  })
})
