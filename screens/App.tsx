import { useApp } from 'ink'
import { useRef, useState } from 'react'
import type { State } from '../src/engine/state.ts'
import { Frame } from './components/Frame.tsx'
import { exampleLine } from './example-line.ts'
import { frameLines } from './frame-lines.ts'
import { useEngine } from './hooks/use-engine.ts'
import { useKeymap } from './hooks/use-keymap.ts'
import { useSelector } from './hooks/use-selector.ts'
import { useShownFocus } from './hooks/use-shown-focus.ts'
import { useSteadyRows } from './hooks/use-steady-rows.ts'
import { useViewport } from './hooks/use-viewport.ts'
import { paint } from './text/paint.ts'
import type { Theme } from './theme.ts'

export interface AppProps {
  readonly theme: Theme
  /** Stops the process while the terminal belongs to the shell; resolves when it goes on. */
  readonly stopProcess: () => Promise<void>
}

const whole = (state: State): State => state

/** Everything on the screen, drawn from the state; the keys go to the engine. */
export const App = ({ theme, stopProcess }: AppProps) => {
  const { bindings } = useEngine()
  const state = useSelector(whole)
  const { columns, rows } = useViewport()
  useShownFocus(state, columns)
  const { suspendTerminal } = useApp()
  const withWrapping = useSteadyRows()
  const [, redraw] = useState(0)
  const { cursor } = useKeymap({
    onSuspend: () => {
      suspendTerminal(() => withWrapping(stopProcess)).catch(() => undefined)
    },
    onRedraw: () => {
      suspendTerminal(() => withWrapping(async () => redraw((count) => count + 1))).catch(() => undefined)
    },
  })
  const kept = useRef<string | undefined>(undefined)
  kept.current ??= exampleLine(state)
  const coloured = theme.level !== 'none'
  const lines = frameLines(state, { columns, rows, bindings, coloured, example: kept.current, cursor })
  return <Frame columns={columns} rows={rows} lines={lines.map((line) => paint(line, theme))} />
}
