import { statusWords } from '../../src/core/status.ts'
import * as layout from '../vector/layout.ts'
import { createDictionary, grown } from './dictionary.ts'
import type { Rows } from './rows.ts'
import type { Scratch } from './scratch.ts'
import type { TextSource } from './text-source.ts'
import { messageKeyOf, type Texts } from './texts.ts'

/** What makes the messages of rows that are not made of method and path as these are written. */
export interface Spoken {
  /** Of a request that has neither method nor path. */
  readonly request: (rows: Rows, row: number, request: string) => string
  /** Told of each such request once. */
  readonly onRequest?: (request: string) => void
  /** Of a request that must not be said as it is. */
  readonly other?: (rows: Rows, row: number) => string | undefined
}

/** What each event says in words: method, path and answer. Method and path were asked for their numbers of the same rows before. */
export const messageTexts = (
  texts: Texts,
  { method, path, spoken }: { readonly method: TextSource; readonly path: TextSource; readonly spoken: Spoken },
  scratch: Scratch,
): TextSource => {
  const dictionary = createDictionary()
  const numbers = scratch.numbers(layout.messageColumn)
  let next = new Int32Array(256)
  let known = 0

  const makeOthers = (): void => {
    const count = texts.count(layout.messageColumn)
    if (count > next.length) next = grown(next, 2 * count)
    for (; known < count; known++) {
      const key = messageKeyOf(texts.textAt(layout.messageColumn, known))
      next[known] = numberOf(words(method.written(key.method), path.written(key.path), key.status))
    }
  }

  const numberOf = (text: Buffer): number => {
    const number = dictionary.once(text)
    return number < 0 ? layout.isOwn : number
  }

  const textOf = (rows: Rows, row: number): Buffer => {
    const said = spoken.other?.(rows, row)
    if (said !== undefined) return Buffer.from(said)
    const value = rows.values[layout.messageColumn]?.[row] ?? layout.isNull
    if (value <= layout.isOwn) return Buffer.from(spoken.request(rows, row, oddRequest(rows, value)))
    if (value >= 0) {
      const key = messageKeyOf(texts.textAt(layout.messageColumn, value))
      return words(method.written(key.method), path.written(key.path), key.status)
    }
    return words(method.textOf(rows, row), path.textOf(rows, row), rows.statuses[row] ?? 0)
  }

  return {
    numbers: (rows) => {
      makeOthers()
      const values = rows.values[layout.messageColumn] ?? numbers
      for (let row = 0; row < rows.count; row++) {
        const value = values[row] ?? layout.isNull
        if (value <= layout.isOwn) spoken.onRequest?.(oddRequest(rows, value))
        numbers[row] = value >= 0 ? (next[value] ?? 0) : numberOf(textOf(rows, row))
      }
      if (spoken.other !== undefined)
        for (let row = 0; row < rows.count; row++) {
          const said = spoken.other(rows, row)
          if (said !== undefined) numbers[row] = numberOf(Buffer.from(said))
        }
      return numbers
    },
    count: dictionary.count,
    textAt: dictionary.textAt,
    textOf: (rows, row) => ((numbers[row] ?? 0) >= 0 ? dictionary.textAt(numbers[row] ?? 0) : textOf(rows, row)),
    hasText: () => true,
    written: () => undefined,
    list: dictionary.list,
  }
}

const oddRequest = ({ odd, own }: Rows, value: number): string => odd[own[2 * (layout.isOwn - value)] ?? 0] ?? ''

const nothing: Buffer = Buffer.alloc(0)
const answers = new Map<number, Buffer>()

/** ` 200 OK` */
const answerOf = (status: number): Buffer => {
  const known = answers.get(status) ?? Buffer.from(` ${statusWords(status)}`)
  answers.set(status, known)
  return known
}

const words = (method = nothing, path = nothing, status: number): Buffer => {
  const answer = answerOf(status)
  const text = Buffer.allocUnsafe(method.length + 1 + path.length + answer.length)
  text.set(method)
  text[method.length] = 32
  text.set(path, method.length + 1)
  text.set(answer, method.length + 1 + path.length)
  return text
}
