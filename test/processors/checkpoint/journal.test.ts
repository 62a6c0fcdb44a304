import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openJournal } from '../../../processors/checkpoint/journal.ts'
import { openCounters } from './count-in-journal.ts'

const page = fileURLToPath(new URL('../../../docs/files.md', import.meta.url))
const program = fileURLToPath(new URL('count-in-journal.ts', import.meta.url))

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bbq-journal-'))
  folder = join(root, 'made', 'journal')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a journal', () => {
  test('holds the entries of all who write at once, each once, in few files', async () => {
    const writers = ['ann', 'bob', 'cid', 'dan']
    const children = writers.map((writer) =>
      spawn(process.execPath, [program, folder, writer, '150'], { stdio: ['ignore', 'ignore', 'inherit'] }),
    )
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0, 0])
    const journal = openCounters(folder, 'eve')
    expect(journal.read()).toEqual({ ann: 150, bob: 150, cid: 150, dan: 150 })
    expect(globSync('**/*', { cwd: root }).length).toBeLessThan(25)
  })

  test('takes one entry from one state, whoever else writes', () => {
    const [ann, bob] = [openCounters(folder, 'ann'), openCounters(folder, 'bob')]
    const first = (state: Readonly<Record<string, number>>): string | undefined =>
      state['claim'] === undefined ? 'claim' : undefined
    expect(ann.append(first)).toBe('claim')
    expect(bob.append(first)).toBeUndefined()
    expect(ann.append(first)).toBeUndefined()
    expect(bob.read()).toEqual({ claim: 1 })
  })

  test('moves on under the feet of one who has not looked for long', () => {
    const slow = openCounters(folder, 'slow')
    slow.append(() => 'slow')
    const busy = openCounters(folder, 'busy')
    for (let i = 0; i < 40; i++) busy.append(() => 'busy')
    expect(slow.append((state) => (state['busy'] === 40 ? 'seen' : undefined))).toBe('seen')
    expect(busy.read()).toEqual({ slow: 1, busy: 40, seen: 1 })
  })
})

test('a day of runs leaves no more files of a checkpoint than docs/files.md says', () => {
  const row = readFileSync(page, 'utf8')
    .split('\n')
    .find((line) => line.includes('the checkpoint'))
  const most = Number(row?.split('|')[2])
  const entry = z.number()
  const journal = openJournal({ folder, state: entry, entry, initial: () => 0, fold: (a, b) => a + b, writer: 'ann' })
  for (let i = 0; i < 100; i++) {
    journal.append(() => 1)
    expect(globSync('**/*', { cwd: folder }).length).toBeLessThanOrEqual(most)
  }
})
