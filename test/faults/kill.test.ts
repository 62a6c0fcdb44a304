import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, existsSync, globSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { stages } from '../../processors/stages/index.ts'
import { parseReport, type Report } from '../../src/core/report.ts'
import type { Stage } from '../../src/core/stage.ts'
import { ask, expectEqual, tableOf } from '../processors/run/compare.ts'
import { epoch, makeNode, type TestNode } from '../processors/run/test-node.ts'
import { logText, randomFrom } from './log-text.ts'

const program = fileURLToPath(new URL('../../processors/run.ts', import.meta.url))
const seed = Number(process.env['BBQ_SEED'] ?? Math.floor(Math.random() * 1e9))
const killsInAll = 50

interface Run {
  readonly stage: Stage
  readonly chunkBytes: number
  /** Milliseconds from the first progress line, or from the start, to the kill. */
  readonly killAfter?: number
  readonly from?: 'start' | 'progress'
}

interface Ended {
  readonly code: number | null
  readonly stderr: string
  readonly report: Report | undefined
}

/** A run in a process group of its own, which is killed as a whole. */
const run = async (node: TestNode, { stage, chunkBytes, killAfter, from }: Run): Promise<Ended> => {
  const flags = ['--stage', stage.id, '--epoch', epoch, '--data', node.data, '--sink', `folder:${node.dataset}`]
  const child = spawn(process.execPath, [program, ...flags, '--chunk-bytes', String(chunkBytes)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let [stdout, stderr] = ['', '']
  let timer: NodeJS.Timeout | undefined
  const arm = (): void => {
    if (killAfter === undefined || timer !== undefined) return
    timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), killAfter)
  }
  if (from === 'start') arm()
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => {
    stderr += data
    arm()
  })
  child.once('exit', () => clearTimeout(timer))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr, report: parseReport(stdout) }
}

/** None is dropped, however often it is done. */
const rotate = (log: string): void => {
  let last = 0
  while (existsSync(`${log}.${last + 1}`)) last += 1
  for (let i = last; i > 0; i--) renameSync(`${log}.${i}`, `${log}.${i + 1}`)
  renameSync(log, `${log}.1`)
}

/** The same logs on a node that nobody has run anything on. */
const untouched = (node: TestNode): TestNode => {
  const copy = makeNode()
  for (const name of readdirSync(node.data))
    if (name.startsWith('access.log')) cpSync(join(node.data, name), join(copy.data, name))
  return copy
}

describe(`kill -9 of a run's process group, BBQ_SEED=${seed}`, () => {
  test.each(stages.map((stage, index) => [stage.id, stage, index] as const))(
    'loses and repeats no row of stage %s',
    async (_, stage, index) => {
      const random = randomFrom(seed + index)
      const between = (low: number, high: number): number => low + Math.floor(random() * (high - low))
      const kills = Math.ceil((killsInAll - index) / stages.length)
      const node = makeNode()
      let lines = 0
      let interrupted = 0
      const grow = (count: number): void => {
        appendFileSync(node.log, logText(lines, count, random))
        lines += count
      }
      grow(12_000)
      for (let tries = 0; interrupted < kills; tries++) {
        expect(tries, 'too few runs were still going when they were killed').toBeLessThan(4 * kills)
        const alone = random() < 0.7
        const from = random() < 0.3 ? 'start' : 'progress'
        const chunk = (): Run => ({
          stage,
          chunkBytes: between(8_000, 60_000),
          killAfter: between(0, from === 'start' ? 900 : 400),
          from,
        })
        const runs = await Promise.all((alone ? [chunk()] : [chunk(), chunk()]).map((each) => run(node, each)))
        interrupted += runs.filter(({ code }) => code === null).length
        for (const { code, stderr } of runs) expect(code ?? 0, stderr).toBe(0)
        if (random() < 0.2) rotate(node.log)
        grow(between(500, 3000))
      }

      const clean = await run(node, { stage, chunkBytes: 32_000 })
      expect(clean.code, clean.stderr).toBe(0)
      expect((await run(node, { stage, chunkBytes: 32_000 })).report?.chunks).toBe(0)

      const aside = globSync('**/.tmp-*', { cwd: node.dataset })
      // of two runs at one chunk, the slower may be killed after the faster has cleared away what was left
      expect(aside.length, 'files left aside').toBeLessThan(kills * stage.outputs.length)

      const truth = untouched(node)
      const once = await run(truth, { stage, chunkBytes: 32 * 1024 * 1024 })
      expect(once.report, JSON.stringify(once)).toMatchObject({ lines_read: lines, bytes_unread: 0 })
      for (const { table } of stage.outputs) await expectEqual(table, node, truth)
      node.remove()
      truth.remove()
    },
  )

  test('two runs at once load every row once and count it once', async () => {
    const node = makeNode()
    const stage = stages.find(({ id }) => id === 'aggregated') as Stage
    appendFileSync(node.log, logText(0, 30_000, randomFrom(seed)))
    const both = await Promise.all([run(node, { stage, chunkBytes: 50_000 }), run(node, { stage, chunkBytes: 70_000 })])
    for (const { code, stderr } of both) expect(code, stderr).toBe(0)
    const sum = (count: (report: Report) => number): number =>
      both.reduce((total, { report }) => total + (report === undefined ? 0 : count(report)), 0)
    expect(sum((report) => report.lines_read)).toBe(30_000)
    const truth = untouched(node)
    await run(truth, { stage, chunkBytes: 32 * 1024 * 1024 })
    for (const { table } of stage.outputs) {
      await expectEqual(table, node, truth)
      expect(await ask(`SELECT count(*)::INT FROM ${tableOf(node, table)}`)).toEqual([
        sum((report) => report.rows[table] ?? 0),
      ])
    }
    rmSync(node.data, { recursive: true })
    node.remove()
    truth.remove()
  })
})
