import { expect, test } from 'vitest'
import { waitingText } from '../../src/cli/run-text.ts'
import type { StageRun, State } from '../../src/engine/state.ts'
import { sumReports } from '../../src/engine/totals.ts'
import { misfits, read, sizes } from './draw.ts'
import { now } from './fixtures/demo.ts'
import { stageState } from './fixtures/states.ts'

/** A stage of which two nodes left lines for a later run, the last of them due in 40.5 s as of the end of the run. */
const leftLines = (keep?: StageRun['keep']): State => {
  const state = stageState('private', 'ended')
  const run = state.runs['private'] as StageRun
  const nodes = run.nodes.map((node, i) =>
    node.report === undefined || i > 1
      ? node
      : { ...node, report: { ...node.report, lines_waiting: 5 + 2 * i, sent_in_ms: 30_000 + 10_500 * i } },
  )
  const totals = sumReports(nodes.map(({ report }) => report))
  const changed: StageRun = { ...run, nodes, totals, runs: 2, endedAt: now - 500, ...(keep && { keep }) }
  return { ...state, runs: { ...state.runs, private: changed } }
}

test.each(sizes)('at %i x %i the stage says how many lines wait, and how long', (columns, rows) => {
  const kept = leftLines({ everyMs: 10_000, nextAt: now + 7_000 })
  expect(read(kept, columns, rows)).toContain('12 lines wait, sent in 0:40')
  expect(misfits(kept, columns, rows)).toEqual([])
  expect(read(leftLines(), columns, rows)).toContain('12 lines wait for the next run')
})

test('so do the lines of a run that is kept running', () => {
  const { runs, nodes } = leftLines()
  expect(waitingText(runs['private'] as StageRun, nodes.rows)).toEqual(['12 lines wait, sent in 0:40'])
})
