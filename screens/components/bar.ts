import { type Line, type Role, type Span, span } from '../text/line.ts'

const clamp = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0)

/** A share as a heavy line over a thin one, in exactly `width` cells; any share above zero shows at least half a cell. */
export const bar = (share: number, width: number, role: Role = 'accent'): Line => {
  const halves = Math.round(clamp(share) * width * 2)
  const shown = share > 0 ? Math.max(1, halves) : 0
  const full = Math.floor(shown / 2)
  const half = shown % 2
  return [
    span('━'.repeat(full) + (half === 1 ? '╸' : ''), role),
    { text: '─'.repeat(Math.max(0, width - full - half)), role: 'rule' },
  ]
}

/** A bar without its rest, for values that stand below each other; in exactly `width` cells. */
export const plainBar = (share: number, width: number, role: Role = 'accent'): Span => {
  const [filled] = bar(share, width, role)
  return span((filled?.text ?? '').padEnd(width), role)
}
