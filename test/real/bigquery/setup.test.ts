import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bbq, freshFolder } from '../../cli/bbq.ts'
import { localBigquery, localProject, whyNoBigquery } from './server.ts'

const missing = await whyNoBigquery()

describe.skipIf(missing !== undefined)('setup on a BigQuery server that has no rights, services and billing', () => {
  const folder = freshFolder()
  const dataset = `setup_${process.pid}_${Date.now()}`
  beforeAll(async () => {
    const url = await localBigquery()
    writeFileSync(
      join(folder, 'config.yaml'),
      `project:\n  id: ${localProject}\nbigquery:\n  dataset_name: ${dataset}\nwarehouse:\n  api_endpoint: ${url}\n`,
    )
  }, 300_000)

  const stepsOf = async (verb: 'doctor' | 'setup'): Promise<Readonly<Record<string, string>>> => {
    const { code, stdout, stderr } = await bbq(folder, [verb, '--json'])
    expect(code, stdout + stderr).toBe(0)
    const answer = JSON.parse(stdout) as Record<string, { readonly id: string; readonly detail: string }[]>
    return Object.fromEntries((answer['checks'] ?? answer['steps'] ?? []).map(({ id, detail }) => [id, detail]))
  }

  test('says what is not known, and makes dataset and tables', async () => {
    const before = await stepsOf('doctor')
    expect(before['dataset']).toBe(`${localProject}.${dataset} is made at the first start`)
    expect(before['billing']).toMatch(/^not known/)
    expect(before['uploader']).toMatch(/^may run jobs, and nothing says that it lacks the rest/)
    expect((await stepsOf('setup'))['dataset']).toMatch(/4 of 4 tables/)
    expect((await stepsOf('doctor'))['warehouse']).toBe(`BigQuery ${localProject}.${dataset}, 0 rows`)
    expect((await bbq(folder, ['permissions', 'grant'])).code).toBe(0)
  }, 120_000)
})
