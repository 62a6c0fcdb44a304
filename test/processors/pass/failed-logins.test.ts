import { describe, expect, test } from 'vitest'
import { mostRemembered, type RuleState } from '../../../processors/pass/rules.ts'
import { alertsOf, type Given, logOf, repeat } from './given-lines.ts'
import { chunk, open, runPass, settings } from './support.ts'

const failed: Given = { status: 401, request: 'POST /login HTTP/1.1' }
const told = (lines: readonly Given[], cuts: readonly number[] = []) =>
  alertsOf(lines, cuts).map(({ line: at, reason }) => [at, reason])
const reason = (times: number): string => `${times} failed logins of one client within 300 s`

describe('failed logins', () => {
  test('raise one alert a client and window, by the fifth in a row, with their count', () => {
    const other = repeat(4, { ...failed, host: '2001:db8::7' })
    expect(told([...repeat(4, failed), ...other, failed, ...repeat(9, failed)])).toEqual([[8, reason(14)]])
  })

  test('are raised in the next window again, and not by logins that span two', () => {
    const later = { ...failed, at: '05:05:00' }
    expect(told([...repeat(4, failed), ...repeat(4, later)])).toEqual([])
    expect(told([...repeat(5, failed), ...repeat(6, later)])).toEqual([
      [4, reason(5)],
      [9, reason(6)],
    ])
  })

  test.each<[Given, number]>([
    [{ status: 403, request: 'GET /admin HTTP/1.1' }, 1],
    [{ status: 401, request: 'GET /admin?a=b HTTP/1.1' }, 1],
    [{ status: 401, request: 'GET /admin HTTP/1.1', user: 'alice' }, 1],
    [{ status: 401, request: 'GET /admin' }, 1],
    [{ status: 404, request: 'POST /account/signin HTTP/1.1' }, 1],
    [{ status: 429, request: 'POST /api/v1/%6Cogin/ HTTP/1.1' }, 1],
    [{ status: 302, request: 'POST /login HTTP/1.1' }, 0],
    [{ status: 404, request: 'GET /login HTTP/1.1' }, 0],
    [{ status: 404, request: 'POST /cart HTTP/1.1' }, 0],
    [{ status: 404, request: 'POST /authors HTTP/1.1' }, 0],
    [{ status: 401, request: 'GET /healthz HTTP/1.1' }, 0],
    [{ status: 401, request: 'GET / HTTP/1.1', agent: 'kube-probe/1.30' }, 0],
    [{ status: 403, request: 'GET / HTTP/1.1', agent: 'ELB-HealthChecker/2.0' }, 0],
  ])('counts %j', (given, raised) => {
    expect(told(repeat(5, given))).toHaveLength(raised)
  })

  test('are none while the server is down', () => {
    const alerts = alertsOf(repeat(9, { status: 503, request: 'POST /login HTTP/1.1' }))
    expect(alerts.filter(({ kind }) => kind === 'security alert')).toEqual([])
  })

  test('are taken back by a success of the same client', () => {
    const success = { status: 302, request: 'POST /login HTTP/1.1' }
    expect(told([...repeat(4, failed), success, ...repeat(4, failed)])).toEqual([])
    expect(told([...repeat(4, failed), { ...success, host: '198.51.100.8' }, failed])).toHaveLength(1)
    expect(told([...repeat(4, failed), { user: 'alice' }, failed])).toEqual([])
  })

  test('are not taken back by the form or by other pages', () => {
    const between = [{ request: 'GET /login HTTP/1.1' }, { request: 'GET /style.css HTTP/1.1', status: 304 }]
    expect(told(repeat(5, failed).flatMap((one) => [...between, one]))).toEqual([[14, reason(5)]])
  })

  test('count although a guess succeeds in the end', () => {
    expect(told([...repeat(20, failed), { status: 302, request: 'POST /login HTTP/1.1' }])).toEqual([[4, reason(20)]])
  })

  const handshakes = (count: number, statuses: readonly number[], path: (index: number) => string): readonly Given[] =>
    Array.from({ length: count }, (_, index) =>
      statuses.map((status) => ({
        status,
        request: `PROPFIND ${path(index)} HTTP/1.1`,
        ...(status < 400 && { user: 'EXAMPLE+jroe' }),
      })),
    ).flat()

  test('are none where a handshake ends well', () => {
    expect(told(handshakes(12, [401, 401, 200], (index) => `/intranet/p${index}`))).toEqual([])
    expect(told(handshakes(12, [401, 401, 200], () => '/intranet/'))).toEqual([])
    expect(told(handshakes(12, [401, 207], () => '/dav/files/jroe/'))).toEqual([])
  })

  test('are none where handshakes run side by side', () => {
    const steps = [401, 401, 200].flatMap((status) => handshakes(6, [status], (index) => `/intranet/p${index}`))
    expect(told(steps)).toEqual([])
  })

  test('of many users behind one proxy are told apart', () => {
    const users = Array.from({ length: 30 }, (_, index) => ({ ...failed, user: `user${index}` }))
    expect(told([...users, ...users])).toEqual([])
    expect(told([...users, ...repeat(4, { ...failed, user: 'user3' })])).toEqual([[33, reason(5)]])
  })

  test('have their threshold from the settings', () => {
    const raisedBy = (times: number) => alertsOf(repeat(times, failed), [], { ...settings, failedLogins: 8 })
    expect(raisedBy(7)).toEqual([])
    expect(raisedBy(8)).toHaveLength(1)
  })

  test('are counted on wherever the log is cut', () => {
    const lines = [
      ...repeat(4, failed),
      { user: 'alice' },
      ...repeat(3, failed),
      { status: 401, request: 'GET /a HTTP/1.1' },
      ...repeat(6, failed),
      { status: 200, request: 'GET /a HTTP/1.1' },
      ...repeat(4, { status: 401, request: 'GET /a HTTP/1.1' }),
    ]
    expect(told(lines)).toEqual([[10, reason(9)]])
    for (let cut = 1; cut < lines.length; cut++) expect(told(lines, [cut]).map(([at]) => at)).toEqual([10])
    const each = lines.map((_, index) => index + 1)
    expect(told(lines, each)).toEqual([[10, reason(5)]])
  })

  test('are remembered of a bounded number of clients, none by its address or user', () => {
    const many = Array.from({ length: 10_500 }, (_, index) => ({
      ...failed,
      ...(index % 2 && { user: 'alice' }),
      host: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    }))
    const { rules } = runPass(logOf([...many, failed]), ['alerts'])
    expect(rules.logins).toHaveLength(mostRemembered.logins)
    expect(rules.logins.at(-1)?.[0]).toMatch(/^[0-9a-f]{16}$/)
    expect(JSON.stringify(rules)).not.toMatch(/alice|10\.\d+\.|198\.51/)
    const paths = Array.from({ length: 500 }, (_, index) => ({ status: 401, request: `GET /${index} HTTP/1.1` }))
    expect(runPass(logOf(paths), ['alerts']).rules.logins.length).toBeLessThan(100)
  })

  test('go on from a state that was kept before alerts were', () => {
    const pass = open(['alerts'])
    const goOn = (times: number, lines: readonly Given[]) => {
      const { rules } = runPass(logOf(repeat(times, failed)), ['alerts'])
      const old = {
        windows: rules.windows,
        logins: rules.logins.map(([client, window, count]) => [client, window, count]),
      } as RuleState
      return pass(chunk(logOf(lines), 0, old)).alerts?.length
    }
    expect(goOn(4, [failed])).toBe(1)
    expect(goOn(3, [failed])).toBe(0)
    expect(goOn(5, [failed])).toBe(0)
    expect(goOn(4, [{ user: 'alice' }, failed])).toBe(0)
  })
})
