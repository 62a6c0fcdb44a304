import { graphemes, widthOf } from '../../src/core/width.ts'

const replacements: Readonly<Record<string, string>> = {
  '●': '*',
  '◐': '~',
  '✖': 'x',
  '○': 'o',
  '❯': '>',
  '━': '=',
  '╸': '-',
  '─': '-',
  '│': '|',
  '┬': '+',
  '┴': '+',
  '├': '+',
  '┤': '+',
  '┼': '+',
  '▌': '|',
  '■': '#',
  '█': '#',
  '▇': '#',
  '▆': '*',
  '▅': '+',
  '▄': '=',
  '▃': '-',
  '▂': '.',
  '▁': '_',
  '▓': '%',
  '▒': '+',
  '░': '.',
  '·': '-',
  '—': '-',
  '…': '.',
  '▼': 'v',
  '▲': '^',
  '↑': '^',
  '↓': 'v',
  '→': '>',
  '←': '<',
  '⠋': '|',
  '⠙': '/',
  '⠹': '-',
  '⠸': '\\',
  '⠼': '|',
  '⠴': '/',
  '⠦': '-',
  '⠧': '\\',
  '⠇': '|',
  '⠏': '/',
}

/** The same number of cells in ASCII, for terminals whose locale is not UTF-8. */
export const toAscii = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : graphemes(text).map(asciiOf).join('')

const asciiOf = (grapheme: string): string =>
  grapheme.length === 1 && grapheme <= '~' ? grapheme : (replacements[grapheme] ?? '?'.repeat(widthOf(grapheme)))
