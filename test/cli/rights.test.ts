import { execFile } from 'node:child_process'
import { chmodSync, existsSync, globSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Ended, freshFolder } from './bbq.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** The program under a umask of its own. */
const under = (
  umask: string,
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const command = ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, main, ...args]
    const child = execFile('sh', command, { cwd: folder, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
    child.stdin?.end()
  })

/** Everything below a folder that somebody else has a right on, or its owner has not. */
const open = (folder: string): readonly string[] =>
  globSync('**/{*,.*}', { cwd: folder, withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .concat(folder)
    .flatMap((path) => {
      const found = lstatSync(path, { throwIfNoEntry: false })
      if (found === undefined) return []
      const mode = (found.mode & 0o777).toString(8)
      return mode === (found.isDirectory() ? '700' : '600') ? [] : [`${mode} ${path}`]
    })
    .sort()

describe('what lies below the state folder is its owner’s alone', () => {
  test.each(['000', '022', '0277'])('under the umask %s, whoever writes it', async (umask) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
    writeFileSync(join(folder, 'own.log'), 'no line of a log\n')
    const one = ['--nodes', 'aws-1']
    for (const args of [
      ['nodes'],
      ['run', 'raw', ...one],
      ['run', 'structured', ...one],
      ['run', 'private', ...one, '--every', '1h', '--dry-run'],
      ['run', 'aggregated', ...one],
      ['run', 'structured', '--input', 'own.log'],
      ['nodes', 'fail', 'aws-2', '--how', 'lost'],
      ['edge', 'SELECT count(*) FROM logs', '--merge', 'SELECT * FROM edge', ...one],
      ['query', 'SELECT count(*) FROM raw_logs'],
      ['reset', '--yes'],
      ['run', 'raw', ...one],
    ])
      expect((await under(umask, folder, args)).stderr).not.toMatch(/EACCES|denied/)
    const state = join(folder, '.bbq')
    expect(globSync('warehouse/**/*.parquet', { cwd: state }).length).toBeGreaterThan(4)
    expect(globSync('nodes/aws-1/.bbq/**', { cwd: state }).length).toBeGreaterThan(1)
    expect(open(state)).toEqual([])
  })

  test('also where an earlier version or somebody opened it', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
    const run = () => under('022', folder, ['run', 'raw', '--nodes', 'aws-1'])
    expect((await run()).code).toBe(0)
    const state = join(folder, '.bbq')
    for (const name of readdirSync(state)) chmodSync(join(state, name), statSync(join(state, name)).mode | 0o055)
    writeFileSync(join(state, 'mine.txt'), '', { mode: 0o644 })
    expect((await run()).code).toBe(0)
    const modes = readdirSync(state)
      .map((name) => [name, statSync(join(state, name)).mode & 0o077] as const)
      .filter(([, mode]) => mode !== 0)
    expect(modes).toEqual([['mine.txt', 0o044]])
  })

  test('while an answer is looked for, too, and nothing of it lies elsewhere', async () => {
    const folder = freshFolder()
    const elsewhere = join(folder, 'tmp')
    mkdirSync(elsewhere)
    writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
    const env = { TMPDIR: elsewhere }
    expect((await under('022', folder, ['run', 'raw', '--nodes', 'aws-1'], env)).code).toBe(0)
    const seen = new Set<string>()
    const look = setInterval(() => {
      for (const path of globSync('**/*', { cwd: elsewhere })) seen.add(path)
      for (const path of existsSync(join(folder, '.bbq')) ? open(join(folder, '.bbq')) : []) seen.add(path)
    }, 20)
    try {
      const sql = 'SELECT a.remote_log_id FROM lines a, lines b ORDER BY hash(a.raw_line || b.raw_line)'
      const asked = ['edge', sql, '--merge', 'SELECT * FROM edge', '--nodes', 'aws-1', '--limit', '3']
      expect((await under('000', folder, asked, env)).code).toBe(0)
      const sorted = 'SELECT hash(range) AS h FROM range(6000000) ORDER BY h DESC LIMIT 3000000'
      expect((await under('000', folder, ['query', `SELECT max(h) FROM (${sorted})`], env)).code).toBe(0)
    } finally {
      clearInterval(look)
    }
    expect([...seen]).toEqual([])
    expect(readdirSync(join(folder, '.bbq', 'tmp'))).toEqual([])
  })
})

test('what is written beside it keeps the rights that its owner gives', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
  const { engineFiles } = await import('../../src/cli/engine-files.ts')
  const before = process.cwd()
  process.chdir(folder)
  try {
    expect(statSync(await engineFiles('.bbq', 0o027).writeExport('a.csv', 'x')).mode & 0o777).toBe(0o640)
  } finally {
    process.chdir(before)
  }
})
