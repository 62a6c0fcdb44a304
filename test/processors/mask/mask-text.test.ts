import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskText } from '../../../processors/mask/mask-text.ts'
import { address, textWithAddresses } from './addresses.ts'
import { findFullAddresses } from './scan.ts'

const settings = { maskIpv4: 24, maskIpv6: 64 }

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
    ['1.2.3.4.5', '1.2.3.0.0', 2],
    ['rv:1.9.5.20', 'rv:1.9.5.0', 1],
    ['dead::beef', 'dead::', 1],
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
    'v1.2.3.4',
    'a_1.2.3.4',
    '1.2.3.4_',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '198%252E51%252E100%252E7',
    'x2001:db8:1:2:3:4:5:6',
    '2001:db8:1:2:3:4:5:6g',
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
    expect(maskText('10.20.30.40 2001:db8:abcd:12::5', lengths).text).toBe(masked)
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

  test('changes nothing but addresses', () => {
    fc.assert(
      fc.property(address, fc.stringMatching(/^[g-z /?=&-]{0,9}$/), (one, words) => {
        const { text } = maskText(`${words} ${one} ${words}`, settings)
        expect(text.startsWith(`${words} `) && text.endsWith(` ${words}`)).toBe(true)
      }),
    )
  })

  test.each(['1:', '1.', '::1 ', '1:1::', '%3a', '1.1.1.1 ', 'f::', '%', '%25', ':'])(
    'takes a line of a megabyte of %j in linear time',
    (piece) => {
      const steps = (length: number): number => {
        const begun = process.cpuUsage().user
        maskText(piece.repeat(length / piece.length), settings)
        return process.cpuUsage().user - begun
      }
      steps(100_000)
      expect(steps(1_000_000)).toBeLessThan(60 * Math.max(steps(100_000), 20_000))
    },
  )
})
