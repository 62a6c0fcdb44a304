import { graphemes, widthOf } from '../../src/core/width.ts'
import { gap, type Line, type Span, span } from '../text/line.ts'

/** What is being typed: the text and where the next letter goes, in graphemes. */
export interface TextFieldState {
  readonly text: string
  readonly cursor: number
}

export type TextFieldAction =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'moved'; readonly to: 'left' | 'right' | 'start' | 'end' }
  | { readonly type: 'cleared' }

/** The next state of a text field; control characters never get in. */
export const textFieldReducer = (state: TextFieldState, action: TextFieldAction): TextFieldState => {
  const letters = graphemes(state.text)
  switch (action.type) {
    case 'typed': {
      const added = action.text.replaceAll(/\p{Control}/gu, '')
      const text = letters.slice(0, state.cursor).join('') + added + letters.slice(state.cursor).join('')
      return { text, cursor: state.cursor + graphemes(added).length }
    }
    case 'erased': {
      if (state.cursor === 0) return state
      const kept = [...letters.slice(0, state.cursor - 1), ...letters.slice(state.cursor)]
      return { text: kept.join(''), cursor: state.cursor - 1 }
    }
    case 'moved':
      return { ...state, cursor: moved(state.cursor, letters.length, action.to) }
    case 'cleared':
      return { text: '', cursor: 0 }
  }
}

const moved = (cursor: number, length: number, to: 'left' | 'right' | 'start' | 'end'): number => {
  if (to === 'start') return 0
  if (to === 'end') return length
  return Math.max(0, Math.min(length, cursor + (to === 'left' ? -1 : 1)))
}

/** The field in exactly `width` cells with its cursor always in sight. */
export const textField = (state: TextFieldState, width: number): Line => {
  const letters = graphemes(state.text)
  let start = Math.min(state.cursor, letters.length)
  for (let room = width - 2; start > 0; start -= 1) {
    room -= widthOf(letters[start - 1] ?? '')
    if (room < 0) break
  }
  const ahead = letters.slice(start, state.cursor).join('')
  const at = letters[state.cursor] ?? ' '
  let rest = ''
  for (const letter of letters.slice(state.cursor + 1)) {
    if (widthOf(ahead + at + rest + letter) > width) break
    rest += letter
  }
  const cursor: Span = { text: at, role: 'strong', bold: true, back: 'accent' }
  return [span(ahead, 'strong'), cursor, span(rest, 'strong'), gap(width - widthOf(ahead + at + rest))].map((part) =>
    part === cursor ? part : { ...part, back: 'selection' },
  )
}
