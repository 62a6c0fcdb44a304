import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAddress, maskHost, parseIpv4, parseIpv6 } from '../../../processors/mask/address.ts'

const settings = { maskIpv4: 24, maskIpv6: 64 }

describe('a host', () => {
  test.each([
    ['198.51.100.7', '198.51.100.0'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1::'],
    ['0:0:1:0:0:0:0:1', '0:0:1::'],
    ['::ffff:198.51.100.7', '198.51.100.0'],
    ['::FFFF:c633:6407', '198.51.100.0'],
    ['::ffff:198.51.100.7%eth0', '198.51.100.0'],
    ['fe80::1%eth0', 'fe80::'],
    ['fe80::1%12', 'fe80::'],
    ['::', '::'],
    ['fe80::1%', null],
    ['fe80::1%a%b', null],
    ['198.51.100.7%eth0', null],
    ['198.51.100.7:80', '198.51.100.0'],
    ['192.0.2.83:25632', '192.0.2.0'],
    ['[2001:db8::1]', '2001:db8::'],
    ['[2001:db8::1]:443', '2001:db8::'],
    ['[fe80::1%eth0]:443', 'fe80::'],
    ['198.51.100.7:http', null],
    ['[198.51.100.7]:80', null],
    ['client.example.net:80', null],
    ['198.51.100.256', null],
    ['198.51.100.07', null],
    ['1.2.3', null],
    ['client.example.net', null],
    ['-', null],
    ['1:2:3:4:5:6:7::8', null],
    ['1::2::3', null],
    ['12345::', null],
  ])('%s becomes %s', (host, network) => {
    expect(maskHost(host, settings)).toBe(network)
  })

  test('is an address where the operating system says so', () => {
    const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.]{0,20}$/))
    fc.assert(
      fc.property(text, (host) => {
        expect(parseIpv4(host) !== undefined).toBe(isIPv4(host))
        expect(parseIpv6(host) !== undefined).toBe(isIPv6(host))
        expect(isAddress(host)).toBe(isIPv4(host.replace(/:[0-9]{1,5}$/, '')) || isIPv6(host))
      }),
      { numRuns: 2_000 },
    )
  })
})
