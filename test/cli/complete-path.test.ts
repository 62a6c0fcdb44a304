import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { completePathIn } from '../../src/cli/complete-path.ts'

let folder = ''
let complete: ReturnType<typeof completePathIn>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bbq-complete-'))
  for (const name of ['nginx', 'my logs', 'home']) mkdirSync(join(folder, name))
  for (const name of ['nginx/access.log', 'nginx/access.log.1', 'nginx/error.log', 'my logs/a.log', 'home/b.log', '.c'])
    writeFileSync(join(folder, name), '')
  complete = completePathIn(folder, join(folder, 'home'))
})

describe('a path that is typed', () => {
  test.each([
    ['ng', 'nginx/', []],
    ['nginx/', 'nginx/', ['access.log', 'access.log.1', 'error.log']],
    ['nginx/acc', 'nginx/access.log', ['access.log', 'access.log.1']],
    ['nginx/e', 'nginx/error.log', []],
    ['nginx/zzz', 'nginx/zzz', []],
    ['', '', ['home/', 'my logs/', 'nginx/']],
    ['my', 'my\\ logs/', []],
    ['my\\ logs/', 'my\\ logs/a.log', []],
    ['"my logs/a', 'my\\ logs/a.log', []],
    ['.', '.c', []],
    ['~', '~/', []],
    ['~/', '~/b.log', []],
    ['web1=ng', 'web1=nginx/', []],
    ['web1=nginx/error.log web2=nginx/e', 'web1=nginx/error.log web2=nginx/error.log', []],
    ['nginx/error.log ', 'nginx/error.log ', ['home/', 'my logs/', 'nginx/']],
    ['none/a', 'none/a', []],
  ])('%j becomes %j', async (line, text, candidates) => {
    expect(await complete(line)).toEqual({ text, candidates })
  })

  test('of very many names only the first are shown', async () => {
    mkdirSync(join(folder, 'many'))
    for (let i = 0; i < 300; i++) writeFileSync(join(folder, `many/${i}`), '')
    const { candidates } = await complete('many/')
    expect(candidates.length).toBe(200)
  })
})
