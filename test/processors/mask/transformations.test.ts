import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskText } from '../../../processors/mask/mask-text.ts'
import { createMasker } from '../../../processors/mask/masker.ts'
import { type TransformationId, transformationIds } from '../../../src/core/private.ts'
import { disguised, planted, textWithAddresses } from './addresses.ts'

const settings = { maskIpv4: 24, maskIpv6: 64, private: transformationIds }
const only = (id: TransformationId) => (text: string) => maskText(text, { ...settings, private: [id] }).text

describe('e-mail addresses', () => {
  test.each([
    ['jane.roe@example.org', '(email)'],
    ['/u/jane%40example.org/x', '/u/(email)/x'],
    ['?m=jane%2540example.org&x', '?m=(email)&x'],
    ['mailto:jane+x@mail.example.co.uk.', 'mailto:(email).'],
    ['(bot; +mailto:a_b@example.com)', '(bot; +mailto:(email))'],
    ['jos\u00e9@b\u00fccher.example', '(email)'],
    ['{\\x22m\\x22:\\x22jane@example.org\\x22}', '{\\x22m\\x22:\\x22(email)\\x22}'],
    ['jane&#64;example.org', '(email)'],
    ['a@b.example,c@d.example', '(email),(email)'],
  ])('%s', (text, masked) => {
    expect(only('emails')(text)).toBe(masked)
  })

  test.each([
    'logo@2x.png',
    '/npm/vue@3.4.1/dist/vue.js',
    '@angular/core@17',
    'user@localhost',
    'a@b',
    '@',
    'x @ y.example',
  ])('leaves %j as it is', (text) => {
    expect(only('emails')(text)).toBe(text)
  })
})

describe('secrets', () => {
  test.each([
    ['/cb?code=4%2FP7q&state=x', '/cb?code=(secret)&state=x'],
    ['/a?access_token=abc&b=1', '/a?access_token=(secret)&b=1'],
    ['/a?b=1;sid=abc', '/a?b=1;sid=(secret)'],
    ['/a?X-Amz-Signature=ab12&X-Amz-Date=1', '/a?X-Amz-Signature=(secret)&X-Amz-Date=1'],
    ['/a?userPassword=p%40ss&u=1', '/a?userPassword=(secret)&u=1'],
    ['/a?apiKey=1&api-key=2&API_KEY=3', '/a?apiKey=(secret)&api-key=(secret)&API_KEY=(secret)'],
    ['/a;jsessionid=ABC?x=1', '/a;jsessionid=(secret)'],
    ['https://h.example/#access_token=ab', 'https://h.example/#access_token=(secret)'],
    ['/a?next=%2Fcb%3Ftoken%3Dabc%26x%3D1', '/a?next=%2Fcb%3Ftoken%3D(secret)%26x%3D1'],
    ['/a?next=%252Fcb%253Ftoken%253Dabc', '/a?next=%252Fcb%253Ftoken%253D(secret)'],
    ['/a?token=abc%26def', '/a?token=(secret)'],
    ['/a?x=1&amp;pwd=p', '/a?x=1&amp;pwd=(secret)'],
    ['https://jane:pw@h.example/', 'https://(secret)@h.example/'],
    ['/a?token[]=1', '/a?token[]=(secret)'],
    ['/a?verification_code=123', '/a?verification_code=(secret)'],
  ])('%s', (text, masked) => {
    expect(only('secrets')(text)).toBe(masked)
  })

  test.each([
    '/a?monkey=1&keyword=x',
    '/a?country_code=DE&zipcode=1',
    '/a?author=x',
    '/a?token=',
    '/token=abc',
    '/a?q=token',
  ])('leaves %j as it is', (text) => {
    expect(only('secrets')(text)).toBe(text)
  })
})

test('users are no matter of texts', () => {
  expect(only('users')('/~jane?user=jane')).toBe('/~jane?user=jane')
})

test('what is not chosen stays', () => {
  expect(only('addresses')('jane@example.org 198.51.100.7')).toBe('jane@example.org 198.51.100.0')
  expect(only('emails')('jane@example.org 198.51.100.7')).toBe('(email) 198.51.100.7')
})

const personal = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '?token=',
        '&key=',
        ';sid=abc',
        'a@b.example',
        '@',
        '=',
        '&',
        '?',
        'x',
        '198.51.100.7',
        '-',
        '.5',
        ':',
      ),
      fc.constantFrom(
        '7.113.0.203.in-addr.arpa',
        '203-0-113-16',
        '&period;',
        '&#46;',
        '\\x2e',
        '::',
        '2001:db8',
        '://u:p@',
      ),
      textWithAddresses,
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''))
const anyText = fc.oneof(personal, disguised(personal), planted, fc.string({ maxLength: 20 }))

test('a second time changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = maskText(text, settings)
      expect(maskText(once.text, settings)).toEqual({ text: once.text, masked: 0 })
    }),
    { numRuns: 3_000 },
  )
})

test('the quick look says no only where nothing changes', () => {
  const chosen = fc.subarray([...transformationIds], { minLength: 1 })
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 6 }), chosen, fc.constantFrom(8, 20, 24), (texts, ids, maskIpv4) => {
      const own = { maskIpv4, maskIpv6: 64, private: ids }
      const bytes = Buffer.from(texts.join('\x1f'))
      const suspects = createMasker(own).suspects(bytes)
      let start = 0
      for (const text of texts) {
        const end = start + Buffer.byteLength(text)
        if (!suspects(start, end)) expect(maskText(text, own).text).toBe(text)
        start = end + 1
      }
    }),
    { numRuns: 5_000 },
  )
})
