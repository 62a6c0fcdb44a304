import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

const page = fileURLToPath(new URL('../../docs/files.md', import.meta.url))

/** How many files a row of the page allows. */
const told = (place: string): number => {
  const row = readFileSync(page, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${place}\``))
  return Number(/^\d+/.exec(row?.split('|')[2]?.trim() ?? '')?.[0])
}

const program = fileURLToPath(new URL('programs/many-runs.ts', import.meta.url))

const run = promisify(execFile)

interface Measured {
  readonly runs: number
  readonly failed: number
  readonly heap: number
}

describe('500 runs in one process', () => {
  let stateDir = ''
  let all: readonly Measured[] = []
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'bbq-growth-'))
    const { stdout } = await run(process.execPath, ['--expose-gc', program, stateDir, '500', '100'])
    all = stdout
      .trim()
      .split('\n')
      .map((line): Measured => JSON.parse(line))
  }, 300_000)

  test('keep nothing of what has been: the heap is flat within 5 %', () => {
    const [first, last] = [all[0], all.at(-1)]
    if (first === undefined || last === undefined) throw new Error('nothing was measured')
    expect(last).toMatchObject({ failed: 0 })
    expect(last.runs).toBeGreaterThanOrEqual(500)
    expect(last.heap / first.heap).toBeLessThan(1.05)
  })

  test('leave as many files as docs/files.md says', async () => {
    const stages = ['aggregated', 'private', 'raw', 'structured']
    for (const folder of ['jobs', 'sandbox']) {
      const names = await readdir(join(stateDir, folder))
      const kinds = Map.groupBy(names, (name) => name.split('-')[1])
      expect([...kinds.keys()].sort(), folder).toEqual(stages)
      const most = told(`.bbq/${folder}/`)
      for (const [kind, files] of kinds) expect(files.length, `${folder} of ${kind}`).toBe(most)
    }
    const others = await readdir(stateDir, { recursive: true, withFileTypes: true })
    const own = others.filter((entry) => entry.isFile() && entry.parentPath.startsWith(join(stateDir, 'own')))
    // who it is, which files it reads, and the program
    expect(own.length).toBeLessThanOrEqual(3 * 8)
  })
})
