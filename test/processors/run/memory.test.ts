import { writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { measure } from '../../../bench/measure.ts'
import { programs } from '../../../src/programs.ts'
import { makeNode } from './test-node.ts'

const limit = 512 * 1024 * 1024

const line = (path: string, status: number, i: number): string =>
  `198.51.${i % 100}.${i % 250} - - [2026-11-24T09:${String(i % 60).padStart(2, '0')}:00Z] "GET ${path} HTTP/1.1" ${status} ${i} "-" "x"\n`

const at = (i: number, status: number, request: string, client = `198.51.${i % 100}.${i % 250}`, second = i): string =>
  `${client} - - [${new Date((1_764_000_000 + second) * 1000).toISOString()}] "${request}" ${status} ${i} "-" "x"\n`

const many = (lines: number, make: (i: number) => string): string[] => Array.from({ length: lines }, (_, i) => make(i))

const logs = {
  'an outage': () => many(500_000, (i) => line(`/p/${i % 500}`, 503, i)),
  'long addresses': () => many(12_000, (i) => line(`/${i}/`.padEnd(6_000, `${i}x`), 404, i)),
  'long attacks': () => many(12_000, (i) => line(`/?q=<script>${`${i}a`.repeat(600)}`, 500, i)),
  'one request in five minutes': () =>
    many(300_000, (i) => at(i, 503, `GET /p/${i % 500} HTTP/1.1`, undefined, i * 300)),
  'control characters': () => many(300_000, (i) => at(i, 404, `GET /\x01\x1f${i} HTTP/1.1`)),
  'unusual requests': () => many(300_000, (i) => at(i, 400, `\\x16\\x03\\x01${i}`)),
  'unique paths': () => many(400_000, (i) => at(i, i % 3 ? 404 : 200, `GET /p/${i}/x HTTP/1.1`)),
  'unique clients': () =>
    many(400_000, (i) => at(i, 401, 'POST /login HTTP/1.1', `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)),
  'lines of three bytes': () => many(3_000_000, () => '\x1f\x1f\n'),
  'lines of 1 MiB': () => many(50, (i) => at(i, 200, `GET /${'y'.repeat(1_048_000)} HTTP/1.1`)),
}

const tried: readonly (readonly [string, keyof typeof logs])[] = [
  ...(Object.keys(logs) as (keyof typeof logs)[]).map((kind) => ['aggregated', kind] as const),
  ['raw', 'lines of three bytes'],
  ['raw', 'control characters'],
  ['structured', 'unusual requests'],
  ['structured', 'lines of three bytes'],
  ['private', 'control characters'],
]

test.skipIf(process.platform !== 'linux').each(tried)(
  '%s stays below the memory of its job in %s',
  async (stage, kind) => {
    const node = makeNode()
    onTestFinished(() => node.remove())
    writeFileSync(node.log, logs[kind]().join(''))
    const { peakBytes } = await measure([programs.run, ...node.flags.with(1, stage)])
    expect(peakBytes).toBeGreaterThan(0)
    expect(peakBytes).toBeLessThan(limit)
  },
  240_000,
)
