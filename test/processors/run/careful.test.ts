import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { findStage } from '../../../processors/stages/index.ts'
import type { Stage } from '../../../src/core/stage.ts'
import { resultSelect } from '../stages/result-select.ts'
import { ask, tableOf } from './compare.ts'
import { makeNode, runHere, type TestNode } from './test-node.ts'

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

/** Stage structured as SQL, which is wrapped. */
const structured = (wrap: (select: string) => string): Stage => {
  const stage = findStage('structured')
  if (stage === undefined) throw new Error('no stage structured')
  const select = wrap(resultSelect('events', 'structured'))
  return { ...stage, outputs: [{ table: 'log_results', relation: 'events', select }] }
}
const plain = structured((select) => select)
const failing = structured(
  (select) =>
    `SELECT * REPLACE (CASE WHEN path LIKE '/bad%' THEN error('on purpose') ELSE message END AS message) FROM (${select})`,
)

const lineOf = (path: string, i: number): string =>
  `192.0.2.${i % 250} - - [12/Mar/2026:10:00:00 +0000] "GET ${path} HTTP/1.1" 200 ${i} "-" "x"`

/** Lines of a log, of which those at some places ask for another path. */
const logOf = (lines: number, odd: readonly number[], path: string): readonly string[] =>
  Array.from({ length: lines }, (_, i) => lineOf(odd.includes(i) ? `${path}/${i}` : `/a/${i}`, i))

const run = (stage: Stage, given = {}) =>
  runHere(node, { stage: 'structured', ...given }, { stage, initialRules, openChunkProcessor })

const written = async (): Promise<readonly unknown[]> =>
  ask(`SELECT count(*)::INT, count(DISTINCT remote_log_id)::INT FROM ${tableOf(node, 'log_results')}`)

const letters = (): readonly string[] =>
  globSync('.bbq/state/*/structured/dead/*.dead', { cwd: node.data }).flatMap((file) =>
    readFileSync(join(node.data, file), 'utf8').trimEnd().split('\n'),
  )

describe('a line of which no row can be made', () => {
  test.each([[64 * 1024], [32 * 1024 * 1024]])(
    'is found and kept aside, the others are rows: chunks of %i bytes',
    async (chunkBytes) => {
      const odd = [0, 700, 701, 2_999]
      const log = logOf(3_000, odd, '/bad')
      writeFileSync(node.log, log.map((line) => `${line}\n`).join(''))
      const tally = await run(failing, { chunkBytes })
      expect(tally).toMatchObject({
        lines_read: 3_000,
        lines_parsed: 2_996,
        lines_rejected: 4,
        rows: { log_results: 2_996 },
      })
      expect(tally.rejected).toMatchObject([{ reason: 'failed', count: 4, line: 1, file: 'access.log' }])
      expect(await written()).toEqual([2_996, 2_996])
      const kept = letters()
      expect(kept.filter((_, i) => i % 2 === 1).sort()).toEqual(odd.map((i) => log[i] ?? '').sort())
      expect(
        kept
          .filter((_, i) => i % 2 === 0)
          .map((head) => JSON.parse(head).line)
          .sort((a, b) => a - b),
      ).toEqual(odd.map((i) => i + 1))
      expect(await run(failing, { chunkBytes })).toMatchObject({ chunks: 0 })
    },
  )

  test('is taken again by a retry, once it can be', async () => {
    writeFileSync(
      node.log,
      logOf(500, [3, 77], '/bad')
        .map((line) => `${line}\n`)
        .join(''),
    )
    await run(failing)
    expect(await run(failing, { retry: 'true' })).toMatchObject({ lines_retried: 2, lines_rejected: 2 })
    expect(await run(plain, { retry: 'true' })).toMatchObject({ lines_retried: 2, lines_parsed: 2 })
    expect(await written()).toEqual([500, 500])
    expect(letters()).toEqual([])
  })

  test('among very many of its kind ends all the same', async () => {
    writeFileSync(
      node.log,
      logOf(
        3_000,
        Array.from({ length: 2_000 }, (_, i) => i + 500),
        '/bad',
      )
        .map((line) => `${line}\n`)
        .join(''),
    )
    const tally = await run(failing)
    expect(tally.lines_parsed + tally.lines_rejected).toBe(3_000)
    expect(tally.lines_rejected).toBeGreaterThanOrEqual(2_000)
    expect(await written()).toEqual([tally.lines_parsed, tally.lines_parsed])
  })
})

test('a row that is lost on its way into Parquet is no silence: its line is kept aside', async () => {
  const log = logOf(2_000, [1_234], '/lost')
  writeFileSync(node.log, log.map((line) => `${line}\n`).join(''))
  const tally = await run(structured((select) => `SELECT * FROM (${select}) WHERE path NOT LIKE '/lost%'`))
  expect(tally).toMatchObject({ lines_parsed: 1_999, lines_rejected: 1, rows: { log_results: 1_999 } })
  expect(letters()[1]).toBe(log[1_234])
})

test('a disk that fails makes no line a dead letter', async () => {
  writeFileSync(
    node.log,
    logOf(2_000, [], '')
      .map((line) => `${line}\n`)
      .join(''),
  )
  const noDisk = structured(
    (select) => `SELECT * FROM (${select}) WHERE (SELECT count(*) FROM read_csv('/nowhere/x.csv')) = 0`,
  )
  await expect(run(noDisk)).rejects.toThrow('IO Error')
  expect(letters()).toEqual([])
  expect(await run(plain)).toMatchObject({ lines_parsed: 2_000 })
  expect(await written()).toEqual([2_000, 2_000])
})
