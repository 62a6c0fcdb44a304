import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linesOf } from './simple-parser.ts'

/** The one program that every node gets. */
const program = fileURLToPath(new URL('../../../processors/run.ts', import.meta.url))
const children: ChildProcess[] = []
let data = ''

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'bbq-on-node-'))
  mkdirSync(join(data, '.bbq'))
  const identity = { id: 'aws-1', provider: 'aws', region: 'x', hostname: 'h', public_ip: null, private_ip: null }
  writeFileSync(join(data, '.bbq', 'node.json'), JSON.stringify(identity))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

const log = (): string => join(data, 'logs', 'a.log')
const sign = (): string => join(data, '.bbq', 'generator.alive')
const text = (): string => readFileSync(log(), 'latin1')

const start = (...more: readonly string[]) => {
  const words = ['generate', 'live', '--data', data, '--log', 'logs/a.log', '--rate', '400', '--fill', '300', ...more]
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  return {
    child,
    said: once(child.stdout, 'data').then(([bytes]): unknown => JSON.parse(String(bytes))),
    ended: once(child, 'close').then(([code]) => ({ code, stderr })),
  }
}

const until = async (done: () => boolean): Promise<void> => {
  const deadline = Date.now() + 20_000
  while (!done()) {
    if (Date.now() > deadline) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('fills an empty log, says so, grows it, and leaves no sign of life behind when it is told to end', async () => {
  const { child, said, ended } = start('--nodes', 'gcp-1,aws-1')
  expect(await said).toEqual({ type: 'growing', node: 'aws-1', filled: 300, rate: 400 })
  const filled = statSync(log()).size
  await until(() => statSync(log()).size > filled)
  expect(existsSync(sign())).toBe(true)
  child.kill('SIGTERM')
  expect(await ended).toEqual({ code: 0, stderr: '' })
  expect(existsSync(sign())).toBe(false)
  expect(text().endsWith('\n')).toBe(true)
  expect(linesOf(text()).length).toBeGreaterThan(300)
})

test('goes on with a log that is there, also where only its predecessor has lines', async () => {
  mkdirSync(join(data, 'logs'))
  writeFileSync(`${log()}.1`, 'old\n')
  const { child, said, ended } = start()
  expect(await said).toMatchObject({ filled: 0 })
  await until(() => statSync(log()).size > 0)
  child.kill('SIGTERM')
  await ended
  const before = text()
  const again = start()
  expect(await again.said).toMatchObject({ filled: 0 })
  await until(() => statSync(log()).size > before.length)
  expect(text().startsWith(before)).toBe(true)
})

test('a second one is refused while the first lives; a killed one is followed', async () => {
  const first = start()
  await first.said
  const second = start()
  expect(await second.ended).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/^Another generator already writes the log of this node\.\n.*bbq logs stop/),
  })
  expect(first.child.exitCode).toBe(null)
  first.child.kill('SIGKILL')
  await first.ended
  expect(await start().said).toMatchObject({ type: 'growing', filled: 0 })
})

test('knobs that are none and a node without a name are told', async () => {
  expect(await start('--knobs', '{"ipv6_share":7}').ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ipv6_share'),
  })
  rmSync(join(data, '.bbq', 'node.json'))
  expect(await start().ended).toMatchObject({ code: 1, stderr: expect.stringContaining('does not know its name') })
  expect(existsSync(log())).toBe(false)
})
