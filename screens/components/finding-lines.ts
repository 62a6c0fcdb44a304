import { type Finding, foundText, noticeText } from '../../src/core/detected-text.ts'
import { type Line, muted, span, wrapText } from '../text/line.ts'

/** What the logs were found to be, and what to know of their lines; nothing where a report names neither. */
export const findingLines = (finding: Finding, width: number): readonly Line[] => [
  ...foundText(finding).flatMap((text) => wrapText(text, width).map((row): Line => [muted(row)])),
  ...noticeText(finding).flatMap((text) => wrapText(text, width).map((row): Line => [span(row, 'warn')])),
]
