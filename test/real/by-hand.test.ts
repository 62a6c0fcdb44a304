import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyNodes, fillLogs, openWorkplace, type Workplace } from './bbq.ts'
import { bacalhau, realCluster } from './cluster.ts'

const sql = 'SELECT remote_log_id, raw_line FROM raw_logs ORDER BY 1'

describe('the line that x shows', () => {
  let place: Workplace

  beforeAll(async () => {
    emptyNodes()
    await fillLogs(300)
    place = await openWorkplace()
    expect((await place.bbq('nodes', 'prepare')).code).toBe(0)
  })
  afterAll(() => place.close())

  const json = async <T>(...args: readonly string[]): Promise<T> => {
    const { stdout, stderr, code } = await place.bbq(...args, '--json')
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout) as T
  }
  const rows = async (): Promise<unknown> =>
    (await json<{ readonly rows: unknown }>('query', sql, '--limit', '5000')).rows

  /** Runs it as a person would, and waits for its job's end. */
  const typed = async (line: string): Promise<void> => {
    const { stdout } = await execa('sh', ['-c', line], {
      cwd: place.folder,
      env: realCluster().env,
      extendEnv: false,
      timeout: 60_000,
    })
    const id = /j-[0-9a-f-]{36}/.exec(stdout)?.[0] ?? ''
    await expect.poll(async () => bacalhau(['job', 'describe', id]), { timeout: 60_000 }).toMatch(/State += Completed/)
  }

  test('gives the same rows in a shell, on a fresh generation', async () => {
    await json('run', 'raw')
    const first = await rows()
    expect(first).toHaveLength(3 * 300)
    await json('reset', '--yes')
    const { command } = await json<{ readonly command: string }>('run', 'raw', '--dry-run')
    expect(await rows()).toEqual([])
    await typed(command)
    expect(await rows()).toEqual(first)
  })

  test('can be sent beside the job that bbq itself has sent', async () => {
    const { command } = await json<{ readonly command: string }>('run', 'structured')
    await typed(command)
  })
})
