import type { State } from '../src/engine/state.ts'
import type { Line } from './text/line.ts'

/** What a screen may use to draw itself; it is a pure function of this and the state. */
export interface ScreenContext {
  readonly columns: number
  /** Rows of the body: the screen without rail, message line and footer. */
  readonly height: number
  /** Whether colours can tell things apart. */
  readonly coloured: boolean
  /** A real log line that stays the same for the whole session. */
  readonly example?: string | undefined
  /** Where the next letter goes while a text is typed, in graphemes; at its end by default. */
  readonly cursor?: number | undefined
}

/** A screen's body: at most `height` rows of at most `columns` cells. */
export type Screen = (state: State, context: ScreenContext) => readonly Line[]

/** One pane up to 119 columns, two up to 199, then three. */
export const panesFor = (columns: number): 1 | 2 | 3 => (columns >= 180 ? 3 : columns >= 110 ? 2 : 1)
