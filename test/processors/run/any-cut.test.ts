import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import type { Tally } from '../../../processors/run/tally.ts'
import { stages } from '../../../processors/stages/index.ts'
import type { Stage } from '../../../src/core/stage.ts'
import { logText, randomFrom } from '../../faults/log-text.ts'
import { expectEqual } from './compare.ts'
import { makeNode, runHere, type TestNode } from './test-node.ts'

const mib = 1024 * 1024

/** A log with everything that can be odd about a line. */
const content = (): Buffer => {
  const random = randomFrom(7)
  const long = (length: number, ending: string): Buffer => Buffer.from('x'.repeat(length) + ending)
  return Buffer.concat([
    Buffer.from(logText(0, 3000, random)),
    Buffer.from([0, 255, 10, 13, 10, 10]),
    Buffer.from(logText(3000, 500, random).replaceAll('\n', '\r\n')),
    long(mib, '\n'),
    long(mib, '\r\n'),
    long(mib + 1, '\n'),
    long(3 * mib, '\r\n'),
    Buffer.from(logText(3500, 10, random)),
    Buffer.from('"bare \\" quote\n\x1b[31m\n'),
    Buffer.from(logText(9000, 400, random)),
  ])
}

const runCut = (node: TestNode, stage: Stage, chunkBytes: number): Promise<Tally> =>
  runHere(node, { chunkBytes }, { stage, openChunkProcessor, initialRules })

const counted = ({ bytes_sent: _, chunks: __, rows, ...rest }: Tally): object => ({
  ...rest,
  rows: { ...rows, log_aggregates: 0 },
})

describe.each(stages.map((stage) => [stage.id, stage] as const))('stage %s', (_, stage) => {
  let truth: TestNode
  let whole: Tally
  beforeAll(async () => {
    truth = makeNode()
    writeFileSync(truth.log, content())
    whole = await runCut(truth, stage, 32 * mib)
  })
  afterAll(() => truth.remove())

  test('writes the same rows and counts the same, however the log is cut', async () => {
    expect(whole.chunks).toBe(1)
    expect(whole.lines_read).toBe(whole.lines_parsed + whole.lines_rejected + whole.lines_blank)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20_000, max: 2 * mib }), async (chunkBytes) => {
        const node = makeNode()
        try {
          writeFileSync(node.log, content())
          const tally = await runCut(node, stage, chunkBytes)
          expect(tally.chunks).toBeGreaterThan(3)
          expect(counted(tally)).toEqual(counted(whole))
          for (const { table } of stage.outputs) await expectEqual(table, node, truth)
        } finally {
          node.remove()
        }
      }),
      { numRuns: 3, examples: [[20_000]] },
    )
  })
})
