import { gap, type Line, muted, strong, wrapText } from '../text/line.ts'

const headline = 'Logs on 21 machines in three clouds.'
const rest = 'Process them where they lie; send only what is worth sending to BigQuery; watch it arrive.'

/** What the demo promises, in the rows that the first screen opens with. */
export const promise = (width: number): readonly Line[] => {
  const room = Math.min(width - 8, 76)
  const first = wrapText(rest, room - headline.length - 2)[0] ?? ''
  const others = wrapText(rest.slice(first.length), room)
  return [[gap(4), strong(headline), gap(2), muted(first)], ...others.map((row): Line => [gap(4), muted(row)])]
}
