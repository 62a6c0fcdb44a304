import { useInput, usePaste } from 'ink'
import { useRef, useState } from 'react'
import { graphemes } from '../../src/core/width.ts'
import { selectField } from '../../src/engine/selectors/own-logs.ts'
import { type TextFieldAction, textFieldReducer } from '../components/text-field.ts'
import { bindingFor, isCaptured, isTyping } from '../keys.ts'
import { keyNames } from './key-name.ts'
import { type EngineView, useEngine } from './use-engine.ts'

export interface KeymapOptions {
  /** Ctrl-Z: hands the terminal back to the shell until the program is continued. */
  readonly onSuspend: () => void
  /** Ctrl-L: draws everything again. */
  readonly onRedraw: () => void
}

const edits: Readonly<Record<string, TextFieldAction>> = {
  Space: { type: 'typed', text: ' ' },
  Backspace: { type: 'erased' },
  Delete: { type: 'erased' },
  Left: { type: 'moved', to: 'left' },
  Right: { type: 'moved', to: 'right' },
  Home: { type: 'moved', to: 'start' },
  End: { type: 'moved', to: 'end' },
}

/** Where the cursor stands in a field. */
interface Field {
  readonly id: string
  readonly cursor: number
}

/** The only reader of keys: a text field takes its letters, everything else is looked up in the table of bindings. Returns where the text field's cursor stands. */
export const useKeymap = ({ onSuspend, onRedraw }: KeymapOptions): { readonly cursor: number | undefined } => {
  const engine = useEngine()
  const [field, setField] = useState<Field | undefined>()
  // several keys may come before the next render
  const newest = useRef(field)

  const edit = (action: TextFieldAction): void => {
    const shown = selectField(engine.store.getState())
    if (shown === undefined) return
    const length = graphemes(shown.text).length
    const cursor = newest.current?.id === shown.id ? Math.min(newest.current.cursor, length) : length
    const next = textFieldReducer({ text: shown.text, cursor }, action)
    newest.current = { id: shown.id, cursor: next.cursor }
    setField(newest.current)
    if (next.text !== shown.text) engine.commands.draft(next.text)
  }

  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      if (name === 'Ctrl-Z') onSuspend()
      else if (name === 'Ctrl-L') onRedraw()
      else if (isCaptured(engine.store.getState(), name)) edit(edits[name] ?? { type: 'typed', text: name })
      else press(engine, name)
    }
  })
  usePaste((text) => {
    if (isTyping(engine.store.getState())) edit({ type: 'typed', text })
  })
  const shown = selectField(engine.store.getState())
  return { cursor: field !== undefined && field.id === shown?.id ? field.cursor : undefined }
}

const press = ({ bindings, commands, store }: EngineView, name: string): void => {
  const state = store.getState()
  const binding = bindingFor(bindings, state, name)
  if (binding === undefined) return
  if (!binding.when(state)) {
    commands.say(binding.why(state), 'warn')
    return
  }
  // what a command could not do is in the store already; the promise only tells that it has ended
  Promise.resolve(binding.run(commands, state, name)).catch(() => undefined)
}
