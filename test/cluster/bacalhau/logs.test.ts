import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Cli } from '../../../src/cluster/bacalhau/cli.ts'
import { createReadLogs } from '../../../src/cluster/bacalhau/logs.ts'
import { AppError } from '../../../src/core/errors.ts'

const recording = (name: string): string =>
  readFileSync(new URL(`../../fixtures/bacalhau/${name}.stdout`, import.meta.url), 'utf8')

const idsIn = (name: string): readonly string[] =>
  (JSON.parse(recording(name)) as { readonly ID: string }[]).map(({ ID }) => ID)

const busy = () => new AppError({ what: 'bacalhau job logs did not answer.', kind: 'unreachable' })
const call = { signal: new AbortController().signal }

/** A CLI that lists these executions, and answers `job logs` as told. */
const logsOf = (executions: string, answer: (asked: number) => Promise<string>) => {
  const deadlines: (number | undefined)[] = []
  let listings = 0
  let open = 0
  let most = 0
  const cli: Cli = async (args, { deadlineMs }) => {
    if (args[1] === 'executions') {
      listings += 1
      return executions
    }
    deadlines.push(deadlineMs)
    most = Math.max(most, ++open)
    try {
      return await answer(deadlines.length)
    } finally {
      open -= 1
    }
  }
  const read = createReadLogs({ cli, profile: [] }, { firstMs: 30, secondMs: 200 })
  return { read: (id: string) => read('j', id, call), deadlines, most: () => most, listings: () => listings }
}

describe('the log of an execution', () => {
  test('that ended is told from what Bacalhau kept, empty lines too, without a call for it', async () => {
    const executions = recording('exit3-executions').replaceAll('"before\\n"', '"before\\n\\nafter\\n"')
    const { read, deadlines } = logsOf(executions, async () => 'never')
    expect(await read(idsIn('exit3-executions')[0] ?? '')).toEqual(['broken', 'before', '', 'after'])
    expect(deadlines).toEqual([])
  })

  test('is found in one listing with those of all that ended with it', async () => {
    const { read, listings } = logsOf(recording('exit3-executions'), async () => 'never')
    const all = idsIn('exit3-executions')
    expect(await Promise.all(all.map(read))).toEqual(all.map(() => ['broken', 'before']))
    expect(listings()).toBe(1)
    const running = logsOf(recording('running-executions'), async () => 'so far')
    await running.read(idsIn('running-executions')[0] ?? '')
    await running.read(idsIn('running-executions')[0] ?? '')
    expect(running.listings()).toBe(2)
  })

  test('comes whole where Bacalhau kept only its beginning', async () => {
    const whole = recording('out5k-logs')
    const { read } = logsOf(recording('out5k-executions'), async () => whole)
    const lines = await read(idsIn('out5k-executions')[0] ?? '')
    expect(lines.join('\n').length).toBeGreaterThan(2048)
    expect(`${lines.join('\n')}\n`.startsWith(whole)).toBe(true)
  })

  test('is asked for once more after a busy answer, with more patience', async () => {
    const { read, deadlines } = logsOf(recording('running-executions'), async (asked) => {
      if (asked === 1) throw busy()
      return 'late\n'
    })
    expect(await read(idsIn('running-executions')[0] ?? '')).toEqual(['late'])
    expect(deadlines).toEqual([30, 200])
  })

  test('is given up after the second busy answer, in words', async () => {
    const { read, deadlines } = logsOf(recording('running-executions'), async () => {
      throw busy()
    })
    await expect(read(idsIn('running-executions')[0] ?? '')).rejects.toMatchObject({
      kind: 'unreachable',
      what: expect.stringContaining('does not come'),
    })
    expect(deadlines).toHaveLength(2)
  })

  test('is asked for one at a time on a node, at once on several, also after one failed', async () => {
    const all = idsIn('running-executions')
    const slow = async (asked: number): Promise<string> => {
      for (let i = 0; i < 5; i++) await turn()
      if (asked === 1) throw new AppError({ what: 'no such thing' })
      return `${asked}\n`
    }
    const one = logsOf(recording('running-executions'), slow)
    const [first = ''] = all
    const ends = await Promise.allSettled([one.read(first), one.read(first), one.read(first)])
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(one.most()).toBe(1)
    const several = logsOf(recording('running-executions'), slow)
    await Promise.allSettled(all.map(several.read))
    expect(several.most()).toBe(all.length)
    expect(all.length).toBeGreaterThan(1)
  })
})
