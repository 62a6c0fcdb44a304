import { writeFileSync } from 'node:fs'
import { onTestFinished, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { stages } from '../../../processors/stages/index.ts'
import { expectEqual } from '../run/compare.ts'
import { makeNode, runHere } from '../run/test-node.ts'

/** One request in five minutes, some of them odd, with probes, failures and bytes that are no UTF-8. */
const line = (i: number): Buffer => {
  const time = new Date(1_500_000_000_000 + i * 300_000).toISOString()
  const path = i % 97 === 0 ? '/.env' : i % 3 === 0 ? `/\x01\x1f${i}` : `/p/${i % 300}`
  const request = i % 4 === 0 ? `\\x16\\x03${i}` : `GET ${path} HTTP/1.1`
  const client = i % 5 === 0 ? `2001:db8::${(i % 9999).toString(16)}` : `198.51.${i % 100}.${i % 250}`
  const text = Buffer.from(
    `${client} - - [${time}] "${request}" ${[200, 404, 503, 401][i % 4]} ${i} "-" "agent\x1f ${i}"\n`,
  )
  if (i % 11 === 0) text[text.length - 3] = 0xff
  return i % 1000 === 0 ? Buffer.from(`no line ${i}\n`) : text
}

test.each(stages.map((stage) => [stage.id, stage] as const))(
  'a chunk of very many windows and odd lines gives the same rows as many small ones: %s',
  async (id, stage) => {
    const [whole, cut] = [makeNode(), makeNode()]
    onTestFinished(() => {
      whole.remove()
      cut.remove()
    })
    const log = Buffer.concat(Array.from({ length: 60_000 }, (_, i) => line(i)))
    const parts = { stage, initialRules, openChunkProcessor }
    for (const node of [whole, cut]) {
      writeFileSync(node.log, log)
      await runHere(node, { stage: id, chunkBytes: node === whole ? 32 * 1024 * 1024 : 400_000 }, parts)
    }
    for (const { table } of stage.outputs) await expectEqual(table, whole, cut)
  },
)
