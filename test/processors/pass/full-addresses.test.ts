import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasFullAddress, searchFullAddresses } from '../../../processors/pass/full-addresses.ts'
import { disguised, planted, textWithAddresses } from '../mask/addresses.ts'

test.each([
  '198.51.100.7',
  'x198.51.100.7x',
  '198.51.100.7.',
  '?ip=%22198.51.100.7',
  '\\x22198.51.100.7\\x22',
  '\\u0022198.51.100.7',
  '%252F198%252E51%252E100%252E7',
  '2001:db8::1',
  '[2001:db8:1:2:3:4:5:6]:443',
  '2001%3Adb8%3A%3A1',
  'fe80::1%eth0',
  'fe80::1:2',
  '::ffff:198.51.100.7',
])('%s holds a full address', (text) => {
  expect(hasFullAddress(text)).toBe(true)
})

test.each([
  '198.51.100.0',
  '1.2.3.4.5',
  '1198.51.100.7',
  '198.51.100.7000',
  '1.2.3.256',
  'Chrome/131.0.6778.81',
  '2001:db8::',
  '::',
  'std::vector',
  'a::b',
  '10:00:00',
  '12:34:56:78:9a:bc',
  '',
])('%s holds none', (text) => {
  expect(hasFullAddress(text)).toBe(false)
})

test('the search in bytes finds what the search in a text finds', () => {
  const texts = fc.array(fc.oneof(textWithAddresses, planted, disguised(textWithAddresses)), { maxLength: 8 })
  fc.assert(
    fc.property(texts, fc.nat(3), (fields, shift) => {
      const whole = Buffer.from(`${' '.repeat(shift)}${fields.join('\x1f')}`)
      const { holds } = searchFullAddresses(whole.subarray(shift))
      let start = 0
      for (const field of fields) {
        const end = start + Buffer.byteLength(field)
        expect(holds(start, end)).toBe(hasFullAddress(field))
        start = end + 1
      }
    }),
    { numRuns: 5_000 },
  )
})
