import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noTotals } from '../../src/core/report.ts'
import { idleRun, stepsFor } from '../../src/engine/initial-state.ts'
import { parseRuns, renderRuns, stoppedAfter } from '../../src/engine/runs-file.ts'
import type { StageRun } from '../../src/engine/state.ts'

const run: StageRun = {
  ...idleRun('raw'),
  phase: 'ended',
  requestedAt: 1,
  endedAt: 9,
  job: { jobId: 'j-1', nodes: ['a'], command: 'sh a.sh', submittedAt: 2 },
  nodes: [{ id: 'a', provider: 'aws', region: 'us-east-1', state: 'failed', reason: 'mount refused' }],
  totals: { ...noTotals, lines_read: 5, rows: { raw_logs: 5 } },
  runs: 1,
  ms: 8,
}
const file = { epoch: 'abcd1234', at: 10, reached: 'structured', runs: [run, idleRun('private')] }

describe('the record of finished runs', () => {
  test('gives back what was finished, and only that', () => {
    expect(parseRuns(renderRuns(file))).toEqual({ version: 1, ...file, runs: [run] })
  })

  test('is nothing when it is missing, cut off, or not ours', () => {
    const text = renderRuns(file)
    expect(parseRuns(undefined)).toBeUndefined()
    fc.assert(
      fc.property(fc.nat(text.length - 3), (length) => {
        expect(parseRuns(text.slice(0, length))).toBeUndefined()
      }),
    )
    expect(parseRuns(text.replace('"version": 1', '"version": 2'))).toBeUndefined()
  })

  test('says after which step the walk stopped', () => {
    const stage = { id: 'structured', title: 'Structured', summary: '', why: '', outputs: [], queries: [], notes: [] }
    const steps = stepsFor([{ ...stage, beforeAfter: () => ({ before: [], after: [] }) }])
    expect(stoppedAfter(file, steps)).toBe('1 Structured')
    expect(stoppedAfter({ ...file, reached: 'nodes' }, steps)).toBe('Nodes')
    expect(stoppedAfter({ ...file, reached: 'gone' }, steps)).toBeUndefined()
  })
})
