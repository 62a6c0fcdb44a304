import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stages } from '../../processors/stages/index.ts'
import { readBefore } from '../../src/cli/before.ts'
import { configOf } from '../fakes/world.ts'
import { freshFolder } from './bbq.ts'

const config = configOf({ project: { id: 'log-demo' } })

test('a demo whose rows are in BigQuery can be opened again though no table lies here', async () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'nodes'))
  writeFileSync(join(folder, 'runs.json'), JSON.stringify({ version: 1, epoch: 'e1', at: 7, reached: 'raw', runs: [] }))
  expect(await readBefore(folder, config, stages)).toMatchObject({ at: 7, canResume: true })
})

test('without runs or without its nodes there is nothing to open again', async () => {
  const folder = freshFolder()
  expect(await readBefore(folder, config, stages)).toBeUndefined()
  mkdirSync(join(folder, 'nodes'))
  expect(await readBefore(folder, config, stages)).toMatchObject({ canResume: false })
})

/** Files of rows in a generation of a table, as a stage leaves them. */
const withRows = (folder: string, table: string, epoch: string): void => {
  const path = join(folder, 'warehouse/log_analytics', table, epoch)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'chunk.parquet'), '')
}
const nodes = [{ name: 'local', files: ['/var/log/access.log'] }]
const note = (folder: string, rows: string): void =>
  writeFileSync(
    join(folder, 'holds.json'),
    JSON.stringify({ version: 1, generations: { e1: { rows, at: 9, ...(rows === 'own' ? { nodes } : {}) } } }),
  )
const here = (folder: string) => configOf({ warehouse: { path: join(folder, 'warehouse') } })

test("somebody's own rows can be opened again although no node was ever made", async () => {
  const folder = freshFolder()
  withRows(folder, 'raw_logs', 'e1')
  withRows(folder, 'log_results', 'e1')
  note(folder, 'own')
  expect(await readBefore(folder, here(folder), stages)).toMatchObject({
    canResume: true,
    connected: false,
    holding: { kind: 'own', noted: true, tables: 2, nodes },
  })
})

test("rows that only a demo made are a demo's; rows without a note, and nodes that bbq did not fill, may be anybody's", async () => {
  const folder = freshFolder()
  withRows(folder, 'raw_logs', 'e1')
  expect((await readBefore(folder, here(folder), stages))?.holding).toMatchObject({ kind: 'own', noted: false })
  note(folder, 'demo')
  expect((await readBefore(folder, here(folder), stages))?.holding).toEqual({ kind: 'demo' })
  mkdirSync(join(folder, 'nodes/aws-1'), { recursive: true })
  expect((await readBefore(folder, here(folder), stages))?.holding).toMatchObject({
    kind: 'own',
    strangeNodes: join(folder, 'nodes'),
  })
})

test('with a cluster or BigQuery connected that is what can be opened again, and the rows here still are no demo’s', async () => {
  const folder = freshFolder()
  withRows(folder, 'raw_logs', 'e1')
  note(folder, 'own')
  expect(await readBefore(folder, config, stages)).toMatchObject({
    canResume: false,
    connected: true,
    holding: { kind: 'own' },
  })
})
