import { eastAsianWidth } from 'get-east-asian-width'

const invisible = /^[\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Default_Ignorable_Code_Point}\p{Format}]$/u
const emoji = /^\p{RGI_Emoji}$/v
const keycap = /^[\d#*]\u20e3$/
const joinedPictures = /\p{Extended_Pictographic}.*\u200d.*\p{Extended_Pictographic}/u
// the vowels and the endings of a Korean syllable are drawn into its first letter
const syllableRest = /^[\u1160-\u11ff\ud7b0-\ud7fb]$/
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** No emoji is longer; a letter under a heap of marks may be. */
const longestEmoji = 50

const isOneEmoji = (grapheme: string): boolean =>
  grapheme.length <= longestEmoji && (emoji.test(grapheme) || keycap.test(grapheme) || joinedPictures.test(grapheme))

/** Cells of a terminal that one grapheme takes; a letter of ambiguous width takes one. */
const cellsOf = (grapheme: string): number => {
  if (grapheme.length === 1 && simple.test(grapheme)) return 1
  if (isOneEmoji(grapheme)) return 2
  let cells = 0
  for (const letter of grapheme) {
    if (invisible.test(letter) || (cells > 0 && syllableRest.test(letter))) continue
    cells += eastAsianWidth(letter.codePointAt(0) ?? 0)
  }
  return cells
}

const simple =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u276f\u2716\u2800-\u28ff]*$/

/** Graphemes of a text, cheaply when each is one character and one cell. */
export const graphemes = (text: string): readonly string[] =>
  simple.test(text) ? [...text] : Array.from(segmenter.segment(text), (part) => part.segment)

/** Cells of a terminal that a text takes; the text has no control characters. */
export const widthOf = (text: string): number => {
  if (simple.test(text)) return text.length
  let cells = 0
  for (const { segment } of segmenter.segment(text)) cells += cellsOf(segment)
  return cells
}

/** The beginning of a text that fits into `width` cells, and the cells it takes. */
export const takeCells = (text: string, width: number): { readonly text: string; readonly cells: number } => {
  // one more than fits: it could belong to the last one
  const head = text.slice(0, Math.max(0, width) + 1)
  if (simple.test(head)) {
    const taken = head.slice(0, Math.max(0, width))
    return { text: taken, cells: taken.length }
  }
  let cells = 0
  let taken = ''
  for (const { segment } of segmenter.segment(text)) {
    const next = cellsOf(segment)
    if (cells + next > width) break
    cells += next
    taken += segment
  }
  return { text: taken, cells }
}

/** Whether a text fits into `width` cells; only as much of it is looked at. */
export const fits = (text: string, width: number): boolean => takeCells(text, width).text.length === text.length

/** The text in at most `width` cells; an ellipsis tells that something was cut. */
export const truncate = (text: string, width: number): string => {
  if (fits(text, width)) return text
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
