import { bold, type Line, muted, span } from '../text/line.ts'

/** The smallest terminal that every screen fits into. */
const smallest = { columns: 60, rows: 16 } as const

export const isTooSmall = (columns: number, rows: number): boolean => columns < smallest.columns || rows < smallest.rows

/** What to show instead: what the terminal has, what is needed, and the ways out. */
export const tooSmall = (columns: number, rows: number): readonly Line[] => [
  [bold('This window is too small', 'plain')],
  [
    muted('have '),
    bold(`${columns}x${rows}`, 'bad'),
    muted('  need '),
    bold(`${smallest.columns}x${smallest.rows}`, 'ok'),
  ],
  [muted('Enlarge it, or q quits and')],
  [span('bbq --plain'), muted(' needs no room.')],
]
