import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { reportLine } from '../../../processors/run/report-line.ts'
import type { Tally } from '../../../processors/run/tally.ts'
import { stages } from '../../../processors/stages/index.ts'
import { parseReport, type Report } from '../../../src/core/report.ts'
import { epoch, makeNode, runHere, type TestNode } from './test-node.ts'

const good = '192.0.2.7 - - [24/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12'
const json = '{"request":{"uri":"/a"},"status":200}'
const stage = stages.find(({ id }) => id === 'structured')

const run = (node: TestNode, given = {}): Promise<Tally> => {
  if (stage === undefined) throw new Error('no stage structured')
  return runHere(node, { stage: 'structured', ...given }, { stage, openChunkProcessor, initialRules })
}

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

describe('the report of refused lines', () => {
  test('counts them by reason, with the number of the first and what it looks like', async () => {
    const impossible = good.replace(' 200 ', ' 999 ')
    writeFileSync(node.log, [good, '', json, impossible, json, good, json, ''].join('\n'))
    expect(await run(node)).toMatchObject({
      lines_rejected: 4,
      rejected: [
        { reason: 'no_match', count: 3, line: 3, file: 'access.log', guess: 'json' },
        { reason: 'bad_status', count: 1, line: 4, file: 'access.log' },
      ],
      dead: `.bbq/state/${epoch}/structured/dead`,
      understood: true,
    })
  })

  test('counts lines from the beginning of the log, over chunks and over runs', async () => {
    const filler = Array.from({ length: 500 }, () => good)
    writeFileSync(node.log, `${[...filler, json].join('\n')}\n`)
    const first = await run(node, { chunkBytes: 2_000 })
    expect(first.chunks).toBeGreaterThan(5)
    expect(first.rejected).toMatchObject([{ count: 1, line: 501 }])
    appendFileSync(node.log, `${[...filler, json, json].join('\n')}\n`)
    expect((await run(node, { chunkBytes: 3_000 })).rejected).toMatchObject([{ count: 2, line: 1002 }])
    const folder = join(node.data, '.bbq', 'state', epoch, 'structured', 'dead')
    const heads = readdirSync(folder)
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((row) => row.startsWith('{"offset"'))
    expect(heads.map((head) => (JSON.parse(head) as { line: number }).line).sort((a, b) => a - b)).toEqual([
      501, 1002, 1003,
    ])
  })

  test('says that nothing was understood, until a line of the log is', async () => {
    writeFileSync(node.log, `${json}\n${json}\n`)
    expect(await run(node)).toMatchObject({ lines_rejected: 2, understood: false })
    appendFileSync(node.log, '\n')
    expect(await run(node)).toMatchObject({ lines_read: 1, lines_blank: 1, understood: true })
    appendFileSync(node.log, `${good}\n`)
    expect(await run(node)).toMatchObject({ lines_parsed: 1, understood: true })
    appendFileSync(node.log, `${json}\n`)
    expect(await run(node)).toMatchObject({ lines_rejected: 1, lines_parsed: 0, understood: true })
  })

  test('holds no text of a line', async () => {
    writeFileSync(node.log, `${json} secret-7f31\n`)
    expect(JSON.stringify(await run(node))).not.toContain('secret-7f31')
  })

  test('stays under 2 KB, whatever it has to tell, and keeps what matters', async () => {
    const reasons = ['no_match', 'too_long', 'bad_time', 'bad_status', 'bad_size']
    writeFileSync(node.log, `${json}\n`)
    const report: Report = {
      node: 'n'.repeat(200),
      stage: 'structured',
      epoch,
      ...(await run(node)),
      ms: 1,
      rejected: reasons.map((reason) => ({
        reason,
        count: 9e15,
        line: 9e15,
        file: 'ü'.repeat(255),
        guess: 'unknown_order',
      })),
      error: 'x'.repeat(5_000),
    }
    const line = reportLine(report)
    expect(Buffer.byteLength(line)).toBeLessThan(2048)
    const read = parseReport(line)
    expect(read?.rejected[0]).toMatchObject({ reason: 'no_match', count: 9e15, line: 9e15, guess: 'unknown_order' })
    expect(read?.error?.length).toBeGreaterThan(100)
    expect(parseReport(reportLine({ ...report, rejected: [] }))?.rejected).toEqual([])
  })

  test('of an earlier version is still read', () => {
    const old = {
      node: 'a',
      stage: 'raw',
      epoch,
      lines_read: 1,
      lines_parsed: 1,
      lines_rejected: 0,
      lines_blank: 0,
      rows: {},
    }
    const counts = { masked: 0, full_addresses: 0, bytes_read: 1, bytes_sent: 1, chunks: 1, ms: 1 }
    expect(parseReport(JSON.stringify({ ...old, ...counts }))).toMatchObject({
      rejected: [],
      understood: true,
      lines_retried: 0,
    })
  })
})
