import type { IBuffer, IBufferCell } from '@xterm/headless'

const cellWidth = 9
const cellHeight = 19
const padding = 14
const background = '#11151c'
const foreground = '#d6dbe4'

const ansi = [
  '#1d2430',
  '#f0717a',
  '#8fd18a',
  '#e8bf6a',
  '#6fa8f5',
  '#c792ea',
  '#5fc9c9',
  '#d6dbe4',
  '#6b7686',
  '#ff8b92',
  '#a9e3a4',
  '#f5d48a',
  '#8fbfff',
  '#dcb0f7',
  '#7fdede',
  '#ffffff',
] as const

const hex = (value: number): string => `#${value.toString(16).padStart(6, '0')}`

const palette = (index: number): string => {
  if (index < 16) return ansi[index] ?? foreground
  if (index >= 232) return hex((8 + (index - 232) * 10) * 0x010101)
  const level = (value: number): number => (value === 0 ? 0 : 55 + value * 40)
  const cube = index - 16
  return hex((level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6) % 6) << 8) | level(cube % 6))
}

interface Style {
  readonly fg: string
  readonly bg: string
  readonly bold: boolean
  readonly dim: boolean
}

const styleOf = (cell: IBufferCell): Style => {
  const fg = cell.isFgDefault() ? foreground : cell.isFgRGB() ? hex(cell.getFgColor()) : palette(cell.getFgColor())
  const bg = cell.isBgDefault() ? background : cell.isBgRGB() ? hex(cell.getBgColor()) : palette(cell.getBgColor())
  const inverse = cell.isInverse() !== 0
  return { fg: inverse ? bg : fg, bg: inverse ? fg : bg, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 }
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const rectangle = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" fill="${fill}"/>`

/** Blocks and lines are drawn, so that they join whatever the font does. */
const shape = (char: string, x: number, y: number, fill: string): string | undefined => {
  const code = char.codePointAt(0) ?? 0
  if (code >= 0x2581 && code <= 0x2588) {
    const height = (cellHeight * (code - 0x2580)) / 8
    return rectangle(x, y + cellHeight - height, cellWidth, height, fill)
  }
  if (code >= 0x2589 && code <= 0x258f) return rectangle(x, y, (cellWidth * (0x2590 - code)) / 8, cellHeight, fill)
  const middle = y + cellHeight / 2
  if (char === '─') return rectangle(x, middle - 0.6, cellWidth, 1.2, fill)
  if (char === '━') return rectangle(x, middle - 1.4, cellWidth, 2.8, fill)
  if (char === '╸') return rectangle(x, middle - 1.4, cellWidth / 2, 2.8, fill)
  if (char === '┬' || char === '┴') {
    const from = char === '┬' ? middle : y
    return (
      rectangle(x, middle - 0.6, cellWidth, 1.2, fill) +
      rectangle(x + cellWidth / 2 - 0.6, from, 1.2, cellHeight / 2, fill)
    )
  }
  if (char === '│') return rectangle(x + cellWidth / 2 - 0.6, y, 1.2, cellHeight, fill)
  return undefined
}

const drawRow = (buffer: IBuffer, row: number, columns: number): string => {
  const line = buffer.getLine(buffer.viewportY + row)
  const y = padding + row * cellHeight
  const parts: string[] = []
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column)
    if (cell === undefined || cell.getWidth() === 0) continue
    const style = styleOf(cell)
    const x = padding + column * cellWidth
    if (style.bg !== background) parts.push(rectangle(x, y, cellWidth + 0.5, cellHeight, style.bg))
    const char = cell.getChars()
    if (char.trim() === '') continue
    const drawn = shape(char, x, y, style.fg)
    const weight = style.bold ? ' font-weight="bold"' : ''
    const faint = style.dim ? ' opacity="0.6"' : ''
    parts.push(
      drawn ??
        `<text x="${x}" y="${y + cellHeight * 0.74}" fill="${style.fg}"${weight}${faint}>${escapeXml(char)}</text>`,
    )
  }
  return parts.join('')
}

/** The screen as an SVG picture. */
export const svgOf = (buffer: IBuffer, columns: number, rows: number): string => {
  const width = columns * cellWidth + 2 * padding
  const height = rows * cellHeight + 2 * padding
  const body = Array.from({ length: rows }, (_, row) => drawRow(buffer, row, columns)).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, DejaVu Sans Mono, monospace" font-size="15">
<rect width="${width}" height="${height}" rx="8" fill="${background}"/>
${body}
</svg>
`
}
