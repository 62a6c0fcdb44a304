import { appendFileSync, cpSync, globSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import type { Tally } from '../../../processors/run/tally.ts'
import { findStage } from '../../../processors/stages/index.ts'
import type { Stage } from '../../../src/core/stage.ts'
import { expectEqual } from './compare.ts'
import { hourStart, openHour } from './hour.ts'
import { makeNode, runHere, type TestNode } from './test-node.ts'

const everyMs = 10_000
const hourMs = 3_600_000
const windowMs = 300_000

const stageOf = (id: string): Stage => findStage(id) as Stage

const runAt = (node: TestNode, stage: Stage, now: number, given: object = {}): Promise<Tally> =>
  runHere(node, { stage: stage.id, ...given }, { stage, openChunkProcessor, initialRules, now: () => now })

const filesOf = ({ dataset }: TestNode, table: string): readonly string[] =>
  globSync(`${table}/*/*.parquet`, { cwd: dataset })

/** Runs a stage every ten seconds for an hour over nodes of the demo. */
const keepRunning = async (stage: Stage, waitMs: number, count: number) => {
  const hour = openHour(count)
  let sent = 0
  for (let now = hourStart + everyMs; now <= hourStart + hourMs; now += everyMs) {
    hour.growTo(now)
    for (const node of hour.nodes) sent += (await runAt(node, stage, now, { waitMs })).bytes_sent
  }
  const read = hour.nodes.reduce((total, { log }) => total + statSync(log).size, 0)
  return { hour, share: sent / read }
}

/** An outage is on one of five nodes of the demo, and attacks on two of these. */
test.each([
  ['private', 10, 1, 0.5],
  ['private', 60, 1, 0.25],
  ['aggregated', 10, 1, 0.1],
  ['aggregated', 60, 5, 0.05],
] as const)(
  'an hour of %s with an age of %i s on %i nodes sends less than %f of what it read',
  async (id, age, nodes, most) => {
    const stage = stageOf(id)
    const { hour, share } = await keepRunning(stage, id === 'private' ? age * 1000 - everyMs / 2 : age * 1000, nodes)
    expect(share).toBeLessThan(most)
    for (const node of hour.nodes) {
      const windows = hourMs / windowMs
      if (id === 'aggregated') expect(filesOf(node, 'log_aggregates').length).toBeLessThanOrEqual(windows + 1)
      const end = hourStart + hourMs
      await runAt(node, stage, end)
      const truth = makeNode()
      cpSync(node.log, truth.log)
      await runAt(truth, stage, end)
      for (const { table } of stage.outputs) await expectEqual(table, node, truth)
      truth.remove()
    }
    hour.remove()
  },
  600_000,
)

const line = (now: number, status: number): string =>
  `198.51.100.7 - - [${new Date(now).toISOString()}] "GET /cart HTTP/1.1" ${status} 100 "-" "agent"\n`

test('an emergency arrives with the run that sees it, its window once it is over and late lines have come', async () => {
  const stage = stageOf('aggregated')
  const node = makeNode()
  writeFileSync(node.log, line(hourStart, 200))
  const waitMs = 60_000
  await runAt(node, stage, hourStart, { waitMs })
  expect(filesOf(node, 'log_aggregates').length).toBe(1)

  appendFileSync(node.log, line(hourStart + 8_000, 200) + line(hourStart + 9_000, 503))
  const seen = await runAt(node, stage, hourStart + 10_000, { waitMs })
  expect(seen).toMatchObject({ lines_read: 2, lines_waiting: 2, sent_in_ms: 350_000 })
  expect(seen.rows).toEqual({ emergency_logs: 1, log_aggregates: 0 })

  const over = await runAt(node, stage, hourStart + windowMs + 50_000, { waitMs })
  expect(over).toMatchObject({ lines_read: 0, lines_waiting: 2, sent_in_ms: 10_000, chunks: 0 })
  appendFileSync(node.log, line(hourStart + windowMs - 1_000, 200))
  const due = await runAt(node, stage, hourStart + windowMs + 60_000, { waitMs })
  expect(due).toMatchObject({ lines_read: 1, lines_waiting: 0, sent_in_ms: 0 })
  expect(due.rows).toEqual({ emergency_logs: 0, log_aggregates: 1 })
  node.remove()
})

test.each(['private', 'aggregated'])('of %s a run that is not kept running sends what waits', async (id) => {
  const stage = stageOf(id)
  const node = makeNode()
  writeFileSync(node.log, line(hourStart, 200))
  await runAt(node, stage, hourStart, { waitMs: 10_000 })
  appendFileSync(node.log, line(hourStart + 1_000, 200))
  expect(await runAt(node, stage, hourStart + 2_000, { waitMs: 10_000 })).toMatchObject({ lines_waiting: 1 })
  const all = await runAt(node, stage, hourStart + 3_000)
  expect(all).toMatchObject({ lines_waiting: 0, bytes_unread: 0 })
  expect(Object.values(all.rows).reduce((sum, rows) => sum + rows, 0)).toBe(1)
  node.remove()
})

test('lines that are many do not wait, however new', async () => {
  const stage = stageOf('private')
  const node = makeNode()
  writeFileSync(node.log, line(hourStart, 200))
  await runAt(node, stage, hourStart, { waitMs: 10_000 })
  appendFileSync(node.log, line(hourStart + 1_000, 200).repeat(50))
  const given = { waitMs: 10_000, leastBytes: 4_096 }
  expect(await runAt(node, stage, hourStart + 2_000, given)).toMatchObject({ lines_read: 50, lines_waiting: 0 })
  appendFileSync(node.log, line(hourStart + 2_500, 200))
  const waits = { lines_read: 0, lines_waiting: 1, waiting: 0 }
  expect(await runAt(node, stage, hourStart + 3_000, given)).toMatchObject(waits)
  appendFileSync(node.log, 'half')
  expect(await runAt(node, stage, hourStart + 4_000, given)).toMatchObject({ ...waits, waiting: 4 })
  expect(await runAt(node, stage, hourStart + 13_000, given)).toMatchObject({
    lines_read: 1,
    lines_waiting: 0,
    waiting: 4,
  })
  node.remove()
})

test('two runs at once send what waits once', async () => {
  const stage = stageOf('aggregated')
  const node = makeNode()
  const lines = (from: number): string =>
    Array.from({ length: 40 }, (_, i) => line(hourStart + from + i * 1_000, i % 9 === 0 ? 503 : 200)).join('')
  // a log is named by its head, which is complete here
  writeFileSync(node.log, lines(0) + lines(0))
  const waitMs = 10_000
  await runAt(node, stage, hourStart, { waitMs })
  for (const at of [40_000, 80_000, 120_000, windowMs + 20_000]) {
    appendFileSync(node.log, lines(at))
    const runs = await Promise.all([1, 2].map(() => runAt(node, stage, hourStart + at, { waitMs, chunkBytes: 2_048 })))
    expect(runs.reduce((sum, run) => sum + run.lines_read, 0)).toBe(40)
  }
  const truth = makeNode()
  cpSync(node.log, truth.log)
  await runAt(truth, stage, hourStart)
  for (const { table } of stage.outputs) await expectEqual(table, node, truth)
  node.remove()
  truth.remove()
})
