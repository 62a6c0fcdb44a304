import fc from 'fast-check'
import { spelled, textWithAddresses } from '../mask/addresses.ts'

/** Mostly the plain one, so that most lines are simple. */
const mostly = <T>(plain: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 7, arbitrary: plain }, { weight: 1, arbitrary: other })

const two = (value: number): string => String(value).padStart(2, '0')
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const second = mostly(fc.integer({ min: 1_793_509_200, max: 1_793_511_000 }), fc.integer({ min: -1e9, max: 4e9 }))
const zone = mostly(fc.constantFrom('Z', '+0000', '+00:00', '-0530', '+02:00', '+2359'), fc.constant('+2500'))
const fraction = mostly(fc.constantFrom('', '.1', '.185318', '.123456789'), fc.constantFrom('.1234567890', '.'))

const isoTime = fc
  .tuple(second, fraction, zone)
  .map(([at, rest, offset]) => `${new Date(at * 1000).toISOString().slice(0, 19)}${rest}${offset}`)
const clfTime = fc.tuple(second, fc.constantFrom('+0000', '-0930', '+0100')).map(([at, offset]) => {
  const date = new Date(at * 1000)
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`
  return `${day}:${date.toISOString().slice(11, 19)} ${offset}`
})
const oddTime = fc.constantFrom(
  '2026-02-30T00:00:00Z',
  '29/Feb/2027:00:00:00 +0000',
  '2026-11-01',
  '01/xyz/2026:00:00:00 +0000',
)
const time = fc.oneof({ weight: 12, arbitrary: isoTime }, { weight: 12, arbitrary: clfTime }, oddTime)

const host = fc.oneof(
  spelled,
  fc.constantFrom('198.51.100.7', '203.0.113.9', '2001:db8::7', 'a.example', '-', '01.2.3.4'),
)
const user = mostly(fc.constantFrom('-', 'alice', 'bob@198.51.100.9'), fc.stringMatching(/^[!-~]{1,6}$/))
const target = fc.oneof(
  fc.constantFrom(
    '/',
    '/login',
    '/products/1?x=y',
    '/s?q=a+b',
    '/wp-login.php',
    '/a/../b',
    '/x?f=../../etc/passwd',
    '/?q=%27 OR 1=1',
  ),
  fc.constantFrom('/via/a.example/x', "/s?q='%20or%20'1'='1", '/%2e%2e/', '*', '/caf\u00e9', '/\u00a0x'),
  textWithAddresses.map((text) => `/${text.replaceAll(' ', '+')}`),
)
const method = fc.constantFrom('GET', 'GET', 'POST', 'HEAD', '1.2.3.4', 'G{T')
const request = mostly(
  fc.tuple(method, target).map(([verb, path]) => `${verb} ${path} HTTP/1.1`),
  fc.constantFrom(
    '-',
    '',
    'GET /',
    'GET  / HTTP/1.1',
    'GET / HTTP/2',
    'GET / HTTP/1.10',
    '\\x16\\x03',
    'CONNECT a.example:443',
  ),
)
const status = mostly(
  fc.constantFrom('200', '200', '404', '401', '403', '500', '503', '100'),
  fc.constantFrom('99', '600', '099', '1000'),
)
const size = mostly(
  fc.nat(100_000).map(String),
  fc.constantFrom('-', '0', '007', '99999999999', '9223372036854775808', 'x'),
)
const text = fc.oneof(
  fc.constantFrom(
    '-',
    '',
    'Mozilla/5.0 (X11; rv:1.9.5.20)',
    'caf\u00e9 \u2603',
    'a \\" b',
    'https://example.com/',
    '198.51.100.77',
  ),
  textWithAddresses.map((given) => given.replaceAll('"', '')),
)

/** Lines of every format, most of them good, without line end. */
export const line = fc
  .tuple(host, fc.constantFrom('-', '-', 'ident'), user, time, request, status, size, fc.array(text, { maxLength: 4 }))
  .map(([client, ident, name, at, what, code, bytes, quoted]) => {
    const rest = quoted.map((one) => ` "${one}"`).join('')
    return Buffer.from(`${client} ${ident} ${name} [${at}] "${what}" ${code} ${bytes}${rest}`)
  })

const mutation = fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('" \\[]-x0:.%?\t\r\0\x1f\xff\xc3\xa9', 'latin1')))

/** The same with a byte or two replaced. */
export const mutatedLine = fc
  .tuple(line, fc.array(mutation, { minLength: 1, maxLength: 2 }))
  .map(([given, mutations]) => {
    const bytes = Buffer.from(given)
    for (const [place, byte] of mutations) bytes[place % bytes.length] = byte
    return bytes
  })

const odd = fc.constantFrom('', '\r', ' ', 'nonsense', '{"a":1}', '\ufeff').map((given) => Buffer.from(given))

/** Whole logs: lines of every format and every kind of damage, LF and CRLF, with or without the last line end. */
export const log = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof({ weight: 6, arbitrary: line }, { weight: 2, arbitrary: mutatedLine }, odd),
        fc.constantFrom('\n', '\n', '\n', '\r\n'),
      ),
      { maxLength: 12 },
    ),
    fc.boolean(),
  )
  .map(([lines, ends]) => {
    const whole = Buffer.concat(lines.flatMap(([bytes, end]) => [bytes, Buffer.from(end)]))
    return ends || whole.length === 0 ? whole : whole.subarray(0, whole.length - 1)
  })
