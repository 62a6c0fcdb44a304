import { type View, viewsOf } from './view.ts'

/** What is to stand instead of `[start, end)` of a view. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What is to be changed in one reading of a text, in order and apart. */
export type Find = (view: View) => readonly Edit[]

export interface Rewritten {
  readonly text: string
  /** How many changes each `find` made. */
  readonly edits: readonly number[]
}

/** A text that is still not clean after so many changes is withheld. */
const mostRounds = 64
const withheld = '(masked)'

/** Changes a text until no reading of it holds anything more to be changed. */
export const rewrite = (text: string, finds: readonly Find[]): Rewritten => {
  const edits = finds.map(() => 0)
  let current = text
  for (let round = 0; round < mostRounds; round++) {
    const change = findChange(current, finds)
    if (change === undefined) return { text: current, edits }
    current = apply(current, change.view, change.edits)
    edits[change.by] = (edits[change.by] ?? 0) + change.edits.length
  }
  return { text: withheld, edits }
}

const findChange = (text: string, finds: readonly Find[]) => {
  const views = viewsOf(text)
  for (const [by, find] of finds.entries()) {
    for (const view of views) {
      const edits = find(view)
      if (edits.length > 0) return { by, view, edits }
    }
  }
  return undefined
}

const apply = (text: string, view: View, edits: readonly Edit[]): string => {
  let out = ''
  let from = 0
  for (const edit of edits) {
    out += text.slice(from, view.place(edit.start)) + edit.text
    from = view.place(edit.end)
  }
  return out + text.slice(from)
}
