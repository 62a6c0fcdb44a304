import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { paramsSchema } from '../../../processors/params.ts'
import { openSink } from '../../../processors/sinks/index.ts'
import type { Sink } from '../../../processors/sinks/sink.ts'

let dataset: string
let sink: Sink
beforeEach(() => {
  dataset = mkdtempSync(join(tmpdir(), 'bbq-sink-'))
  writeFileSync(join(dataset, 'epoch'), 'first\n')
  const nameOf = (table: string): string => (table === 'log_results' ? 'renamed' : table)
  const spec = `folder:${dataset}`
  const params = paramsSchema.parse({ stage: 'raw', epoch: 'first', sink: spec })
  sink = openSink(spec, { epoch: 'first', nameOf, writer: 'me', params, now: () => 0 })
})
afterEach(() => rmSync(dataset, { recursive: true, force: true }))

const listed = (): readonly string[] => readdirSync(join(dataset, 'renamed', 'first')).sort()

describe('the folder sink', () => {
  test('shows a chunk under its id once it is whole', async () => {
    writeFileSync(sink.aside('log_results', 'first-1'), 'rows')
    expect(listed()).toEqual(['.tmp-first-1-me'])
    await sink.load('log_results', 'first-1')
    expect(listed()).toEqual(['first-1.parquet'])
  })

  test('refuses a dataset that was emptied meanwhile', async () => {
    writeFileSync(sink.aside('log_results', 'first-1'), 'rows')
    writeFileSync(join(dataset, 'epoch'), 'second')
    const refused = { what: expect.stringContaining('holds epoch second'), kind: 'refused' }
    await expect(sink.load('log_results', 'first-1')).rejects.toMatchObject(refused)
    await expect(sink.check()).rejects.toMatchObject(refused)
    expect(listed()).toEqual(['.tmp-first-1-me'])
  })

  test('removes what others left of a chunk, and of no other', async () => {
    writeFileSync(sink.aside('log_results', 'first-1'), 'mine')
    writeFileSync(join(dataset, 'renamed', 'first', '.tmp-first-1-other'), 'theirs')
    writeFileSync(sink.aside('log_results', 'first-2'), 'next')
    await sink.tidy('log_results', 'first-1')
    expect(listed()).toEqual(['.tmp-first-2-me'])
  })
})
