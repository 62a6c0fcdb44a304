import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { logLine } from '../processors/edge/ask-log.ts'
import { bbq, freshFolder } from './bbq.ts'

const folder = freshFolder()
const node = ['--nodes', 'aws-1']
/** Ends of lines to some readers, and what a terminal obeys. */
const paths = ['/a\u2028b', '/a\u2029b', '/a\u0085b', '/a\u009bb', '/a\u202eb', '/a\u2066b', '/a\u{e0041}b', '/plain']
const sql = 'SELECT path FROM logs ORDER BY remote_log_id'

interface Shape {
  readonly rows: readonly (readonly unknown[])[]
  readonly nodes: readonly { readonly error: string | null }[]
}

const ask = async (...args: readonly string[]): Promise<{ readonly stdout: string; readonly found: Shape }> => {
  const { code, stdout, stderr } = await bbq(folder, ['edge', ...args, ...node])
  expect(code, stderr).toBe(0)
  return { stdout, found: JSON.parse(stdout) as Shape }
}

beforeAll(async () => {
  writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 50\n')
  expect((await bbq(folder, ['nodes'])).code).toBe(0)
  writeFileSync(
    join(folder, '.bbq', 'nodes', 'aws-1', 'access.log'),
    paths.map((path, i) => logLine(i, 200, path)).join(''),
  )
})

describe('edge', () => {
  test('has every row, whatever characters stand in it', async () => {
    const { found } = await ask(sql, '--json')
    expect(found.nodes.map(({ error }) => error)).toEqual([null])
    expect(found.rows.map(([, path]) => path).sort()).toEqual([...paths].sort())
  })

  test('merges every row, whatever characters stand in it', async () => {
    const { found } = await ask(sql, '--merge', 'SELECT path FROM edge', '--json')
    expect(found.rows.map(([path]) => path).sort()).toEqual([...paths].sort())
  })

  test.each([[['--json']], [['--format', 'json']]])('escapes with %j what a terminal obeys', async (how) => {
    const { stdout, found } = await ask(
      'SELECT chr(155) || chr(8238) || chr(917569) AS text FROM lines LIMIT 1',
      ...how,
    )
    expect(stdout.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(found.rows.map((row) => row[1])).toEqual(['\u009b\u202e\u{e0041}'])
  })
})

test('a query over the warehouse keeps characters beyond 16 bits whole', async () => {
  expect((await bbq(folder, ['run', 'raw', ...node])).code).toBe(0)
  const { stdout } = await bbq(folder, ['query', "SELECT chr(917569) || 'x' AS text", '--json'])
  expect(JSON.parse(stdout).rows).toEqual([['\u{e0041}x']])
})
