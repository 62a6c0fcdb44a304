import { describe, expect, test } from 'vitest'
import { findProbe, isLoginPath, mostRemembered } from '../../../processors/pass/rules.ts'
import { lineEnds, runPass, settings } from './support.ts'

interface Given {
  readonly host?: string
  readonly at?: string
  readonly request?: string
  readonly status?: number
}

const line = ({ host = '198.51.100.7', at = '05:00:00', request = 'GET / HTTP/1.1', status = 200 }: Given): string =>
  `${host} - - [2026-11-01T${at}Z] "${request}" ${status} 10 "-" "-"`

const logOf = (lines: readonly Given[]): Buffer => Buffer.from(`${lines.map(line).join('\n')}\n`)
const repeat = (times: number, given: Given): readonly Given[] => Array.from({ length: times }, () => given)

const alertsOf = (lines: readonly Given[], cuts: readonly number[] = []) => {
  const bytes = logOf(lines)
  const ends = [0, ...lineEnds(bytes)]
  return runPass(
    bytes,
    ['alerts'],
    cuts.map((count) => ends[count] ?? 0),
  ).alerts.map((alert) => ({
    ...alert,
    line: ends.indexOf(alert.off),
  }))
}

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

describe('a security alert', () => {
  const failed: Given = { status: 401, request: 'POST /login HTTP/1.1' }

  test('is raised once, by the fifth failed login of a client in a window', () => {
    const other = repeat(4, { ...failed, host: '2001:db8::7' })
    const alerts = alertsOf([...repeat(4, failed), ...other, failed, ...repeat(9, failed)])
    expect(alerts.map(({ line: at, kind, reason }) => [at, kind, reason])).toEqual([
      [8, 'security alert', '5 failed logins of one client within 300 s'],
    ])
  })

  test('is raised in the next window again, and not by logins that span two', () => {
    const later = { ...failed, at: '05:05:00' }
    expect(alertsOf([...repeat(4, failed), ...repeat(4, later)])).toEqual([])
    expect(alertsOf([...repeat(5, failed), ...repeat(5, later)]).map(({ line: at }) => at)).toEqual([4, 9])
  })

  test.each([
    [{ status: 403, request: 'GET /admin HTTP/1.1' }, 1],
    [{ status: 404, request: 'POST /account/signin HTTP/1.1' }, 1],
    [{ status: 302, request: 'POST /login HTTP/1.1' }, 0],
    [{ status: 404, request: 'GET /login HTTP/1.1' }, 0],
    [{ status: 404, request: 'POST /cart HTTP/1.1' }, 0],
  ])('counts %j', (given, raised) => {
    expect(alertsOf(repeat(5, given))).toHaveLength(raised)
  })

  test('counts on however the log is cut', () => {
    for (let cut = 1; cut < 5; cut++) expect(alertsOf(repeat(5, failed), [cut]).map(({ line: at }) => at)).toEqual([4])
  })

  test('remembers a bounded number of clients, none by its address', () => {
    const many = Array.from({ length: 10_500 }, (_, index) => ({
      ...failed,
      host: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    }))
    const { rules } = runPass(logOf([...many, failed]), ['alerts'])
    expect(rules.logins).toHaveLength(mostRemembered.logins)
    expect(rules.logins.at(-1)?.[0]).toMatch(/^[0-9a-f]{16}$/)
  })

  test.each([
    ['/a/../../etc/passwd', 'path-traversal'],
    ['/static/..%2f..%2fetc%2fpasswd', 'path-traversal'],
    ['/%2e%2e/x', 'path-traversal'],
    ['/get?file=../../etc/shadow', 'path-traversal'],
    ["/products?id=1'%20OR%20'1'='1", 'injection'],
    ['/search?q=%27%20UNION%20SELECT%20password%20FROM%20users--', 'injection'],
    ['/search?q=1+union+all+select+2', 'injection'],
    ['/search?q=%3Cscript%3Ealert(1)%3C/script%3E', 'injection'],
    ['/?x=%24{jndi:ldap://x}', 'injection'],
    ['/?cmd=;wget%20http://x', 'injection'],
    ['/wp-login.php', 'scanner'],
    ['/.env', 'scanner'],
    ['/.git/config', 'scanner'],
    ['/phpmyadmin/index.php', 'scanner'],
    ['/actuator/env', 'scanner'],
  ])('is a probe such as %s', (target, rule) => {
    expect(findProbe(target)?.id).toBe(rule)
    const alerts = alertsOf([{ request: `GET ${target} HTTP/1.1`, status: 404 }])
    expect(alerts.map(({ kind }) => kind)).toEqual(['security alert'])
  })

  test.each([
    '/',
    '/products/17?color=red&size=l',
    '/search?q=students+union',
    '/search?q=rock%20and%20roll',
    '/environment',
    '/profile',
    '/widgets/password',
    '/a..b',
    '/files/report.v1..2.pdf',
    '/selection?from=table',
  ])('is not %s', (target) => {
    expect(findProbe(target)).toBeUndefined()
    expect(alertsOf([{ request: `GET ${target} HTTP/1.1` }])).toEqual([])
  })

  test('knows a path on which people log in', () => {
    expect(['/login', '/api/v1/login/', '/users/sign-in', '/auth', '/login.php', '/session'].every(isLoginPath)).toBe(
      true,
    )
    expect(['/blogin', '/login/help', '/authors', '/'].some(isLoginPath)).toBe(false)
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

  test('keeps its windows in log order of first sight, bounded', () => {
    const hours = Array.from({ length: 1_200 }, (_, index) => index * settings.windowSeconds)
    const lines = hours.map((second) => ({ at: new Date(second * 1000).toISOString().slice(11, 19) }))
    const text = lines.map((given, day) => line(given).replace('2026-11-01', `20${10 + (day % 80)}-11-01`)).join('\n')
    const { rules } = runPass(Buffer.from(`${text}\n`), ['alerts'])
    expect(rules.windows).toHaveLength(mostRemembered.windows)
  })
})
