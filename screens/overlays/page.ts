import { sanitize } from '../../src/core/sanitize.ts'
import type { Binding } from '../../src/engine/keymap.ts'
import type { Overlay } from '../../src/engine/overlay.ts'
import type { State } from '../../src/engine/state.ts'
import { bold, emptyLine, gap, type Line, muted, span, wrapText } from '../text/line.ts'
import { commandPage } from './command-page.ts'
import { helpPage } from './help-page.ts'
import { rowPage } from './row-page.ts'

/** The page that lies over a screen, scrolled, in at most `height` rows of `width` cells. */
export const overlayPage = (
  overlay: Overlay,
  state: State,
  {
    bindings,
    width,
    height,
  }: { readonly bindings: readonly Binding[]; readonly width: number; readonly height: number },
): readonly Line[] => {
  switch (overlay.kind) {
    case 'help':
      return scrolled(helpPage(bindings, state, width), overlay.scroll, height)
    case 'command':
      return scrolled(commandPage(state, width, overlay.shown), overlay.scroll, height)
    case 'row':
      return scrolled(rowPage(state, overlay.pane, overlay.id, width), overlay.scroll, height)
    case 'confirm':
      return [
        [bold(sanitize(overlay.question), 'warn')],
        ...wrapText(sanitize(overlay.why), width).map((row): Line => [muted(row)]),
        emptyLine,
        [
          bold('Enter', 'plain'),
          muted(` ${sanitize(overlay.yes)}`),
          gap(4),
          bold('Esc', 'plain'),
          muted(` ${sanitize(overlay.no)}`),
        ],
      ]
  }
}

const scrolled = (lines: readonly Line[], scroll: number, height: number): readonly Line[] => {
  if (lines.length <= height) return lines
  const room = height - 1
  const start = Math.max(0, Math.min(scroll, lines.length - room))
  const rest = lines.length - start - room
  return [
    ...lines.slice(start, start + room),
    [muted(rest > 0 ? `↓ ${rest} more` : '↑ the end'), span(''), muted('  j k scroll, Esc closes')],
  ]
}
