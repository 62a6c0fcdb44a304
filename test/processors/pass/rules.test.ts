import { describe, expect, test } from 'vitest'
import { mostRemembered } from '../../../processors/pass/rules.ts'
import { alertsOf, type Given, line, logOf, repeat } from './given-lines.ts'
import { runPass, settings } from './support.ts'

describe('a critical error', () => {
  test('is every 5xx line, masked and traced to its line', () => {
    const alerts = alertsOf([
      {},
      { status: 503, request: 'GET /a?ip=198.51.100.9 HTTP/1.1' },
      { status: 500, host: 'web.example' },
    ])
    expect(alerts).toEqual([
      {
        off: logOf([{}]).length,
        line: 1,
        ts_us: 1_793_509_200_000_000n,
        kind: 'critical error',
        reason: 'status 503',
        event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        message: 'GET /a?ip=198.51.100.0 503 Service Unavailable',
        ip: '198.51.100.0',
      },
      expect.objectContaining({ line: 2, ip: null, message: 'GET / 500 Internal Server Error' }),
    ])
    expect(alerts[0]?.event_id).not.toBe(alerts[1]?.event_id)
  })

  test('has the same id whoever the client is', () => {
    const [one] = alertsOf([{ status: 500, host: '198.51.100.7' }])
    const [other] = alertsOf([{ status: 500, host: '203.0.113.9' }])
    expect(one?.event_id).toBe(other?.event_id)
  })
})

describe('a system failure', () => {
  const failures = (lines: readonly Given[], cuts: readonly number[] = []) =>
    alertsOf(lines, cuts).filter(({ kind }) => kind === 'system failure')
  const bad: Given = { status: 502 }

  test('is raised once, by the line at which a window reaches 20 requests with half of them 5xx', () => {
    const lines = [...repeat(10, bad), ...repeat(10, {}), ...repeat(30, bad)]
    expect(failures(lines).map(({ line: at, reason }) => [at, reason])).toEqual([
      [19, '10 of 20 requests within 300 s ended in 5xx'],
    ])
    for (let cut = 1; cut < 25; cut++) expect(failures(lines, [cut, cut + 3])).toEqual(failures(lines))
  })

  test('is raised later when the errors come later', () => {
    expect(failures([...repeat(15, {}), ...repeat(20, bad)]).map(({ line: at }) => at)).toEqual([29])
  })

  test.each([
    [repeat(19, bad)],
    [[...repeat(9, bad), ...repeat(11, {})]],
    [[...repeat(15, bad), ...repeat(15, { ...bad, at: '05:05:00' })]],
  ])('is not raised by too few', (lines) => {
    expect(failures(lines)).toEqual([])
  })

  test('has its thresholds from the settings', () => {
    const strict = { ...settings, failureRequests: 4, failureShare: 0.75 }
    const raisedBy = (lines: readonly Given[]) =>
      alertsOf(lines, [], strict).filter(({ kind }) => kind === 'system failure')
    expect(raisedBy([bad, bad, {}, bad]).map(({ line: at, reason }) => [at, reason])).toEqual([
      [3, '3 of 4 requests within 300 s ended in 5xx'],
    ])
    expect(raisedBy([bad, bad, {}, {}, bad])).toEqual([])
  })

  test('keeps its windows in log order of first sight, bounded', () => {
    const hours = Array.from({ length: 1_200 }, (_, index) => index * settings.windowSeconds)
    const lines = hours.map((second) => ({ at: new Date(second * 1000).toISOString().slice(11, 19) }))
    const text = lines.map((given, day) => line(given).replace('2026-11-01', `20${10 + (day % 80)}-11-01`)).join('\n')
    const { rules } = runPass(Buffer.from(`${text}\n`), ['alerts'])
    expect(rules.windows).toHaveLength(mostRemembered.windows)
  })
})
