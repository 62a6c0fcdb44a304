import fc from 'fast-check'
import type { TextFormat } from '../../../processors/formats/compile.ts'
import type { Field } from '../../../processors/formats/template.ts'

/** Mostly the plain one, so that most lines are simple. */
const mostly = (plain: readonly string[], odd: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...plain) }, { weight: 1, arbitrary: fc.constantFrom(...odd) })

const address = mostly(
  ['192.0.2.83', '198.51.100.7', '203.0.113.255'],
  ['2001:db8::7', 'a.example', '-', '01.2.3.4', '192.0.2.1:80', '[2001:db8::1]:443', '192.0.2.1, 10.0.0.1', 'x:1:2'],
)
const texts: Readonly<Partial<Record<Field['kind'], fc.Arbitrary<string>>>> = {
  client: address,
  user: mostly(['-', 'alice'], ['Alice Roe', '""', 'bob@198.51.100.9', '', '-x']),
  time: mostly(
    [
      '12/Mar/2026:10:00:00 +0000',
      '12/Mar/2026:10:00:01',
      '2026-03-12T10:00:00Z',
      '2026-03-12 10:00:00.25',
      '1773309600.250',
    ],
    [
      '30/Feb/2026:10:00:00 +0000',
      'Thu, 12 Mar 2026 10:00:00 GMT',
      '1773309600250',
      'x',
      '',
      '2026-03-12T10:00:00.1+02:00',
    ],
  ),
  request: mostly(
    [
      'GET /a?b=1 HTTP/1.1',
      'POST /login HTTP/2',
      'GET http://www.example.com:80/x HTTP/1.1',
      'GET https://a.example/ HTTP/1.1',
    ],
    [
      'GET /',
      '-',
      '',
      'GET /a b HTTP/1.1',
      'G{T / HTTP/1.1',
      'GET ftp://x/y HTTP/1.1',
      'GET http://x HTTP/1.1',
      '- / HTTP/1.1',
    ],
  ),
  method: mostly(['GET', 'POST'], ['-', 'G{T', '']),
  path: mostly(['/a', '/a?b=1', 'http://www.example.com/x'], ['-', 'x', '*', 'http://x', '']),
  query: mostly(['-'], ['a=1', '']),
  protocol: mostly(['HTTP/1.1', 'HTTP/2'], ['-', '1.1', 'HTTP/1.10']),
  status: mostly(['200', '404', '503', '100'], ['99', '600', '0', '-1', '-', 'x', '1000']),
  size: mostly(['0', '23965', '-'], ['007', '99999999999', '+12', 'x', '9223372036854775808']),
  referer: mostly(['-', 'https://www.example.com/'], ['', 'a \\" b', 'caf\u00e9']),
  agent: mostly(['-', 'curl/8.4.0', 'Mozilla/5.0 (X11)'], ['', 'a \\" b', 'caf\u00e9', 'a " b', '\t']),
  host: mostly(['www.example.com', '-', '_', 'www.example.com:443'], ['[2001:db8::1]', 'x:', 'h\u00f6st', '']),
  duration: mostly(['0.220', '220', '-', '0'], ['220ms', '0.', '.5', 'x', '1234567890123', '0.0000000001', '']),
  forwarded: mostly(
    ['-', '203.0.113.9', '203.0.113.9, 10.0.0.2', '203.0.113.9,10.0.0.2'],
    ['2001:db8::9', 'unknown', '', 'x'],
  ),
  port: mostly(['80', '443', '51234'], ['-', 'x', '123456', '']),
  ignored: mostly(['-', 'x', '0', 'a/b', 'TLSv1.3'], ['', 'a b', 'a"b']),
  between: mostly(['', ' https'], [' (0 s)', ' "x"']),
}

const behind = mostly(['', '', ' 5', ' "x" 0.2', ' [a] "b c"', '\tz'], [' a"b', ' "', ' x="y z"', '  ', ' [a'])

/** Lines of a format, most of them plain, without line end. */
export const linesOf = ({ template }: TextFormat): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      fc.tuple(...template.map((piece) => (typeof piece === 'string' ? fc.constant(piece) : textOf(piece)))),
      behind,
    )
    .map(([pieces, rest]) => Buffer.from(pieces.join('') + rest))

const textOf = ({ kind, padded, optional }: Field): fc.Arbitrary<string> => {
  const text = texts[kind] ?? fc.constant('-')
  return optional ? text.map((one) => (one === '-' ? '' : one)) : padded ? text.map((one) => one.padStart(6)) : text
}

const mutation = fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('" \\[]-x0:.%?,\t\r\0\x1f\xff\xc3\xa9', 'latin1')))

/** The same with a byte or two replaced. */
export const mutated = (lines: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.tuple(lines, fc.array(mutation, { minLength: 1, maxLength: 2 })).map(([given, mutations]) => {
    const bytes = Buffer.from(given)
    for (const [place, byte] of mutations) bytes[place % bytes.length] = byte
    return bytes
  })
