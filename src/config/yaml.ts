import { EVENT_ID, type Event, getScalarValue, loadAll, parseEvents, YAMLException } from 'js-yaml'
import { AppError } from '../core/errors.ts'

export interface YamlDocument {
  readonly value: unknown
  /** Line of every key and list item by its path, from 1. */
  readonly lines: ReadonlyMap<string, number>
}

/** Reads one YAML document; a syntax error names file and line (kind usage). */
export const readYaml = (text: string, file: string): YamlDocument => {
  try {
    // a config has no use for aliases, and a few of them can stand for millions of values, or for themselves
    const documents = loadAll(text, { maxAliases: 0 })
    if (documents.length > 1)
      throw new AppError({
        what: `${file} holds ${documents.length} YAML documents.`,
        why: 'A config is one.',
        next: ["Remove the lines '---' between them."],
        kind: 'usage',
      })
    return { value: documents[0], lines: documents.length === 0 ? new Map() : linesOf(text, parseEvents(text, {})) }
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown
    const line = thrown.mark === undefined ? '' : `:${thrown.mark.line + 1}`
    if (/maxAliases/.test(thrown.reason))
      throw new AppError({
        what: `${file}${line} holds an alias.`,
        why: 'A config is taken as it stands: no *name, and no << of one.',
        next: ['Write the value there itself.'],
        kind: 'usage',
        cause: thrown,
      })
    throw new AppError({
      what: `${file}${line} is no valid YAML: ${thrown.reason}.`,
      next: ['Correct that line; indentation is two spaces a level, and a text with ": " or "#" in it needs quotes.'],
      kind: 'usage',
      cause: thrown,
    })
  }
}

const linesOf = (text: string, events: readonly Event[]): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>()
  let next = 0
  let [line, seen] = [1, 0]
  /** Events stand in the order of the text, so it is looked through once. */
  const lineAt = (offset: number): number => {
    for (; seen < offset; seen++) if (text[seen] === '\n') line++
    return line
  }

  const skipOrRead = (path: string): void => {
    const event = events[next++]
    if (event?.type === EVENT_ID.SEQUENCE) readSequence(path)
    if (event?.type === EVENT_ID.MAPPING) readMapping(path)
  }
  const readSequence = (path: string): void => {
    for (let index = 0; events[next] !== undefined && events[next]?.type !== EVENT_ID.POP; index++) {
      const item = events[next]
      const at = `${path}.${index}`
      if (item?.type === EVENT_ID.SCALAR) lines.set(at, lineAt(item.valueStart))
      if (item?.type === EVENT_ID.MAPPING || item?.type === EVENT_ID.SEQUENCE) lines.set(at, lineAt(item.start))
      skipOrRead(at)
    }
    next++
  }
  const readMapping = (path: string): void => {
    while (events[next] !== undefined && events[next]?.type !== EVENT_ID.POP) {
      const key = events[next]
      if (key?.type !== EVENT_ID.SCALAR) {
        skipOrRead(path)
        skipOrRead(path)
        continue
      }
      next++
      const name = getScalarValue(text, key)
      const at = path === '' ? name : `${path}.${name}`
      lines.set(at, lineAt(key.valueStart))
      skipOrRead(at)
    }
    next++
  }

  next = events[0]?.type === EVENT_ID.DOCUMENT ? 1 : 0
  skipOrRead('')
  return lines
}
