import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { jsonLine, jsonLinesIn, jsonText } from '../../src/core/json.ts'
import { linesOf } from '../../src/core/lines.ts'
import { leastRatio } from '../ratio.ts'

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u2028',
      '\u2029',
      '\r',
      '\n',
      '\u0085',
      '\u009b',
      '\u202e',
      '\u2066',
      '\ufeff',
      '\ud800',
      '\udfff',
    ),
    fc.constantFrom('\u{e0041}', '\u{1d173}', '😀', 'é', '"', '\\', '\u0000', '\u001b'),
    fc.string({ minLength: 1, maxLength: 3 }),
  ),
})
const schema = z.object({ text: z.string() })

const piecesOf = async function* (bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('lines of JSON', () => {
  test('come back as they were, whatever stands in them and however the bytes are cut', () =>
    fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 6 }), fc.integer({ min: 1, max: 7 }), async (texts, size) => {
        const written = Buffer.from(texts.map((one) => jsonLine({ text: one })).join(''))
        const lines: string[] = []
        for await (const line of linesOf(piecesOf(written, size))) lines.push(line)
        expect(lines.length).toBe(texts.length)
        expect(jsonLinesIn(lines, schema).map((line) => line.text)).toEqual(texts)
      }),
    ))

  test('hold nothing that a terminal obeys, and no half of a character', () =>
    fc.assert(
      fc.property(text, (one) => {
        for (const said of [jsonText({ text: one }), jsonText({ text: one }, 2)]) {
          expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
          expect(JSON.parse(said)).toEqual({ text: one })
        }
      }),
    ))

  test('are found among others, without those that were cut', () => {
    const lines = ['Warning: something', '{"text":"one"}', '{"text":', '{"other":1}', 'null', '{"text":"two"}']
    expect(jsonLinesIn(lines, schema)).toEqual([{ text: 'one' }, { text: 'two' }])
  })
})

describe('lines of text', () => {
  const cut = async (texts: readonly string[]) => {
    const lines: string[] = []
    for await (const line of linesOf(texts.map((one) => Buffer.from(one, 'latin1')))) lines.push(line)
    return lines
  }

  test('end at LF and nowhere else; one CR before it is dropped', async () => {
    expect(await cut(['a\rb\n', '\n', 'c\r', '\nd\r\r\n', 'e\u0085f\v\fg'])).toEqual([
      'a\rb',
      '',
      'c',
      'd\r',
      'e\ufffdf\v\fg',
    ])
  })

  test('the last one needs no end', async () => {
    expect(await cut(['a\nb'])).toEqual(['a', 'b'])
    expect(await cut(['a\n'])).toEqual(['a'])
    expect(await cut([])).toEqual([])
  })

  test('a long one takes time in proportion to its length', async () => {
    const read = async (pieces: number): Promise<void> => {
      const piece = Buffer.alloc(1024, 0x61)
      for await (const line of linesOf(Array.from({ length: pieces }, () => piece)))
        expect(line.length).toBe(pieces * 1024)
    }
    const bound = 8 * 4
    expect(
      await leastRatio(
        () => read(32_000),
        () => read(4_000),
        bound,
      ),
    ).toBeLessThan(bound)
  })
})
