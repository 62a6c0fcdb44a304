import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { escapedPath, namedPath, wordsOf } from '../core/log-words.ts'

const mostCandidates = 200

/** The line with its last path completed as far as there is no choice, and what may follow. */
export interface Completion {
  readonly text: string
  /** Names that fit, folders with a slash; none when there is nothing to choose. */
  readonly candidates: readonly string[]
}

const commonStart = (names: readonly string[]): string => {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

/** Completes the last path of a line, as a shell does. */
export const completePathIn =
  (folder: string, home: string | undefined) =>
  async (line: string): Promise<Completion> => {
    const last = /\s$/.test(line) && !/\\\s$/.test(line) ? undefined : wordsOf(line).at(-1)
    const { name, path } = namedPath(last?.text ?? '')
    const start = last?.start ?? line.length
    if (path === '~')
      return { text: `${line.slice(0, start)}${name === undefined ? '' : `${name}=`}~/`, candidates: [] }
    const cut = path.lastIndexOf('/') + 1
    const [above, begun] = [path.slice(0, cut), path.slice(cut)]
    const place = above.startsWith('~/') && home !== undefined ? join(home, above.slice(1)) : resolve(folder, above)
    const entries = await readdir(place, { withFileTypes: true }).catch(() => [])
    const names = entries
      .filter((entry) => entry.name.startsWith(begun) && (begun.startsWith('.') || !entry.name.startsWith('.')))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
    if (names.length === 0) return { text: line, candidates: [] }
    const common = commonStart(names)
    // what was typed keeps its quotes as long as nothing is added
    if (common === begun) return { text: line, candidates: names.length === 1 ? [] : names.slice(0, mostCandidates) }
    const word = `${name === undefined ? '' : `${name}=`}${escapedPath(`${above}${common}`)}`
    return {
      text: `${line.slice(0, start)}${word}`,
      candidates: names.length === 1 ? [] : names.slice(0, mostCandidates),
    }
  }
