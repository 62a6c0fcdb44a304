import { sanitize } from '../../src/core/sanitize.ts'
import type { Theme } from '../theme.ts'
import { toAscii } from './ascii.ts'
import type { Line, Span } from './line.ts'

const csi = '\u001b['

/** The line as text with colours, exactly as the terminal gets it. */
export const paint = (line: Line, theme: Theme): string => {
  let painted = ''
  let open = ''
  for (const part of line) {
    if (part.text === '') continue
    const clean = sanitize(part.text)
    const text = theme.ascii ? toAscii(clean) : clean
    const codes = isBlank(part) ? blankCodes(open) : codesOf(part, theme)
    if (codes !== open) painted += `${open === '' ? '' : `${csi}0m`}${codes === '' ? '' : `${csi}${codes}m`}`
    painted += text
    open = codes
  }
  return open === '' ? painted : `${painted}${csi}0m`
}

const isBlank = (part: Span): boolean => part.back === undefined && part.text.trim() === ''

/** Spaces look the same in any foreground: they keep the one that is open, which saves a change of colour; a background ends. */
const blankCodes = (open: string): string => (/(?:^|;)(?:7|48)(?:;|$)/.test(open) ? '' : open)

const codesOf = (part: Span, theme: Theme): string => {
  const codes: string[] = []
  if (part.bold) codes.push('1')
  const fore = foreOf(part, theme)
  // 16 colours have no quiet background: a selected row is inverse, and a second colour on it would be unreadable
  const plainFore = part.back !== undefined && theme.back[part.back].startsWith('7')
  if (fore !== '' && !plainFore) codes.push(fore)
  if (part.back !== undefined && theme.back[part.back] !== '') codes.push(theme.back[part.back])
  return codes.join(';')
}

const foreOf = (part: Span, theme: Theme): string => {
  if (part.back === 'accent') return theme.onAccent
  const own = theme.fore[part.role]
  return part.back === 'selection' && own === '' ? theme.onSelection : own
}
