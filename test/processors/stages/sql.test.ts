import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Stage } from '../../../src/core/stage.ts'
import { stageOf } from '../write/support.ts'
import { emergenciesSelect, resultSelect, windowsSelect } from './result-select.ts'
import { runStage } from './support.ts'

const selects: Readonly<Record<string, string>> = {
  events: resultSelect('events', 'structured'),
  masked: resultSelect('masked', 'private'),
  counts: windowsSelect,
  alerts: emergenciesSelect,
}

/** The stage as DuckDB would make its rows of what the pass found. */
const bySql = (stage: Stage): Stage => ({
  ...stage,
  outputs: stage.outputs.map(({ table, relation }) => ({ table, relation, select: selects[relation] ?? '' })),
})

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const logs = globSync('**/*.log', { cwd: fixtures })

/** Another line for each: cut, twice as long, with bytes of another, or none of ASCII. */
const mutated = (log: Buffer, seed: number): Buffer => {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
  const lines = log.toString('latin1').split('\n')
  const out = lines.map((line) => {
    const at = random(line.length + 1)
    const other = lines[random(lines.length)] ?? ''
    const pieces = [line.slice(0, at), `${line}${line}`, line.slice(0, at) + other.slice(at), line]
    const piece = pieces[random(8)] ?? line
    return random(4) === 0 ? piece.slice(0, at) + String.fromCharCode(random(256)) + piece.slice(at + 1) : piece
  })
  return Buffer.from(out.join('\n'), 'latin1')
}

test.each(['structured', 'private', 'aggregated'])(
  '%s writes what SQL makes of the same relations',
  { timeout: 120_000 },
  async (id) => {
    expect(logs.length).toBeGreaterThan(5)
    const stage = stageOf(id)
    for (const [i, name] of logs.entries()) {
      const log = readFileSync(`${fixtures}${name}`)
      for (const pieces of [[log], [mutated(log, i + 1)]]) {
        const written = await runStage(stage, pieces)
        const made = await runStage(bySql(stage), pieces)
        for (const { table } of stage.outputs) expect(written.rows[table], `${name} ${table}`).toEqual(made.rows[table])
      }
    }
  },
)

test('a stage of SQL reads chunk after chunk', async () => {
  const log = readFileSync(`${fixtures}stages/every-kind.log`)
  const ends = [...log.keys()].filter((i) => log[i] === 10).map((i) => i + 1)
  const pieces = ends.map((end, i) => log.subarray(i === 0 ? 0 : ends[i - 1], end))
  const select = 'SELECT remote_log_id, raw_line FROM lines'
  const stage: Stage = { ...stageOf('raw'), outputs: [{ table: 'raw_logs', relation: 'lines', select }] }
  const [written, made] = [await runStage('raw', pieces), await runStage(stage, pieces)]
  expect(made.rows.raw_logs?.length).toBeGreaterThan(10)
  expect(made.rows.raw_logs).toEqual(written.rows.raw_logs)
})
