import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskText } from '../../../processors/mask/mask-text.ts'
import { hasFullAddress } from '../../../processors/pass/full-addresses.ts'
import { transformationIds } from '../../../src/core/private.ts'
import { address, disguised, planted, textWithAddresses } from './addresses.ts'
import { findFullAddresses } from './scan.ts'

const settings = { maskIpv4: 24, maskIpv6: 64, private: transformationIds }

describe('masking a text', () => {
  test.each([
    ['from 198.51.100.7 to', 'from 198.51.100.0 to', 1],
    ['198.51.100.7.', '198.51.100.0.', 1],
    ['198.51.100.7:8080', '198.51.100.0:8080', 1],
    ['/r?ip=198.51.100.7&x', '/r?ip=198.51.100.0&x', 1],
    ['10.1.2.3, 198.51.100.7', '10.1.2.0, 198.51.100.0', 2],
    ['198.51.100.0', '198.51.100.0', 0],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', 1],
    ['2001:DB8::1', '2001:db8::', 1],
    ['[2001:db8:1:2:3:4:5:6]:443', '[2001:db8:1:2::]:443', 1],
    ['2001:db8::1.', '2001:db8::.', 1],
    ['fe80::1%eth0 up', 'fe80:: up', 1],
    ['http://[fe80::1%25eth0]/', 'http://[fe80::]/', 1],
    ['::1', '::', 1],
    ['::ffff:198.51.100.7', '198.51.100.0', 1],
    ['::ffff:c633:6407', '198.51.100.0', 1],
    ['[::ffff:198.51.100.7]:80', '[198.51.100.0]:80', 1],
    ['64:ff9b::198.51.100.7', '64:ff9b::', 1],
    ['/u/198%2E51%2E100%2E7', '/u/198.51.100.0', 1],
    ['/u/%5B2001%3Adb8%3A%3A1%5D', '/u/%5B2001:db8::%5D', 1],
    ['a%20198.51.100.7%20b', 'a%20198.51.100.0%20b', 1],
    ['%31%39%38.51.100.7', '198.51.100.0', 1],
    ['/caf%C3%A9198.51.100.7', '/caf%C3%A9198.51.100.0', 1],
    ['/%82%2e66%2e111%2e89', '/%82.66.111.0', 1],
    ['rv:1.9.5.20', 'rv:1.9.5.0', 1],
    ['2001:db8::beef', '2001:db8::', 1],
    ['11.2.3.45', '11.2.3.0', 1],
    ['v1.2.3.4', 'v1.2.3.0', 1],
    ['a_1.2.3.4_b', 'a_1.2.3.0_b', 1],
    ['é1.2.3.4é', 'é1.2.3.0é', 1],
    ['.1.2.3.4.', '.1.2.3.0.', 1],
    ['host.1.2.3.4.example', 'host.1.2.3.0.example', 1],
    ['1.2.3.4-5.6.7.8', '1.2.3.0-5.6.7.0', 2],
    ['198%252E51%252E100%252E7', '198.51.100.0', 1],
    ['u=http%253A%252F%252F203.0.113.11%252Fadmin', 'u=http%253A%252F%252F203.0.113.0%252Fadmin', 1],
    ['{\\x22ip\\x22:\\x22203.0.113.9\\x22}', '{\\x22ip\\x22:\\x22203.0.113.0\\x22}', 1],
    ['{\\u0022203.0.113.12\\u0022}', '{\\u0022203.0.113.0\\u0022}', 1],
    ['UA \\xe2\\x80\\x9c203.0.113.17\\xe2\\x80\\x9d', 'UA \\xe2\\x80\\x9c203.0.113.0\\xe2\\x80\\x9d', 1],
    ['203&#46;0&#x2e;113&period;18', '203.0.113.0', 1],
    ['%26%2346%3b1.2.3.4', '%26%2346%3b1.2.3.0', 1],
    ['%u0032%u0030%u0033.0.113.5', '203.0.113.0', 1],
    ['%5Cx32%5Cx30%5Cx33.0.113.5', '203.0.113.0', 1],
    ['1.2.3.4%35', '1.2.3.0', 1],
    ['1.2.3.4%2e5', '1.2.3.0%2e5', 1],
    ['&#57;%31%30.1.2.3', '&#57;10.1.2.0', 1],
    ['%41%2e2%2e3%2e4', '%41.2.3.0', 1],
    ['%8210.1.2.3', '%8210.1.2.0', 1],
    ['ip-203-0-113-16.example.net', 'ip-203-0-113-0.example.net', 1],
    ['7.113.0.203.in-addr.arpa', '203.0.113.0', 1],
    ['x2001:db8:1:2:3:4:5:6', 'x2001:db8:1:2::', 1],
    ['2001:db8:1:2:3:4:5:6g', '2001:db8:1:2::g', 1],
    ['face2001:db8::1face', 'face2001:db8::', 1],
    ['2001:db8:1:2:3:4:5:6:443', '2001:db8:1:2::', 1],
    ['v6=2001%253Adb8%253A1%253A2%253A3%253A4%253A5%253A6', 'v6=2001:db8:1:2::', 1],
    ['1:2:3:4:5:6:198.51.100.7', '1:2:3:4::', 1],
    ['peer fe80::1: gone', 'peer fe80::: gone', 1],
    ['00:11:22:33:44:55:66:77', '0:11:22:33::', 1],
  ])('%s', (text, masked, count) => {
    expect(maskText(text, settings)).toEqual({ text: masked, masked: count })
  })

  test.each([
    '::',
    'a :: b',
    'std::vector',
    'Foo::Bar',
    '12:34:56',
    '00:11:22:33:44:55',
    'a::b',
    'dead::beef',
    'Base64::decode',
    'std::x2',
    '10:00:00',
    '1.2.3.4.5',
    '11111.2.3.4',
    '1.2.3.4000',
    '2026-11-24',
    '2026-11-24-10-11',
    '1-2-3-4-5',
    '0-300-1-2',
    '?n=3405803793',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '',
  ])('leaves %j as it is', (text) => {
    expect(maskText(text, settings)).toEqual({ text, masked: 0 })
  })

  test.each([
    [{ maskIpv4: 8, maskIpv6: 32 }, '10.0.0.0 2001:db8::'],
    [{ maskIpv4: 20, maskIpv6: 44 }, '10.20.16.0 2001:db8:abc0::'],
    [{ maskIpv4: 0, maskIpv6: 0 }, '0.0.0.0 ::'],
    [{ maskIpv4: 32, maskIpv6: 128 }, '10.20.30.40 2001:db8:abcd:12::5'],
    [{ maskIpv4: 31, maskIpv6: 112 }, '10.20.30.40 2001:db8:abcd:12::'],
  ])('keeps the prefix lengths %j', (lengths, masked) => {
    expect(maskText('10.20.30.40 2001:db8:abcd:12::5', { ...settings, ...lengths }).text).toBe(masked)
  })

  test('leaves no full address behind, and masking again changes nothing', () => {
    fc.assert(
      fc.property(textWithAddresses, (text) => {
        const once = maskText(text, settings)
        expect(findFullAddresses(once.text)).toEqual([])
        expect(maskText(once.text, settings)).toEqual({ text: once.text, masked: 0 })
        if (findFullAddresses(text).length > 0) expect(once.masked).toBeGreaterThan(0)
      }),
      { numRuns: 3_000 },
    )
  })

  test('finds an address in every skin, beside whatever it stands', () => {
    fc.assert(
      fc.property(planted, (text) => {
        const { text: clean, masked } = maskText(text, settings)
        expect(findFullAddresses(clean)).toEqual([])
        expect(masked).toBeGreaterThan(0)
        expect(hasFullAddress(clean)).toBe(false)
      }),
      { numRuns: 5_000 },
    )
  })

  test('leaves nothing that the count of full addresses finds', () => {
    fc.assert(
      fc.property(disguised(textWithAddresses), (text) => {
        const { text: clean } = maskText(text, settings)
        expect(hasFullAddress(clean)).toBe(false)
        expect(findFullAddresses(clean)).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })

  test('finds an address whose first digits look like an octal escape', () => {
    for (const text of ['&#92;100&#37;2e0&#37;2e0&#37;2e1', '%5C100%252e0%252e0%252e1', '\\100.0.0.1'])
      expect(maskText(text, settings)).toMatchObject({ masked: 1, text: expect.stringMatching(/0$/) })
  })

  test('changes nothing but addresses', () => {
    fc.assert(
      fc.property(address, fc.stringMatching(/^[g-z /?=&-]{0,9}$/), (one, words) => {
        const { text } = maskText(`${words} ${one} ${words}`, settings)
        expect(text.startsWith(`${words} `) && text.endsWith(` ${words}`)).toBe(true)
      }),
    )
  })

  test.each([
    ...[
      '1:',
      '1.',
      '1-',
      '::1 ',
      '1:1::',
      '%3a',
      '1.1.1.1 ',
      'f::',
      'f',
      '%',
      '%25',
      ':',
      '\\',
      '\\x5c',
      '&#37;',
      '&amp;',
    ],
    ...['%2525', 'a@', 'a.', '@', '?a=', '?token=', '&', '://a:', 'a@b.', '1.1.1.%31 ', '&#', '1%2e'],
  ])('takes a line of a megabyte of %j in linear time', (piece) => {
    const steps = (length: number): number => {
      const begun = process.cpuUsage().user
      maskText(piece.repeat(length / piece.length), settings)
      return process.cpuUsage().user - begun
    }
    steps(100_000)
    expect(steps(1_000_000)).toBeLessThan(60 * Math.max(steps(100_000), 20_000))
  })
})
