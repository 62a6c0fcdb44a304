import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openWriter } from '../../../processors/write/open-writer.ts'
import type { RelationName } from '../../../src/core/stage.ts'
import { chunk, open } from '../pass/support.ts'
import { contextOf, originOf, readParquet, stageOf, temporaryFolder } from './support.ts'

const lineOf = (agent: number): string =>
  `192.0.2.83 - - [12/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "${'x'.repeat(agent)}"\n`

const lengths = Array.from({ length: 30 }, (_, i) => 700_000 + ((i * 97_711) % 340_000))
const mixed = [10, 16_384, 16_385, 65_000, 66_000, 400_000, 1_040_000, 20]

test.each<[string, RelationName, string]>([
  ['raw', 'lines', 'raw_logs'],
  ['structured', 'events', 'log_results'],
  ['private', 'masked', 'log_results'],
])('%s keeps every row of a log with very long lines', async (stage, relation, table) => {
  const folder = temporaryFolder()
  const writer = await openWriter(contextOf(stageOf(stage), folder))
  onTestFinished(() => writer.close())
  for (const [i, agents] of [lengths, mixed].entries()) {
    const log = Buffer.from(agents.map(lineOf).join(''))
    const text = table === 'raw_logs' ? 'raw_line' : 'user_agent'
    const rows: Record<string, unknown>[] = []
    for (let at = 0; at < log.length; ) {
      const output = open([relation])(chunk(log.subarray(at), at))
      const path = join(folder, `${i}-${at}.parquet`)
      await writer.write(output, originOf(), { [table]: path })
      rows.push(...(await readParquet(path)))
      at += output.end
    }
    const written = rows.map((row) => String(row[text] ?? '').length).sort((a, b) => a - b)
    const expected = agents.map((agent) => (table === 'raw_logs' ? lineOf(agent).length - 1 : agent))
    expect(written).toEqual(expected.sort((a, b) => a - b))
  }
})
