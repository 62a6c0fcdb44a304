import { describe, expect, test } from 'vitest'
import { crawl, guessLogins, monitor, probe } from '../../../processors/generate/bots.ts'
import { seededRandom } from '../../../processors/generate/random.ts'
import { openSessions } from '../../../processors/generate/session.ts'
import { simulate } from '../../../processors/generate/simulate.ts'
import type { Request, Visit } from '../../../processors/generate/visit.ts'
import { generatorKnobsSchema } from '../../../src/core/generator.ts'

const client = { ip: '192.0.2.7', agent: 'a browser' }

const play = (visit: Visit, down = false): { requests: readonly Request[]; seconds: number } => {
  const requests: Request[] = []
  let at: number | undefined = 0
  let last = 0
  while (at !== undefined) {
    last = at
    const step = visit(at, down)
    requests.push(step.request)
    if (requests.length > 5_000) throw new Error('a session that does not end')
    at = step.nextAt
  }
  return { requests, seconds: last / 1e6 }
}

const sessions = (knobs: Parameters<typeof generatorKnobsSchema.parse>[0], count = 300, down = false) => {
  const begin = openSessions(generatorKnobsSchema.parse(knobs))
  return Array.from({ length: count }, (_, index) => play(begin(client, seededRandom(`s${index}`), 0), down))
}

describe('a session', () => {
  test('ends within the longest browsing time, most of them by leaving', () => {
    const played = sessions({ min_browsing_seconds: 5, max_browsing_seconds: 120 })
    for (const { seconds } of played) expect(seconds).toBeLessThanOrEqual(120)
    expect(played.some(({ requests }) => requests.length > 3)).toBe(true)
  })

  test('goes where the weights say', () => {
    const played = sessions({
      entry: { home: 1 },
      transitions: { home: { search: 1 }, search: { exit: 1 } },
      max_browsing_seconds: 100_000,
      min_browsing_seconds: 100_000,
    })
    for (const { requests } of played) {
      expect(requests.length).toBe(2)
      expect(requests[0]?.target).toMatch(/^\/(index\.html)?$/)
      expect(requests[1]?.target).toMatch(/^\/search\?q=/)
    }
  })

  test('waits between pages as long as the knob says, on average', () => {
    const mean = (page_view_seconds: number): number => {
      const played = sessions({ page_view_seconds, min_browsing_seconds: 1e6, max_browsing_seconds: 1e6 })
      const gaps = played.reduce((sum, { requests }) => sum + requests.length - 1, 0)
      return played.reduce((sum, { seconds }) => sum + seconds, 0) / gaps
    }
    expect(mean(10)).toBeGreaterThan(9)
    expect(mean(10)).toBeLessThan(11)
    expect(mean(40) / mean(10)).toBeCloseTo(4, 1)
  })

  test('carries a user only after a login that succeeded', () => {
    for (const { requests } of sessions({ login_failure_rate: 1 }))
      expect(requests.every(({ user }) => user === '-')).toBe(true)
    const named = sessions({}).flatMap(({ requests }) => requests.filter(({ user }) => user !== '-'))
    expect(named.length).toBeGreaterThan(50)
  })

  test('fails as often as the error rates say, more on pages that fail more', () => {
    const quiet = { error_500_rate: 0, checkout_500_rate: 0 }
    const requests = sessions({ ...quiet, high_error_pages: [{ path: '/cart', error_rate: 1 }] }).flatMap(
      (s) => s.requests,
    )
    for (const { target, status } of requests) expect(status >= 500).toBe(target === '/cart')
    expect(requests.some(({ target }) => target === '/cart')).toBe(true)
    const missing = sessions({ ...quiet, high_error_pages: [], product_404_rate: 1 }).flatMap((s) => s.requests)
    for (const { target, status } of missing) if (/^\/products\/\d/.test(target)) expect(status).toBe(404)
  })

  test('meets mostly 5xx while the site is down', () => {
    const statuses = sessions({}, 300, true).flatMap(({ requests }) => requests.map(({ status }) => status))
    expect(statuses.filter((status) => status >= 500).length / statuses.length).toBeGreaterThan(0.8)
  })

  test('leaves its cart as often as the knob says', () => {
    const checkouts = (cart_abandonment_rate: number): number =>
      sessions({ cart_abandonment_rate }).flatMap((s) => s.requests.filter(({ target }) => target === '/checkout'))
        .length
    expect(checkouts(1)).toBe(0)
    expect(checkouts(0)).toBeGreaterThan(checkouts(0.6))
  })
})

test('bots and attackers end too', () => {
  for (const kind of [crawl, monitor, guessLogins, probe])
    expect(play(kind(client, seededRandom('bot'))).requests.length).toBeGreaterThan(1)
  const guessed = play(guessLogins(client, seededRandom('guess'))).requests
  expect(guessed.length).toBeGreaterThanOrEqual(10)
  for (const { status, target } of guessed) expect([target, status >= 401 && status <= 403]).toEqual(['/login', true])
})

test('a simulation keeps few sessions open, however long it runs', () => {
  const knobs = generatorKnobsSchema.parse({})
  const { line, open } = simulate({ knobs, seed: 5, purpose: 'fill', id: 'a', node: 0, nodes: 1 })
  let most = 0
  for (let index = 0; index < 60_000; index++) {
    line(1e15 + index * 1e6)
    most = Math.max(most, open())
  }
  expect(most).toBeLessThan(60)
})
