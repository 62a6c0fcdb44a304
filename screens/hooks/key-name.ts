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

// a line feed is what the terminal makes of an Enter that was pressed before the program read keys
const letterNames: Readonly<Record<string, string>> = {
  ' ': 'Space',
  '\n': 'Enter',
  '\r': 'Enter',
  '\t': 'Tab',
  '\u007F': 'Backspace',
}

/** The names of the keys that one event stands for; fast typing may bring several letters at once. */
export const keyNames = (input: string, key: Key): readonly string[] => {
  if (key.eventType === 'release') return []
  if (key.tab) return [key.shift ? 'S-Tab' : 'Tab']
  for (const [flag, name] of named) if (key[flag] === true) return [name]
  if (key.ctrl) return input === '' ? [] : [`Ctrl-${input.toUpperCase()}`]
  if (key.meta) return []
  return Array.from(input, (letter) => letterNames[letter] ?? letter)
}
