import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toAppError } from '../../src/core/errors.ts'
import { openChildCalls } from '../../src/warehouse/duckdb/child-calls.ts'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const call = { signal: new AbortController().signal }
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bbq-warehouse-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (program: string, nodePath = process.execPath) =>
  openChildCalls({ program, nodePath, settings: { folder, logResultsTable: 'log_results' } })

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => toAppError(thrown),
  )

describe("the warehouse's own process", () => {
  test('is started again after it crashed, and the call that it died in says so', async () => {
    writeFileSync(join(folder, 'crash-1'), '')
    const calls = open(here('programs/crashing-child.ts'))
    const error = await failure(calls.call({ method: 'status' }, call))
    expect(error?.what).toBe("The warehouse's own process ended during status: signal SIGKILL.")
    expect(error?.why).toBe('Error: out of luck')
    expect(error?.next).toEqual(['Try again: the process is started anew by the next call.'])
    expect(await calls.call({ method: 'status' }, call)).toBeGreaterThan(0)
    await calls.close()
  })

  test('is given up when it crashes twice without an answer between', async () => {
    for (const name of ['crash-1', 'crash-2']) writeFileSync(join(folder, name), '')
    const calls = open(here('programs/crashing-child.ts'))
    await failure(calls.call({ method: 'status' }, call))
    const again = await failure(calls.call({ method: 'status' }, call))
    expect(again?.what).toMatch(/ended during status, again/)
    const third = await failure(calls.call({ method: 'status' }, call))
    expect(third?.what).toMatch(/again/)
    await calls.close()
  })

  test('stays the same one from call to call, and ends when it is closed', async () => {
    const calls = open(here('programs/crashing-child.ts'))
    const pid = Number(await calls.call({ method: 'status' }, call))
    expect(await calls.call({ method: 'status' }, call)).toBe(pid)
    await calls.close()
    expect(() => process.kill(pid, 0)).toThrow()
    expect((await failure(calls.call({ method: 'status' }, call)))?.what).toBe('The warehouse was closed.')
  })

  test('that cannot be started is an error with its reason', async () => {
    const calls = open(here('programs/crashing-child.ts'), join(folder, 'no-node'))
    expect((await failure(calls.call({ method: 'status' }, call)))?.what).toMatch(/ENOENT/)
    await calls.close()
  })

  test('dies with its parent', async () => {
    const parent = spawn(process.execPath, [here('programs/owner.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    const ours = async () => {
      const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,args='])
      return stdout.split('\n').filter((row) => row.includes(folder) && row.includes('child.ts'))
    }
    expect((await ours()).length).toBe(1)
    parent.kill('SIGKILL')
    await expect.poll(ours, { timeout: 10_000 }).toEqual([])
  })
})
