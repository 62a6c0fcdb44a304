import type { LogInput } from './log-inspection.ts'
import { localNode } from './own-files.ts'

/** A word of a line as a person types it, without its quotes and backslashes. */
export interface TypedWord {
  readonly text: string
  /** Where it begins in the line. */
  readonly start: number
}

/** Cuts a line at its blanks as a shell would: quotes and backslashes keep a blank inside a word. */
export const wordsOf = (line: string): readonly TypedWord[] => {
  const words: TypedWord[] = []
  let text = ''
  let start = -1
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? ''
    const blank = quote === '' && /\s/.test(letter)
    if (blank && start >= 0) {
      words.push({ text, start })
      text = ''
      start = -1
    }
    if (blank) continue
    if (start < 0) start = i
    if (letter === quote) quote = ''
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter
    else if (letter === '\\' && quote !== "'" && i + 1 < line.length) text += line[++i]
    else text += letter
  }
  return start < 0 ? words : [...words, { text, start }]
}

/** The path of a word, and the node that it is given to: `web1=/var/log/nginx/*.log`. */
export const namedPath = (word: string): { readonly name?: string; readonly path: string } => {
  const [, name, path] = /^([A-Za-z0-9_][\w.-]{0,62})=(.*)$/s.exec(word) ?? []
  return name === undefined || path === undefined ? { path: word } : { name, path }
}

/** Log files as they were typed: words apart by blanks, each a path, or NAME=PATH. */
export const logInputs = (line: string): readonly LogInput[] =>
  wordsOf(line)
    .map(({ text }) => namedPath(text))
    .filter(({ path }) => path !== '')
    .map(({ name = localNode, path }) => ({ name, pattern: path }))

/** A path as it is typed, its blanks kept inside the word. */
export const escapedPath = (path: string): string => path.replaceAll(/[\s\\"']/g, (letter) => `\\${letter}`)
