import { padEnd, padStart, takeCells, widthOf } from '../../src/core/width.ts'

/** What a text means; the theme decides how that looks. */
export type Role =
  | 'plain'
  | 'muted'
  | 'strong'
  | 'accent'
  | 'ok'
  | 'warn'
  | 'bad'
  | 'info'
  | 'rule'
  | 'aws'
  | 'gcp'
  | 'azure'
  | 'other'

/** What lies behind a text. */
export type Back = 'accent' | 'selection'

export interface Span {
  readonly text: string
  readonly role: Role
  readonly bold?: boolean
  readonly back?: Back
}

/** One row of the screen, in reading order. */
export type Line = readonly Span[]

export const span = (text: string, role: Role = 'plain'): Span => ({ text, role })
export const muted = (text: string): Span => ({ text, role: 'muted' })
export const strong = (text: string): Span => ({ text, role: 'strong', bold: true })
export const bold = (text: string, role: Role): Span => ({ text, role, bold: true })
export const gap = (cells: number): Span => ({ text: ' '.repeat(Math.max(0, cells)), role: 'plain' })

export const emptyLine: Line = []

/** Cells that a line takes. */
export const lineWidth = (line: Line): number => line.reduce((sum, part) => sum + widthOf(part.text), 0)

/** The line in exactly `width` cells: cut with an ellipsis, or filled with spaces. */
export const fitTo = (line: Line, width: number): Line => {
  const total = lineWidth(line)
  if (total === width) return line
  if (total < width) return [...line, gap(width - total)]
  return cut(line, width)
}

const cut = (line: Line, width: number): Line => {
  const kept: Span[] = []
  let left = width
  for (const part of line) {
    const cells = widthOf(part.text)
    if (cells < left) {
      kept.push(part)
      left -= cells
      continue
    }
    const text = cells === left && isLast(line, part) ? part.text : `${takeCells(part.text, left - 1).text}…`
    kept.push({ ...part, text: padEnd(left <= 0 ? '' : text, Math.max(0, left)) })
    return kept
  }
  return kept
}

const isLast = (line: Line, part: Span): boolean => line[line.length - 1] === part

/** A text in exactly `width` cells. */
export const cell = (part: Span, width: number, align: 'left' | 'right' = 'left'): Span => ({
  ...part,
  text: align === 'left' ? padEnd(part.text, width) : padStart(part.text, width),
})

/** Left and right ends of one row; the right end gives way only when the left has no room left. */
export const ends = (left: Line, right: Line, width: number): Line => {
  const rightWidth = Math.min(lineWidth(right), width)
  const room = width - rightWidth
  const fitted = lineWidth(left) > room - 1 ? fitTo(left, Math.max(0, room - 1)) : left
  const used = lineWidth(fitted)
  return [...fitted, gap(width - used - rightWidth), ...fitTo(right, rightWidth)]
}

/** The line with a margin of one cell on both sides, in exactly `width` cells. */
export const inset = (line: Line, width: number, margin = 1): Line => [
  gap(margin),
  ...fitTo(line, width - 2 * margin),
  gap(margin),
]

/** The line with the background of a selected row. */
export const selected = (line: Line): Line => line.map((part) => ({ ...part, back: 'selection' }))

/** The line as it looks when its data are old or another pane has the focus. */
export const faded = (line: Line): Line => line.map((part) => ({ text: part.text, role: 'muted' }))

/** Exactly `height` rows: cut at the end, or filled with empty ones. */
export const exactly = (lines: readonly Line[], height: number): readonly Line[] =>
  lines.length >= height
    ? lines.slice(0, Math.max(0, height))
    : [...lines, ...Array.from({ length: height - lines.length }, () => emptyLine)]

/** Words of a text in rows of at most `width` cells; a word that is longer goes on in the next row. */
export const wrapText = (text: string, width: number): readonly string[] => {
  const rows: string[] = []
  let row = ''
  let cells = 0
  for (const word of text.split(/\s+/)) {
    if (word === '') continue
    const more = widthOf(word)
    if (row !== '' && cells + 1 + more <= width) {
      row = `${row} ${word}`
      cells += 1 + more
      continue
    }
    if (row !== '') rows.push(row)
    row = word
    cells = more
    while (cells > width) {
      const piece = takeCells(row, Math.max(2, width)).text || row
      rows.push(piece)
      row = row.slice(piece.length)
      cells -= widthOf(piece)
    }
  }
  return row === '' ? rows : [...rows, row]
}
