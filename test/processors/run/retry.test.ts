import { execFile } from 'node:child_process'
import { globSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { paramsSchema } from '../../../processors/params.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { claimAttempt, settingsOf } from '../../../processors/run/retry/attempt.ts'
import type { Tally } from '../../../processors/run/tally.ts'
import { stages } from '../../../processors/stages/index.ts'
import type { Stage } from '../../../src/core/stage.ts'
import { logText, randomFrom } from '../../faults/log-text.ts'
import { ask, expectEqual, tableOf } from './compare.ts'
import { openCorrected, prefix } from './corrected.ts'
import { epoch, makeNode, runHere, type TestNode } from './test-node.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('./programs/retry-and-die.ts', import.meta.url))

const garbage = 'no request at all'
/** A request behind the prefix. */
const understandable = /\{"odd \S+ \S+ \S+ \[/
const oversized = Buffer.alloc(1024 * 1024 + 5, 'long ')

/** Lines that are understood, lines that will be, one that never is, and one that is too long. */
const content = (): Buffer => {
  const lines = logText(0, 400, randomFrom(3)).trimEnd().split('\n')
  const text = lines.map((line, i) => (i % 3 === 1 ? `${prefix}${line}` : i % 50 === 0 ? garbage : line)).join('\r\n')
  return Buffer.concat([Buffer.from(`${text}\n`), oversized, Buffer.from('\n')])
}

const stageOf = (id: string): Stage => {
  const stage = stages.find((one) => one.id === id)
  if (stage === undefined) throw new Error(id)
  return stage
}

const runStage = (node: TestNode, id: string, given = {}, open = openChunkProcessor): Promise<Tally> =>
  runHere(node, { stage: id, ...given }, { stage: stageOf(id), openChunkProcessor: open, initialRules })

const retry = (node: TestNode, id: string, open = openCorrected): Promise<Tally> =>
  runStage(node, id, { retry: 'true' }, open)

const deadFolder = (node: TestNode, id: string): string => join(node.data, '.bbq', 'state', epoch, id, 'dead')

/** All bytes of the dead-letter files of a stage. */
const dead = (node: TestNode, id: string): string =>
  readdirSync(deadFolder(node, id))
    .filter((name) => name.endsWith('.dead'))
    .map((name) => readFileSync(join(deadFolder(node, id), name), 'latin1'))
    .join('')

const rowsIn = async (node: TestNode): Promise<number> =>
  Number((await ask(`SELECT count(*) FROM ${tableOf(node, 'log_results')}`))[0])

let node: TestNode
let truth: TestNode
beforeEach(() => {
  node = makeNode()
  truth = makeNode()
  for (const each of [node, truth]) writeFileSync(each.log, content())
})
afterEach(() => {
  node.remove()
  truth.remove()
})

describe('lines that were refused', () => {
  test.each([
    ['structured', 'log_results', 32 * 1024 * 1024],
    ['private', 'log_results', 20_000],
    ['aggregated', 'log_aggregates', 20_000],
  ])(
    'become the rows of %s that they would have been, with the places they have in the log',
    async (id, table, chunkBytes) => {
      const first = await runStage(node, id, { chunkBytes })
      const whole = await runStage(truth, id, {}, openCorrected)
      expect(first.lines_rejected).toBeGreaterThan(whole.lines_rejected + 100)
      const again = await retry(node, id)
      expect(again).toMatchObject({
        lines_read: first.lines_rejected - 1,
        lines_parsed: first.lines_rejected - whole.lines_rejected,
        lines_rejected: whole.lines_rejected - 1,
        lines_retried: first.lines_rejected - 1,
        bytes_read: 0,
        understood: true,
      })
      expect(again.rejected).toMatchObject([{ reason: 'no_match', file: 'access.log', line: 1 }])
      if (id !== 'aggregated') await expectEqual(table, node, truth)
      else {
        const sums = (of: TestNode) =>
          ask(`SELECT string_agg(t, ' ') FROM (SELECT concat(time_window, sum(total_count), sum(total_bytes)) AS t
          FROM ${tableOf(of, table)} GROUP BY time_window ORDER BY 1)`)
        expect(await sums(node)).toEqual(await sums(truth))
      }
      const left = dead(node, id)
      expect(left).not.toMatch(understandable)
      expect(left.split('"no_match"')).toHaveLength(whole.lines_rejected)
      expect(left).toContain(`\n${oversized.toString('latin1')}\n`)
    },
  )

  test('stay where nothing was corrected, and a second retry takes only what is left', async () => {
    const { lines_rejected } = await runStage(node, 'structured')
    const before = dead(node, 'structured')
    const useless = await retry(node, 'structured', openChunkProcessor)
    expect(useless).toMatchObject({ lines_parsed: 0, lines_rejected: lines_rejected - 1, understood: false })
    expect(dead(node, 'structured')).toBe(before)
    const good = await retry(node, 'structured')
    const rows = await rowsIn(node)
    expect(good.lines_parsed).toBeGreaterThan(100)
    expect(await retry(node, 'structured')).toMatchObject({ lines_parsed: 0, lines_read: good.lines_rejected })
    expect(await rowsIn(node)).toBe(rows)
  })

  test('leave no file when all of them have their rows', async () => {
    writeFileSync(node.log, `${prefix}192.0.2.1 - - [24/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12\n`)
    expect(await runStage(node, 'structured')).toMatchObject({ understood: false, lines_rejected: 1 })
    expect(await retry(node, 'structured')).toMatchObject({ lines_parsed: 1, lines_rejected: 0, understood: true })
    expect(readdirSync(deadFolder(node, 'structured')).filter((name) => name.endsWith('.dead'))).toEqual([])
    expect(await retry(node, 'structured')).toMatchObject({ lines_read: 0, understood: true })
  })

  test('of a chunk that a run has claimed and not finished are left to that run', async () => {
    await runStage(node, 'structured')
    const journal = globSync(`${join(node.data, '.bbq/state', epoch, 'structured')}/g*/*.json`)
    const outcomes = journal.filter((path) => readFileSync(path, 'utf8').includes('"kind":"outcome"'))
    expect(outcomes).toHaveLength(1)
    for (const path of outcomes) unlinkSync(path)
    expect((await retry(node, 'structured')).lines_read).toBe(0)
    await runStage(node, 'structured')
    expect((await retry(node, 'structured')).lines_parsed).toBeGreaterThan(100)
  })

  test('are not those of stage raw', async () => {
    await runStage(node, 'raw')
    await expect(retry(node, 'raw')).rejects.toThrow('Stage raw has nothing to take again.')
  })
})

describe('a retry', () => {
  test.each(['loaded', 'ended'])('that was killed when its rows were %s doubles and loses none', async (when) => {
    await runStage(node, 'structured', { chunkBytes: 20_000 })
    await runStage(truth, 'structured', {}, openCorrected)
    const flags = [...node.flags.map((flag) => (flag === 'raw' ? 'structured' : flag)), '--retry', 'true']
    for (let kills = 0; kills < 3; kills++) {
      const ended = await run(process.execPath, [program, when, ...flags]).catch((error: { signal: string }) => error)
      expect(ended).toMatchObject({ signal: 'SIGKILL' })
    }
    await retry(node, 'structured')
    await expectEqual('log_results', node, truth)
    expect(dead(node, 'structured')).not.toMatch(understandable)
  })

  test('at the same time as another doubles and loses none, and each row is in one report', async () => {
    const first = await runStage(node, 'structured', { chunkBytes: 20_000 })
    const whole = await runStage(truth, 'structured', {}, openCorrected)
    const both = await Promise.all([retry(node, 'structured'), retry(node, 'structured')])
    expect(both.reduce((sum, { lines_parsed }) => sum + lines_parsed, 0)).toBe(
      first.lines_rejected - whole.lines_rejected,
    )
    await expectEqual('log_results', node, truth)
  })

  test('that has no outcome is made again with what it set out with', async () => {
    await runStage(node, 'private')
    const [name = ''] = readdirSync(deadFolder(node, 'private'))
    const path = join(deadFolder(node, 'private'), name)
    const params = paramsSchema.parse({ ...{ stage: 'private', epoch, sink: 'folder:/x' }, maskIpv4: 16 })
    const first = claimAttempt(path, 1, { settings: settingsOf(params), syncTimeUs: 1 }, 'a')
    const later = { settings: settingsOf({ ...params, maskIpv4: 8 }), syncTimeUs: 2 }
    expect(claimAttempt(path, 1, later, 'b')).toEqual(first)
    await retry(node, 'private')
    const masked = `SELECT count(*) FROM ${tableOf(node, 'log_results')} WHERE ip LIKE '%.0.0' AND epoch_us(sync_time) = 1`
    expect(Number((await ask(masked))[0])).toBeGreaterThan(50)
  })
})
