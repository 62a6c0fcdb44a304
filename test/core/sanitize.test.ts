import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sanitize } from '../../src/core/sanitize.ts'

test('text without control characters stays as it is', () => {
  expect(sanitize('GET /größe?q=日本 200 …')).toBe('GET /größe?q=日本 200 …')
})

test('escape sequences, bells and bidirectional overrides are made visible', () => {
  expect(sanitize('a\u001b[2Jb\u0007c\u202ed\u009b1m')).toBe('a·[2Jb·c·d·1m')
  expect(sanitize('a\tb\r\nc')).toBe('a b  c')
})

test('whatever comes in, nothing that drives a terminal comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(sanitize(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/)
    }),
  )
})
