import { once } from 'node:events'
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { logLines } from '../processors/edge/ask-log.ts'
import { bbq, freshFolder, start } from './bbq.ts'

const half = 500

const begin = () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'own.log'), logLines(0, half))
  const shared = ['--warehouse-path', join(folder, 'shared'), '--input', 'own.log']
  const rows = async (): Promise<number> => {
    const sql = 'SELECT count(*) FROM raw_logs'
    const args = ['query', sql, '--json', '--state', 'reader', '--warehouse-path', join(folder, 'shared')]
    const { stdout, stderr } = await bbq(folder, args)
    expect(stderr).toBe('')
    return JSON.parse(stdout).rows[0][0]
  }
  const run = (state: string, ...more: readonly string[]) =>
    bbq(folder, ['run', 'raw', '--state', state, ...shared, ...more])
  const keep = async (state: string) => {
    const program = start(folder, ['run', 'raw', '--state', state, ...shared, '--every', '1s', '--json'])
    await program.said(/"type":"run"/)
    return program
  }
  return { folder, rows, run, keep }
}

describe('two state folders on one warehouse', () => {
  test('of two that write at once one is refused, with who holds it, and no line counts twice', async () => {
    const { folder, rows, run, keep } = begin()
    const first = await keep('a')
    appendFileSync(join(folder, 'own.log'), logLines(half, 2 * half))
    const { code, stdout, stderr } = await run('b')
    expect(await rows()).toBeLessThanOrEqual(2 * half)
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(join(folder, 'a'))
    expect(stderr).toContain(`${first.child.pid}`)
    expect(stderr).toMatch(/bbq run raw[\s\S]*next {2}.*--state/)
    first.child.kill('SIGTERM')
    await first.ended
    expect((await run('a')).code).toBe(0)
    expect(await rows()).toBe(2 * half)
    expect(existsSync(join(folder, 'shared', 'log_analytics', 'writer'))).toBe(false)
  })

  test('of many that start at once exactly one writes', async () => {
    const { rows, run } = begin()
    const ended = await Promise.all(['a', 'b', 'c'].map((state) => run(state)))
    expect(await rows()).toBe(half)
    const written = ended.filter(({ code }) => code === 0)
    expect(written.length).toBeGreaterThan(0)
    for (const { code, stderr } of ended) if (code !== 0) expect(stderr).toContain('another state folder')
  })

  test('one that was killed holds nothing any more', async () => {
    const { rows, run, keep } = begin()
    const first = await keep('a')
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    expect((await run('b')).code).toBe(0)
    expect(await rows()).toBeGreaterThanOrEqual(half)
  })

  test('a look at the tables is never refused', async () => {
    const { rows, keep, folder } = begin()
    const first = await keep('a')
    expect(await rows()).toBe(half)
    const tables = await bbq(folder, ['tables', 'confirm', '--state', 'b', '--warehouse-path', join(folder, 'shared')])
    expect(tables.code).toBe(0)
    const emptied = [
      'tables',
      'confirm',
      '--reset',
      '--yes',
      '--state',
      'b',
      '--warehouse-path',
      join(folder, 'shared'),
    ]
    const refused = await bbq(folder, emptied)
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining(join(folder, 'a'))])
    first.child.kill('SIGTERM')
    await first.ended
    expect(await rows()).toBe(half)
  })
})
