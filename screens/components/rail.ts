import { takeCells, widthOf } from '../../src/core/width.ts'
import { type Line, lineWidth, type Span, span } from '../text/line.ts'

export interface RailStep {
  /** The key that jumps here, or undefined where only `Space` does. */
  readonly digit?: string
  readonly title: string
}

/** The steps with the current one inverted, and the line that grows with the demo; two rows of exactly `width` cells. */
export const rail = (steps: readonly RailStep[], current: number, width: number): readonly [Line, Line] => {
  const labels = labelsThatFit(steps, current, width)
  const total = labels.reduce((sum, label) => sum + widthOf(label) + 2, 0)
  const between = total + 2 * (labels.length - 1) <= width ? 2 : 0
  const row: Span[] = []
  let end = 0
  labels.forEach((label, i) => {
    if (i > 0 && between > 0) row.push(span(' '.repeat(between)))
    row.push(step(label, i, current))
    if (i === current) end = lineWidth(row)
  })
  const reached = current === steps.length - 1 ? width : Math.min(end, width)
  return [
    row,
    [
      { text: '━'.repeat(reached), role: 'accent' },
      { text: '─'.repeat(width - reached), role: 'rule' },
    ],
  ]
}

const step = (label: string, i: number, current: number): Span => {
  const text = ` ${label} `
  if (i === current) return { text, role: 'plain', bold: true, back: 'accent' }
  return span(text, i < current ? 'plain' : 'muted')
}

const labelsThatFit = (steps: readonly RailStep[], current: number, width: number): readonly string[] => {
  const forms: readonly ((one: RailStep, i: number) => string)[] = [
    full,
    (one, i) => (i === current ? full(one) : (one.digit ?? one.title)),
    (one, i) => (i === current ? full(one) : (one.digit ?? takeCells(one.title, 1).text)),
  ]
  for (const form of forms) {
    const labels = steps.map(form)
    if (labels.reduce((sum, label) => sum + widthOf(label) + 2, 0) <= width) return labels
  }
  return steps.map((one, i) => (i === current ? (one.digit ?? takeCells(one.title, 1).text) : '·'))
}

const full = (one: RailStep): string => (one.digit === undefined ? one.title : `${one.digit} ${one.title}`)
