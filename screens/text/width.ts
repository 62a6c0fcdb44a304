const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f1e6, 0x1f202],
  [0x1f210, 0x1f23b],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f90c, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
]

const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]$/u
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Cells of a terminal that one grapheme takes: 0, 1 or 2. */
const cellsOf = (grapheme: string): number => {
  const code = grapheme.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (invisible.test(String.fromCodePoint(code))) return 0
  if (grapheme.includes('\ufe0f')) return 2
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

const simple = /^[\x20-\x7e\u00a0-\u024f\u2010-\u2027\u2190-\u21ff\u2500-\u25ff\u276f\u2716\u2800-\u28ff]*$/

/** Graphemes of a text, cheaply when each is one character and one cell. */
export const graphemes = (text: string): readonly string[] =>
  simple.test(text) ? [...text] : Array.from(segmenter.segment(text), (part) => part.segment)

/** Cells of a terminal that a text takes; the text has no control characters. */
export const widthOf = (text: string): number =>
  simple.test(text) ? text.length : graphemes(text).reduce((sum, part) => sum + cellsOf(part), 0)

/** The beginning of a text that fits into `width` cells, and the cells it takes. */
export const takeCells = (text: string, width: number): { readonly text: string; readonly cells: number } => {
  if (simple.test(text)) {
    const taken = text.slice(0, Math.max(0, width))
    return { text: taken, cells: taken.length }
  }
  let cells = 0
  let taken = ''
  for (const part of graphemes(text)) {
    const next = cellsOf(part)
    if (cells + next > width) break
    cells += next
    taken += part
  }
  return { text: taken, cells }
}

/** The text in at most `width` cells; an ellipsis tells that something was cut. */
export const truncate = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  return width <= 0 ? '' : `${takeCells(text, width - 1).text}…`
}

/** The text in exactly `width` cells, filled with spaces on the right. */
export const padEnd = (text: string, width: number): string => {
  const fitted = truncate(text, width)
  return fitted + ' '.repeat(Math.max(0, width - widthOf(fitted)))
}

/** The text in exactly `width` cells, filled with spaces on the left. */
export const padStart = (text: string, width: number): string => {
  const fitted = truncate(text, width)
  return ' '.repeat(Math.max(0, width - widthOf(fitted))) + fitted
}
