import { writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { measure } from '../../../bench/measure.ts'
import { programs } from '../../../src/programs.ts'
import { makeNode } from './test-node.ts'

const limit = 512 * 1024 * 1024

const line = (path: string, status: number, i: number): string =>
  `198.51.${i % 100}.${i % 250} - - [2026-11-24T09:${String(i % 60).padStart(2, '0')}:00Z] "GET ${path} HTTP/1.1" ${status} ${i} "-" "x"\n`

const logs = {
  'an outage': () => Array.from({ length: 500_000 }, (_, i) => line(`/p/${i % 500}`, 503, i)),
  'long addresses': () => Array.from({ length: 12_000 }, (_, i) => line(`/${i}/`.padEnd(6_000, `${i}x`), 404, i)),
  'long attacks': () => Array.from({ length: 12_000 }, (_, i) => line(`/?q=<script>${`${i}a`.repeat(600)}`, 500, i)),
}

test.skipIf(process.platform !== 'linux').each(Object.keys(logs) as (keyof typeof logs)[])(
  'aggregated stays below the memory of its job in %s',
  async (kind) => {
    const node = makeNode()
    onTestFinished(() => node.remove())
    writeFileSync(node.log, logs[kind]().join(''))
    const { peakBytes } = await measure([programs.run, ...node.flags.with(1, 'aggregated')])
    expect(peakBytes).toBeGreaterThan(0)
    expect(peakBytes).toBeLessThan(limit)
  },
)
