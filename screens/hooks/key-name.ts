import type { Key } from 'ink'

const named: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'Up'],
  ['downArrow', 'Down'],
  ['leftArrow', 'Left'],
  ['rightArrow', 'Right'],
  ['pageDown', 'PgDn'],
  ['pageUp', 'PgUp'],
  ['home', 'Home'],
  ['end', 'End'],
  ['return', 'Enter'],
  ['escape', 'Esc'],
  ['backspace', 'Backspace'],
  ['delete', 'Delete'],
]

/** The names of the keys that one event stands for; fast typing may bring several letters at once. */
export const keyNames = (input: string, key: Key): readonly string[] => {
  if (key.eventType === 'release') return []
  if (key.tab) return [key.shift ? 'S-Tab' : 'Tab']
  for (const [flag, name] of named) if (key[flag] === true) return [name]
  if (key.ctrl) return input === '' ? [] : [`Ctrl-${input.toUpperCase()}`]
  if (key.meta) return []
  return Array.from(input, (letter) => (letter === ' ' ? 'Space' : letter))
}
