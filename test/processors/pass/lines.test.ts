import { describe, expect, test } from 'vitest'
import { chunk, open, openKept, runPass } from './support.ts'

const good = '198.51.100.7 - - [2026-11-01T05:00:00Z] "GET / HTTP/1.1" 200 10 "-" "-"'

describe('raw lines', () => {
  test.each([
    ['LF', `${good}\n${good}\n`],
    ['CRLF', `${good}\r\n${good}\r\n`],
    ['both, with blank lines', `${good}\r\n\n\r\n${good}\n`],
    ['no last line end', `${good}\n${good}`],
  ])('end at %s', (_, text) => {
    const { lines, counts } = runPass(Buffer.from(text), ['lines'])
    expect(lines.map(({ raw_line }) => raw_line)).toEqual([good, good])
    expect(lines.map(({ off }) => text.slice(off, off + good.length))).toEqual([good, good])
    expect(counts.lines_read - counts.lines_blank).toBe(2)
  })

  test.each(['a\0b', 'a\x1fb', 'a\rb', 'a\tb', 'a\r', '\ufeffa', 'é☃', ' '])('keep %j as it stands', (text) => {
    const { lines, counts } = runPass(Buffer.from(`${good}\n${text}\n${good}\n`), ['lines'])
    expect(lines.map(({ raw_line }) => raw_line)).toEqual([good, text.replace(/\r$/, ''), good])
    expect(counts.lines_parsed).toBe(3)
  })

  test('that are not UTF-8 have a row with U+FFFD and keep their true bytes aside', () => {
    const bytes = Buffer.concat([Buffer.from(`${good}\na`), Buffer.from([0xff]), Buffer.from('b\nc\n')])
    const { lines, rejects, counts } = runPass(bytes, ['lines'])
    expect(lines.map(({ raw_line }) => raw_line)).toEqual([good, 'a\ufffdb', 'c'])
    expect(rejects).toEqual([{ offset: good.length + 1, length: 3, reason: 'invalid_utf8' }])
    expect(counts).toMatchObject({ lines_rejected: 0, lines_parsed: 3 })
  })

  test('over a mebibyte are cut there, never inside a character', () => {
    const long = `${'x'.repeat(1_048_575)}é tail`
    const { lines, rejects } = runPass(Buffer.from(`${good}\n${long}\n${good}`), ['lines'])
    expect(lines.map(({ raw_line }) => raw_line)).toEqual([good, 'x'.repeat(1_048_575), good])
    expect(rejects).toEqual([{ offset: good.length + 1, length: Buffer.byteLength(long), reason: 'too_long' }])
  })

  test.each([
    ['an address in front', good, 1],
    ['IPv6 in front', '2001:db8::7 x', 1],
    ['an address inside', 'seen 198.51.100.7 today', 1],
    ['an escaped address', 'seen %31%39%38.51.100.7', 1],
    ['none', 'a line of 12:34:56 and 1.2.3', 0],
    ['one stuck to a word', 'x198.51.100.7x', 1],
    ['one behind an escape', '?ip=%22198.51.100.7', 1],
    ['one behind two escapes', 'q=\\x22198.51.100.7', 1],
    ['escaped dots', '198%2E51%252e100%2e7', 1],
    ['a network', 'x198.51.100.0 2001:db8::', 0],
  ])('count as full when they hold one: %s', (_, text, full) => {
    expect(runPass(Buffer.from(text), ['lines']).counts.full_addresses).toBe(full)
  })
})

describe('a chunk that is the beginning of one endless line', () => {
  const input = { ...chunk(Buffer.alloc(2_000_000, 'x'), 500), oversizedLine: 5_000_000 }

  test('has a row in raw form, with its true length kept aside', () => {
    const { output, lines } = openKept(['lines'])(input)
    const { counts, rejects } = output
    expect(counts).toMatchObject({ lines_read: 1, lines_parsed: 1, lines_rejected: 0 })
    expect(rejects).toEqual([{ offset: 500, length: 5_000_000, reason: 'too_long', line: 1 }])
    expect(lines).toEqual([{ remote_log_id: 'node-1/f1/500', raw_line: 'x'.repeat(1_048_576) }])
  })

  test('is rejected elsewhere', () => {
    const { counts, rejects } = open(['events'])(input)
    expect(counts).toMatchObject({ lines_read: 1, lines_parsed: 0, lines_rejected: 1 })
    expect(rejects).toEqual([{ offset: 500, length: 5_000_000, reason: 'too_long', line: 1 }])
  })
})

describe('the relations of a pass', () => {
  test('are those that were asked for', () => {
    const keys = (relations: Parameters<typeof open>[0]): readonly string[] =>
      Object.keys(open(relations)(chunk(Buffer.from(`${good}\n`))))
        .filter((key) => !['end', 'counts', 'rejects', 'rules'].includes(key))
        .sort()
    expect(keys(['lines'])).toEqual(['lines'])
    expect(keys(['events'])).toEqual(['events'])
    expect(keys(['masked'])).toEqual(['masked'])
    expect(keys(['counts'])).toEqual(['messages', 'windowCounts'])
    expect(keys(['alerts'])).toEqual(['alerts'])
    expect(keys(['lines', 'masked', 'alerts'])).toEqual(['alerts', 'lines', 'masked'])
  })

  test('are those of one chunk', () => {
    const pass = openKept(['masked'])
    pass(chunk(Buffer.from(`${good.replace('GET', 'PUT')}\n`.repeat(50)), 1_000))
    expect(pass(chunk(Buffer.from(`${good}\n`))).masked).toMatchObject([
      { remote_log_id: 'node-1/f1/0', ip: '198.51.100.0', user_id: null },
    ])
  })

  test('hold offsets beyond four gigabytes', () => {
    const start = 2 ** 40 + 7
    const { events } = openKept(['events'])(chunk(Buffer.from(`${good}\n`), start))
    expect(events).toMatchObject([{ remote_log_id: 'node-1/f1/1099511627783', ip: '198.51.100.7' }])
  })
})
