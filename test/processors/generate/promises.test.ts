import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, test } from 'vitest'
import { filledLines } from '../../../processors/generate/fill.ts'
import { generatorPlanSchema } from '../../../src/core/generator.ts'
import { linesOf, parseSimply, type SimpleLine } from './simple-parser.ts'

const until = Date.UTC(2026, 10, 24, 12, 34, 56)
const plan = generatorPlanSchema.parse({
  nodes: Array.from({ length: 21 }, (_, index) => ({ id: `node-${index}`, file: '/dev/null' })),
  seed: 1,
  lines: 10_000,
  until,
})
const fiveMinutes = 300_000

interface Counted {
  readonly texts: readonly string[]
  readonly parsed: readonly SimpleLine[]
  readonly windows: ReadonlyMap<number, readonly SimpleLine[]>
  readonly outages: ReadonlySet<number>
}

const count = (texts: readonly string[]): Counted => {
  const parsed = texts.map(parseSimply).filter((line) => line !== undefined)
  const windows = Map.groupBy(parsed, (line) => Math.floor(line.at / fiveMinutes))
  const outages = new Set(
    [...windows]
      .filter(
        ([, lines]) => lines.length >= 20 && lines.filter(({ status }) => status >= 500).length * 2 >= lines.length,
      )
      .map(([window]) => window),
  )
  return { texts, parsed, windows, outages }
}

const nodes = plan.nodes.map(({ id }, index) => count(linesOf([...filledLines(plan, index, id)].join(''))))
const all = nodes.flatMap(({ parsed }) => parsed)
const share = (of: (line: SimpleLine) => boolean, lines: readonly SimpleLine[] = all): number =>
  lines.filter(of).length / lines.length

const failedLogin = ({ status, method, target }: SimpleLine): boolean =>
  status === 401 || status === 403 || (method === 'POST' && /^\/login/.test(target) && status >= 400)
const probing = /passwd|\/\.env|\/\.git|\/wp-|phpmyadmin|UNION|'|<script|%3Cscript|phpunit|actuator|xmlrpc|\/\.aws/

describe('logs of the default seed', () => {
  test('have the lines that were asked for, in order of time, over at least an hour, up to the last moment', () => {
    for (const { texts, parsed } of nodes) {
      expect(texts.length).toBe(10_000)
      const times = parsed.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect((times[0] ?? 0) < until - 3_600_000).toBe(true)
      expect(times.at(-1)).toBeGreaterThan(until - 10_000)
      expect(times.at(-1)).toBeLessThanOrEqual(until)
    }
  })

  test('cover at least twelve windows of five minutes a node', () => {
    for (const { windows } of nodes) expect(windows.size).toBeGreaterThanOrEqual(12)
  })

  test('have every kind of emergency on at least three nodes', () => {
    const having = (of: (node: Counted) => boolean): number => nodes.filter(of).length
    expect(having(({ parsed }) => parsed.some(({ status }) => status >= 500))).toBeGreaterThanOrEqual(3)
    expect(having(({ outages }) => outages.size > 0)).toBeGreaterThanOrEqual(3)
    expect(having(({ parsed }) => parsed.some(({ target }) => probing.test(target)))).toBeGreaterThanOrEqual(3)
    const guessed = having(({ windows }) =>
      [...windows.values()].some((lines) =>
        [...Map.groupBy(lines.filter(failedLogin), ({ ip }) => ip).values()].some((one) => one.length >= 5),
      ),
    )
    expect(guessed).toBeGreaterThanOrEqual(3)
    expect(guessed).toBeLessThan(nodes.length)
  })

  test('have 5 to 15 % IPv6, and hardly a host that is no address', () => {
    expect(share(({ ip }) => isIPv6(ip))).toBeGreaterThan(0.05)
    expect(share(({ ip }) => isIPv6(ip))).toBeLessThan(0.15)
    expect(share(({ ip }) => !isIPv4(ip) && !isIPv6(ip))).toBeLessThan(0.002)
  })

  test('have at most 0.2 % of lines 5xx outside of outages', () => {
    const calm = nodes.flatMap(({ windows, outages }) =>
      [...windows].filter(([at]) => !outages.has(at)).flatMap(([, lines]) => lines),
    )
    expect(share(({ status }) => status >= 500, calm)).toBeGreaterThan(0)
    expect(share(({ status }) => status >= 500, calm)).toBeLessThan(0.002)
  })

  test('have malformed lines about once in a thousand, and a few blank ones', () => {
    const blank = nodes.flatMap(({ texts }) => texts.filter((text) => text === '')).length
    const malformed = nodes.reduce((sum, { texts, parsed }) => sum + texts.length - parsed.length, 0) - blank
    expect(malformed / 210_000).toBeGreaterThan(0.0004)
    expect(malformed / 210_000).toBeLessThan(0.002)
    expect(blank).toBeGreaterThan(5)
    expect(blank).toBeLessThan(210)
  })

  test('name users, bots, foreign sites, and now and then an address in a target or a referer', () => {
    expect(share(({ user }) => user !== '-')).toBeGreaterThan(0.05)
    expect(share(({ agent }) => /bot/i.test(agent))).toBeGreaterThan(0.005)
    expect(share(({ referer }) => referer.startsWith('https://www.google.com'))).toBeGreaterThan(0.01)
    const address = /(?:198|192|203)(?:\.\d+){3}|2001%3Adb8|\[2001:db8/
    for (const field of ['target', 'referer'] as const) {
      expect(
        share((line) => address.test(line[field])),
        field,
      ).toBeGreaterThan(0.0005)
      expect(
        share((line) => address.test(line[field])),
        field,
      ).toBeLessThan(0.05)
    }
  })

  test('keep a client to its own session: most addresses ask for more than one page', () => {
    const byClient = Map.groupBy(nodes[1]?.parsed ?? [], ({ ip }) => ip)
    expect(byClient.size).toBeGreaterThan(200)
    expect([...byClient.values()].filter((lines) => lines.length > 1).length / byClient.size).toBeGreaterThan(0.5)
  })
})

describe('the same plan', () => {
  const log = (seed: number, index = 3): string =>
    [...filledLines({ ...plan, seed, lines: 2_500 }, index, `node-${index}`)].join('')

  test('gives the same bytes', () => expect(log(1)).toBe(log(1)))
  test('gives others with another seed', () => expect(log(1)).not.toBe(log(2)))
  test('gives every node its own', () => expect(log(1, 3)).not.toBe(log(1, 4)))
})
