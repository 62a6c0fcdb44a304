import fc from 'fast-check'
import { expect, test } from 'vitest'
import { undoEscapes } from '../../../processors/rules/undo-escapes.ts'

test.each([
  ['/%2e%2E/', '/../'],
  ['%252e', '.'],
  ['%25252e', '.'],
  ['%%32e', '.'],
  ['%2%65', '.'],
  ['%u002e%U002E', '..'],
  ['\\x22a\\x22', '"a"'],
  ['\\"', '"'],
  ['%5Cx2e', '.'],
  ['%5', '%5'],
  ['100%', '100%'],
  ['%zz', '%zz'],
  ['\\n', '\\n'],
  ['plain', 'plain'],
])('%s is %s', (escaped, text) => {
  expect(undoEscapes(escaped)).toBe(text)
})

const pieces = fc.constantFrom('%', '2', '5', 'e', '%25', '%2e', '%65', '%35', '%32', 'u', '00', '\\', 'x', '"', '/')

test('is what undoing again and again comes to', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const undone = undoEscapes(parts.join(''))
      expect(undone).not.toMatch(/%[0-9a-f]{2}|%u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\"/i)
      expect(undoEscapes(undone)).toBe(undone)
    }),
    { numRuns: 3_000 },
  )
})

test('finds what was escaped, however often', () => {
  const hidden = (text: string): string =>
    text.replace(/./gs, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z./<>{}$ ]{0,12}$/), fc.nat(4), (text, times) => {
      let escaped = text
      for (let i = 0; i < times; i++) escaped = hidden(escaped)
      expect(undoEscapes(escaped)).toBe(text)
    }),
  )
})
