import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAscii } from '../../screens/text/ascii.ts'
import { ends, fitTo, type Line, lineWidth, span, wrapText } from '../../screens/text/line.ts'
import { paint } from '../../screens/text/paint.ts'
import { makeTheme, themeFor } from '../../screens/theme.ts'
import { padEnd, padStart, truncate, widthOf } from '../../src/core/width.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const lines = fc.array(
  text.map((one) => span(one)),
  { maxLength: 6 },
)
const width = fc.integer({ min: 0, max: 60 })

describe('cells', () => {
  test.each([
    ['plain', 5],
    ['größe', 5],
    ['日本', 4],
    ['🙂', 2],
    ['e\u0301', 1],
    ['👋🏽', 2],
    ['👨‍👩‍👧', 2],
    ['❤️', 2],
    ['1️⃣', 2],
    ['🇩🇪', 2],
    ['🚗🏽', 4],
    ['◽', 2],
    ['\u0e01\u0e33', 2],
    ['\u1112\u1161\u11ab', 2],
    ['α±§—', 4],
    ['\u200b\u200d\ufe0f', 0],
    ['●◐✖○❯━╸─│▌█…', 12],
  ])('%s takes %i', (value, cells) => expect(widthOf(value)).toBe(cells))

  test('a text is cut or filled to exactly the width, and told to be cut', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (value, cells) => {
        expect(widthOf(padEnd(value, cells))).toBe(cells)
        expect(widthOf(padStart(value, cells))).toBe(cells)
        if (widthOf(value) > cells) expect(truncate(value, cells)).toMatch(/…$/)
      }),
    )
  })

  test('a line is cut or filled to exactly the width', () => {
    fc.assert(fc.property(lines, width, (line, cells) => lineWidth(fitTo(line, cells)) === cells))
  })

  test('two ends share a row of exactly the width', () => {
    fc.assert(fc.property(lines, lines, width, (left, right, cells) => lineWidth(ends(left, right, cells)) === cells))
  })

  test('wrapping loses no word that fits', () => {
    expect(wrapText('send only what is worth sending', 11)).toEqual(['send only', 'what is', 'worth', 'sending'])
  })
})

const escapes = /\u001b\[[\d;]*m/g
const line: Line = [
  { text: 'a', role: 'bad', bold: true },
  { text: 'b', role: 'muted', back: 'selection' },
  { text: 'c', role: 'plain', back: 'accent' },
]

describe('paint', () => {
  test('whatever a text holds, only colours and attributes reach the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
        const painted = paint([span(value, 'bad')], makeTheme('true')).replaceAll(escapes, '')
        expect(painted).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }),
    )
  })

  test('NO_COLOR leaves attributes and no colour', () => {
    const painted = paint(line, themeFor({ NO_COLOR: '1', TERM: 'xterm-256color', LANG: 'C.UTF-8' }))
    expect(painted.match(escapes)).toEqual(['\u001b[1m', '\u001b[0m', '\u001b[7m', '\u001b[0m'])
  })

  test('16 colours use no other ones, and a selected row is inverse', () => {
    const painted = paint(line, themeFor({ TERM: 'xterm', LANG: 'C.UTF-8' }))
    expect(painted).not.toMatch(/38;|48;/)
    expect(painted).toContain('\u001b[7mb')
  })

  test.each([
    [{ COLORTERM: 'truecolor' }, 'true', 'dark'],
    [{ TERM: 'xterm-256color' }, '256', 'dark'],
    [{ TERM: 'xterm', COLORFGBG: '0;15' }, '16', 'light'],
    [{ TERM: 'xterm', FORCE_COLOR: '3' }, 'true', 'dark'],
    [{ COLORTERM: 'truecolor', FORCE_COLOR: '0' }, 'none', 'dark'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 'none', 'dark'],
    [{ TERM: 'xterm', NO_COLOR: '' }, '16', 'dark'],
  ] as const)('%j means %s on %s', (env, level, background) => {
    expect(themeFor(env)).toMatchObject({ level, background })
  })

  test('without UTF-8 every glyph is ASCII and takes the same cells', () => {
    expect(themeFor({ LANG: 'C' }).ascii).toBe(true)
    expect(themeFor({ LC_ALL: 'de_DE.UTF-8', LANG: 'C' }).ascii).toBe(false)
    const glyphs = '●◐✖○❯━╸─│┬┴├┤┼▌■█▇▆▅▄▃▂▁▓▒░·—…▼▲↑↓⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
    expect(toAscii(glyphs)).toMatch(/^[\x20-\x7e]+$/)
    expect(toAscii(glyphs)).not.toContain('?')
    expect(toAscii(glyphs)).toHaveLength(Array.from(glyphs).length)
  })
})
