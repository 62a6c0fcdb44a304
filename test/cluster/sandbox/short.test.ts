import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../programs/run-short.ts', import.meta.url))
const run = promisify(execFile)

/** What a program said that soon had no file or no process more. */
const under = async (limit: string): Promise<Readonly<Record<string, string>>> => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-short-'))
  chmodSync(folder, 0o777)
  // the system counts no processes of root
  const words = ['--reuid', '64123', '--regid', '64123', '--clear-groups', process.execPath, program, limit, folder]
  const { stdout } = await run('setpriv', words, { timeout: 30_000, killSignal: 'SIGKILL' })
  return JSON.parse(stdout) as Record<string, string>
}

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('a program that runs short', () => {
  test('of files says so, whatever it was at', async () => {
    const said = await under('--nofile=3')
    for (const [name, words] of Object.entries(said)) {
      expect(words, name).toContain('This program may not open more files at once.')
      expect(words, name).toContain('ulimit -n 4096')
    }
    expect(Object.keys(said)).toEqual(['child', 'warehouse', 'generator', 'files', 'log'])
    expect(said['child']).toContain('[127,')
  })

  test('of processes says so, and reads its files', async () => {
    const { child, warehouse, generator, files, log } = await under('--nproc=1')
    for (const words of [child, warehouse, generator]) {
      expect(words).toContain('This user may not start more processes at once.')
      expect(words).toContain('ulimit -u 4096')
    }
    expect(files).toContain('access.log')
    expect(log).toContain('a line')
  })
})
