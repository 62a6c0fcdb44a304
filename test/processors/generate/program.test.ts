import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linesOf, parseSimply } from './simple-parser.ts'

const program = fileURLToPath(new URL('../../../processors/generate.ts', import.meta.url))
const children: ChildProcess[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bbq-generate-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const plan = (more: object = {}): string => {
  const file = join(folder, 'plan.json')
  const nodes = ['a', 'b'].map((id) => ({ id, file: join(folder, id, 'access.log') }))
  writeFileSync(file, JSON.stringify({ nodes, seed: 3, lines: 500, until: Date.UTC(2026, 10, 24), ...more }))
  return file
}

const start = (args: readonly string[]) => {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'ignore', 'pipe'] })
  children.push(child)
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  return { child, ended: once(child, 'exit').then(([code, signal]) => ({ code, signal, stderr })) }
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)

const until = async (done: () => boolean): Promise<void> => {
  const deadline = Date.now() + 20_000
  while (!done()) {
    if (Date.now() > deadline) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('fill writes every log of the plan and ends', async () => {
  const { ended } = start(['fill', '--plan', plan()])
  expect(await ended).toEqual({ code: 0, signal: null, stderr: '' })
  for (const id of ['a', 'b']) {
    const lines = linesOf(readFileSync(join(folder, id, 'access.log'), 'latin1'))
    expect(lines.length).toBe(500)
    expect(lines.filter((line) => parseSimply(line) !== undefined).length).toBeGreaterThan(490)
  }
})

describe('live', () => {
  const grown = async (args: readonly string[] = []) => {
    const run = start([
      'live',
      '--plan',
      plan({ knobs: { rate: 2_000, rotation_mb: 0.2, rotation_backups: 2 } }),
      ...args,
    ])
    await until(() => sizeOf(join(folder, 'a', 'access.log')) > 0)
    return run
  }

  test('grows the logs with whole lines of now, rotates them, and ends on SIGTERM', async () => {
    const begun = Date.now()
    const { child, ended } = await grown()
    await until(() => existsSync(join(folder, 'a', 'access.log.1')))
    child.kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, signal: null, stderr: '' })
    const text = readFileSync(join(folder, 'a', 'access.log.1'), 'latin1')
    expect(text.endsWith('\n')).toBe(true)
    for (const line of linesOf(text).map(parseSimply))
      if (line !== undefined) expect(line.at).toBeGreaterThan(begun - 3_000)
  })

  test('ends when the pipe to its parent closes', async () => {
    const { child, ended } = await grown()
    child.stdin.end()
    expect((await ended).code).toBe(0)
  })

  test('ends when its parent is another than it was told', async () => {
    const { ended } = start(['live', '--plan', plan(), '--parent-pid', '1'])
    expect((await ended).code).toBe(0)
  })
})

const usage = 'Usage: generate fill|live --plan FILE [--parent-pid N]; on a node: generate live --data DIR --rate N'

test.each([
  [['fill'], usage],
  [['sometimes', '--plan', 'x'], usage],
])('%j is refused with the usage', async (args, message) => {
  expect(await start(args).ended).toEqual({ code: 2, signal: null, stderr: `${message}\n` })
})

test('a plan that is none is refused by name', async () => {
  const { code, stderr } = await start(['fill', '--plan', plan({ seed: 'lucky' })]).ended
  expect(code).toBe(2)
  expect(stderr).toContain('plan.json is no plan for the log generator.')
  expect(stderr).toContain('seed')
})
