import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { bbq, freshFolder } from './bbq.ts'

let folder: string
beforeEach(() => {
  folder = freshFolder()
})

const line =
  '<190>Mar 12 10:00:00 web1 nginx: 192.0.2.83 - jroe [12/Mar/2026:10:00:00 +0000] "GET /.env?token=abc HTTP/1.1" 404 5 "-" "curl/8" 0.2'

describe('bbq explain', () => {
  test('shows what every stage makes of a line', async () => {
    const { code, stdout } = await bbq(folder, ['explain', line])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^format +syslog, combined \+ 1 field$/m)
    expect(stdout).toMatch(/^structured +timestamp +2026-03-12T10:00:00\.000000Z$/m)
    expect(stdout).toMatch(/^private +ip +192\.0\.2\.0$/m)
    expect(stdout).toMatch(/^ +user_id +NULL$/m)
    expect(stdout).toMatch(/^aggregated +2026-03-12T10:00:00Z to 2026-03-12T10:05:00Z, \/\.env$/m)
    expect(stdout).toMatch(/^rules +security alert: .*scanner path/m)
  })

  test('as JSON, one object a line, with the header of its file', async () => {
    const log = readFileSync(new URL('../fixtures/formats/23-iis-w3c-default.log', import.meta.url), 'utf8')
    const { code, stdout } = await bbq(folder, ['explain', '--json', log])
    expect(code).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one) as Record<string, unknown>)
    expect(rows).toHaveLength(60)
    expect(rows[0]).toMatchObject({
      understood: true,
      format: 'IIS W3C',
      structured: { ip: '192.0.2.83', method: 'GET', path: '/wp-login.php', status: '200', bytes: null },
      private: { ip: '192.0.2.0' },
      aggregated: { endpoint: '/wp-login.php' },
    })
  })

  test('a line that fits no format is exit 1 with its reason', async () => {
    const { code, stdout } = await bbq(folder, ['explain', 'hello'])
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^refused +in no known format \(no_match\)/m)])
  })

  test('a control character of a line does not reach the terminal', async () => {
    const { stdout } = await bbq(folder, ['explain', line.replace('curl', '\x1b[31mcurl')])
    expect(stdout).not.toContain('\x1b')
  })
})

describe('bbq run --format', () => {
  const own = '192.0.2.83|12/Mar/2026:10:00:00 +0000|GET /a HTTP/1.1|200'

  test('takes the text of a server, and the report says what was found', async () => {
    const log = join(folder, 'own.log')
    writeFileSync(log, `${own}\n${own}\n`)
    const format = '$remote_addr|$time_local|$request|$status'
    const { code, stdout } = await bbq(folder, ['run', 'structured', '--input', log, '--format', format, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      totals: { lines_parsed: 2, formats: [{ title: 'own format', lines: 2, of: 2 }] },
    })
  })

  test('a format that is none is exit 2 before anything runs', async () => {
    const { code, stderr } = await bbq(folder, ['run', 'structured', '--format', 'combnied'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no format combnied.')])
  })
})
