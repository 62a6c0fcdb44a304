import { type Role, type Span, span } from '../text/line.ts'

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

export interface SparklineOptions {
  readonly width: number
  /** Eighths of the row's height at most: 5 in neighbouring rows, so that rows do not melt together. */
  readonly height?: number
  /** The value of a full column; the largest of the values by default. Zero is always the floor. */
  readonly max?: number
  readonly role?: Role
}

/** Values over time, newest on the right, in exactly `width` cells; a missed poll (undefined) is a gap. */
export const sparkline = (values: readonly (number | undefined)[], options: SparklineOptions): Span => {
  const { width, height = 8, role = 'accent' } = options
  const shown = values.length > width ? thinned(values, width) : values
  const max = options.max ?? shown.reduce<number>((top, value) => Math.max(top, value ?? 0), 0)
  const text = shown.map((value) => columnOf(value, max, height)).join('')
  return span(text.padStart(width), role)
}

/** Averages of neighbours, so that the whole time fits; a part without any value is a gap. */
const thinned = (values: readonly (number | undefined)[], width: number): readonly (number | undefined)[] => {
  const size = Math.ceil(values.length / width)
  const start = values.length % size
  const parts = Array.from({ length: Math.floor(values.length / size) }, (_, i) =>
    values.slice(start + i * size, start + (i + 1) * size).filter((value) => value !== undefined),
  )
  return parts.map((part) =>
    part.length === 0 ? undefined : part.reduce((sum, value) => sum + value, 0) / part.length,
  )
}

const columnOf = (value: number | undefined, max: number, height: number): string => {
  if (value === undefined) return ' '
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0
  const eighths = value > 0 ? Math.max(2, Math.round(share * height)) : 1
  return levels[Math.min(height, eighths) - 1] ?? ' '
}
