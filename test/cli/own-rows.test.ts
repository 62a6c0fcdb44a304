import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bbq, freshFolder } from './bbq.ts'

const small = ['--demo-lines', '20', '--cluster-nodes', 'cloud_provider=azure,region=eastus']
const lines = Array.from(
  { length: 7 },
  (_, i) => `203.0.113.7 - - [24/Nov/2026:10:00:0${i} +0000] "GET /own/${i} HTTP/1.1" 200 12 "-" "curl/8"`,
)

const countOf = async (folder: string): Promise<number> => {
  const { stdout, stderr } = await bbq(folder, ['query', 'SELECT count(*) AS n FROM raw_logs', '--json'])
  return Number((JSON.parse(stdout || stderr) as { readonly rows: readonly (readonly unknown[])[] }).rows[0]?.[0])
}

/** A folder with seven rows of somebody's own in one table. */
const withOwnRows = async (): Promise<string> => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'access.log'), `${lines.join('\n')}\n`)
  const { code, stderr } = await bbq(folder, ['run', 'raw', '--input', 'access.log'])
  expect(code, stderr).toBe(0)
  return folder
}

const plainWays: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
  ['npm start </dev/null', [], {}],
  ['--plain', ['--plain'], {}],
  ['TERM=dumb', [], { TERM: 'dumb' }],
]

describe("somebody's own rows", () => {
  test.each(plainWays)('are there after %s, which says what is there and what to type', async (_, args, env) => {
    const folder = await withOwnRows()
    const { code, stdout, stderr } = await bbq(folder, [...args, ...small], env)
    expect(code).toBe(4)
    expect(stderr).toMatch(/^Nothing was replaced: \.bbq holds your own rows: 7 in 1 table, 1 file, last /)
    expect(stderr).toContain('bbq reset --yes')
    expect(stderr).toContain('bbq --state demo')
    expect(stdout).not.toContain('replaced')
    expect(await countOf(folder)).toBe(7)
    expect(existsSync(join(folder, '.bbq/nodes'))).toBe(false)
  })

  test('count as own when the note is cut off or gone', async () => {
    const folder = await withOwnRows()
    const note = join(folder, '.bbq/holds.json')
    for (const spoil of [() => writeFileSync(note, readFileSync(note, 'utf8').slice(0, 40)), () => rmSync(note)]) {
      spoil()
      const { code, stderr } = await bbq(folder, ['--plain', ...small])
      expect(code).toBe(4)
      expect(stderr).toMatch(/holds rows that may be your own: 7 in 1 table/)
    }
    expect(await countOf(folder)).toBe(7)
  })

  test('go with reset --yes, after which the demo starts', async () => {
    const folder = await withOwnRows()
    expect((await bbq(folder, ['reset', '--yes', ...small])).code).toBe(0)
    const { code, stderr } = await bbq(folder, ['--plain', ...small])
    expect(code, stderr).toBe(0)
  })

  test('count as own where they were sent into a demo', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'access.log'), `${lines.join('\n')}\n`)
    expect((await bbq(folder, ['run', 'raw', '--nodes', 'azure-1', '--demo-lines', '20'])).code).toBe(0)
    expect((await bbq(folder, ['run', 'raw', '--input', 'access.log'])).code).toBe(0)
    expect((await bbq(folder, ['--plain', ...small])).code).toBe(4)
    expect(await countOf(folder)).toBeGreaterThan(7)
  })

  test('are noted before the job is there that a person may send by hand', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'access.log'), `${lines.join('\n')}\n`)
    expect((await bbq(folder, ['run', 'raw', '--input', 'access.log', '--dry-run'])).code).toBe(0)
    expect(readdirSync(join(folder, '.bbq'))).toContain('holds.json')
    expect(readFileSync(join(folder, '.bbq/holds.json'), 'utf8')).toContain('"own"')
  })

  test.each([
    ['reset', ['reset']],
    ['tables confirm --reset', ['tables', 'confirm', '--reset']],
  ])('are there after %s without a terminal and without --yes, exit 4', async (_, args) => {
    const folder = await withOwnRows()
    const { code, stderr } = await bbq(folder, [...args, ...small])
    expect(code).toBe(4)
    expect(stderr).toContain('7 rows')
    expect(stderr).toContain('--yes')
    expect(await countOf(folder)).toBe(7)
  })
})
