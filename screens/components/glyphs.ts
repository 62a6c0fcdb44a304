import { type Line, type Role, type Span, span } from '../text/line.ts'

/** How something stands; each has a glyph and a colour, and is never shown without a word. */
export type Standing = 'ok' | 'busy' | 'bad' | 'open' | 'warn'

const glyphs: Readonly<Record<Standing, readonly [string, Role]>> = {
  ok: ['●', 'ok'],
  busy: ['◐', 'warn'],
  bad: ['✖', 'bad'],
  warn: ['●', 'warn'],
  open: ['○', 'muted'],
}

/** The glyph of a standing, one cell. */
export const glyph = (standing: Standing): Span => {
  const [text, role] = glyphs[standing]
  return standing === 'bad' ? { text, role, bold: true } : { text, role }
}

/** The mark in front of the selected entry, one cell. */
export const pointer = (on: boolean): Span => (on ? { text: '❯', role: 'accent', bold: true } : span(' '))

const spinnerFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** A turning mark; it moves only when the elapsed time beside it does, so it can never lie about being alive. */
export const spinner = (elapsedMs: number): Span => ({
  text: spinnerFrames[Math.floor(Math.max(0, elapsedMs) / 250) % spinnerFrames.length] ?? '⠋',
  role: 'warn',
})

/** A thin line over the whole width. */
export const rule = (width: number): Line => [{ text: '─'.repeat(Math.max(0, width)), role: 'rule' }]
