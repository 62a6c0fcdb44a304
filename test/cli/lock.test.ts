import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lockHolder, takeLock } from '../../src/cli/lock.ts'

const fresh = (): string => mkdtempSync(join(tmpdir(), 'bbq-lock-'))
const given = { command: 'bbq run raw', now: Date.UTC(2026, 10, 24, 13, 5) }
const module = new URL('../../src/cli/lock.ts', import.meta.url).href

/** A child that takes the lock, says so, and holds it until it is killed. */
const holdElsewhere = async (state: string) => {
  const script = `const { takeLock } = await import(${JSON.stringify(module)})
    takeLock(${JSON.stringify(state)}, { command: 'bbq', now: ${given.now} })
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

describe('one program a state folder', () => {
  test('a folder that cannot be made is refused, at once', () => {
    expect(() => takeLock('/proc/nowhere/state', given)).toThrow(/\/proc\/nowhere\/state cannot be written/)
  })

  test('a second one says who has it and since when', async () => {
    const state = fresh()
    const child = await holdElsewhere(state)
    expect(() => takeLock(state, given)).toThrow(
      `The state folder ${state} is in use by process ${child.pid} (bbq), since 2026-11-24T13:05:00Z.`,
    )
    expect(lockHolder(state)?.pid).toBe(child.pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(lockHolder(state)).toBeUndefined()
    takeLock(state, given)()
    expect(readdirSync(state)).toEqual([])
  })

  test('a process of the same number that started later does not hold it', () => {
    const state = fresh()
    writeFileSync(
      join(state, 'lock'),
      JSON.stringify({ pid: process.pid, start: '1', since: '2026-01-01T00:00:00Z', command: 'bbq' }),
    )
    const release = takeLock(state, given)
    expect(lockHolder(state)?.pid).toBe(process.pid)
    release()
    expect(existsSync(join(state, 'lock'))).toBe(false)
  })

  test.each(['', 'not json', '{"pid":0}'])('a lock that says %j counts as left behind', (text) => {
    const state = fresh()
    writeFileSync(join(state, 'lock'), text)
    takeLock(state, given)()
    expect(readdirSync(state)).toEqual([])
  })

  test('giving it back leaves the lock of somebody else alone', () => {
    const state = fresh()
    const release = takeLock(state, given)
    writeFileSync(join(state, 'lock'), 'theirs')
    release()
    expect(readFileSync(join(state, 'lock'), 'utf8')).toBe('theirs')
  })

  test('of many that start at once over a stale lock exactly one gets it', async () => {
    const state = fresh()
    writeFileSync(join(state, 'lock'), 'left behind')
    const script = `const { takeLock } = await import(${JSON.stringify(module)})
      try { takeLock(${JSON.stringify(state)}, { command: 'bbq', now: 0 }); console.log('got') } catch (e) { console.log(e.name) }
      process.stdin.on('end', () => process.exit()).resume()`
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    const said = await Promise.all(children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()))
    for (const child of children) child.stdin.end()
    expect(said.sort()).toEqual(['AppError', 'AppError', 'AppError', 'got'])
  })
})
