import { gap, type Line, muted, strong, wrapText } from '../text/line.ts'

const headline = 'Logs on 21 machines in three clouds.'
const rest = 'Process them where they lie; send only what is worth sending to BigQuery; watch it arrive.'
const widest = 72

/** Cells left of the first screen's text. */
export const welcomeMargin = (width: number): number => (width < 100 ? 4 : Math.floor((width - widest) / 2))

/** Rows above the first screen's text in a body of that height. */
export const welcomeTop = (height: number): number => (height < 19 ? 1 : Math.min(Math.floor((height - 15) / 2), 10))

/** What the demo promises, in the rows that the first screen opens with. */
export const promise = (width: number): readonly Line[] => {
  const margin = welcomeMargin(width)
  const room = Math.min(width - 2 * margin, 66)
  const first = wrapText(rest, room - headline.length - 2)[0] ?? ''
  const others = wrapText(rest.slice(first.length), room)
  return [
    [gap(margin), strong(headline), gap(2), muted(first)],
    ...others.map((row): Line => [gap(margin), muted(row)]),
  ]
}
