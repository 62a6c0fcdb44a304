import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findStage } from '../../processors/stages/index.ts'
import { parseReport, type Report } from '../../src/core/report.ts'
import type { Stage } from '../../src/core/stage.ts'
import { ask, expectEqual, tableOf } from '../processors/run/compare.ts'
import { hourStart, openHour } from '../processors/run/hour.ts'
import { epoch, makeNode, type TestNode } from '../processors/run/test-node.ts'
import { randomFrom } from './log-text.ts'

const program = fileURLToPath(new URL('../../processors/run.ts', import.meta.url))
const seed = Number(process.env['BBQ_SEED'] ?? Math.floor(Math.random() * 1e9))
const hourMs = 3_600_000

interface Given {
  readonly stage: Stage
  /** Time of the test, in milliseconds since the epoch. */
  readonly clock: number
  readonly waitMs?: number
  /** Milliseconds from the start, or from the first progress line, to the kill. */
  readonly killAfter?: number
  readonly from?: 'start' | 'progress'
}

const run = async (node: TestNode, { stage, clock, waitMs, killAfter, from }: Given) => {
  const flags = ['--stage', stage.id, '--epoch', epoch, '--data', node.data, '--sink', `folder:${node.dataset}`]
  const wait = waitMs === undefined ? [] : ['--wait-ms', `${waitMs}`]
  const child = spawn(process.execPath, [program, ...flags, '--clock', `${clock}`, ...wait], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  let timer: NodeJS.Timeout | undefined
  const arm = (): void => {
    if (killAfter !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfter)
  }
  if (from === 'start') arm()
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => {
    stderr += data
    arm()
  })
  child.once('exit', () => clearTimeout(timer))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr, report: parseReport(stdout) as Report }
}

test.each([
  ['private', 15, 10_000],
  ['aggregated', 35, 60_000],
] as const)(
  `an hour of %s in which %i runs are killed loses and repeats no row, BBQ_SEED=${seed}`,
  async (id, kills, waitMs) => {
    const stage = findStage(id) as Stage
    const random = randomFrom(seed)
    const hour = openHour(1)
    const [node] = hour.nodes as readonly [TestNode]
    let killed = 0
    let clock = hourStart
    for (let wishes = 0; clock < hourStart + hourMs || killed < kills; wishes++) {
      expect(wishes, 'too few runs were still going when they were killed').toBeLessThan(10 * kills)
      clock += 1000 * Math.ceil(10 + 40 * random())
      hour.growTo(clock)
      const from = random() < 0.2 ? 'start' : 'progress'
      const killAfter = random() * (from === 'start' ? 600 : 150)
      const { code, stderr } = await run(node, { stage, clock, waitMs, from, ...(killed < kills ? { killAfter } : {}) })
      if (code === null) killed += 1
      else expect(code, stderr).toBe(0)
    }
    expect(killed).toBe(kills)

    const end = await run(node, { stage, clock })
    expect(end.report).toMatchObject({ lines_waiting: 0, bytes_unread: 0 })
    const truth = makeNode()
    copyFileSync(node.log, truth.log)
    await run(truth, { stage, clock })
    for (const { table } of stage.outputs) await expectEqual(table, node, truth)
    if (id === 'aggregated') {
      // what a killed run had read is read with the next: a window has few partials all the same
      const [partials, windows] = await ask(
        `SELECT count(*)::INT, count(DISTINCT time_window)::INT FROM ${tableOf(node, 'log_aggregates')}`,
      )
      expect(Number(partials) / Number(windows)).toBeLessThan(4)
    }
    hour.remove()
    truth.remove()
  },
  600_000,
)
