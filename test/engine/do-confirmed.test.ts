import { describe, expect, test } from 'vitest'
import { doConfirmed } from '../../src/engine/commands/do-confirmed.ts'
import type { ConfirmedCommand } from '../../src/engine/overlay.ts'

/** Commands that only note that they were called, and with what. */
const recorded = () => {
  const calls: [string, ...unknown[]][] = []
  const note =
    (name: string) =>
    async (...given: unknown[]): Promise<void> => {
      calls.push([name, ...given])
    }
  const doers = {
    leave: note('leave'),
    prepareNow: note('prepareNow'),
    startLogsNow: note('startLogsNow'),
    mendNow: note('mendNow'),
    raiseBudgetNow: note('raiseBudgetNow'),
    start: note('start'),
    startOwnLogs: note('startOwnLogs'),
  }
  return { calls, doers }
}

const inputs = [{ name: 'web1', files: ['/var/log/nginx/access.log*'] }]
const fix = { step: 'project', changes: ['+ project'] }

const expected: readonly (readonly [ConfirmedCommand, readonly unknown[]])[] = [
  [{ does: 'leave' }, ['leave']],
  [{ does: 'prepare nodes' }, ['prepareNow']],
  [{ does: 'start logs' }, ['startLogsNow']],
  [{ does: 'fix', fix }, ['mendNow', fix]],
  [{ does: 'raise budget' }, ['raiseBudgetNow']],
  [{ does: 'replace by own logs', inputs }, ['startOwnLogs', { inputs, replace: 'anything' }]],
  [{ does: 'replace by the demo' }, ['start', { replace: 'anything' }]],
]

describe('a yes', () => {
  test.each(expected)('to %j does that and nothing else', async (command, call) => {
    const { calls, doers } = recorded()
    await doConfirmed(JSON.parse(JSON.stringify(command)), doers)
    expect(calls).toEqual([call])
  })

  test('to a command that nobody wrote a branch for does nothing', async () => {
    const { calls, doers } = recorded()
    await doConfirmed({ does: 'tidy up' } as unknown as ConfirmedCommand, doers)
    expect(calls).toEqual([])
  })
})
