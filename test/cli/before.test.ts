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
