import { widthOf } from '../core/width.ts'

/** Text in rows of at most so many cells, broken between words, each behind an indent; a longer word has a row of its own. */
export const wrapText = (text: string, width: number, indent = ''): string => {
  const rows: string[] = []
  let cells = 0
  for (const word of text.split(' ')) {
    const last = rows.at(-1)
    const more = widthOf(word)
    if (last !== undefined && cells + 1 + more <= width) {
      rows[rows.length - 1] = `${last} ${word}`
      cells += 1 + more
    } else {
      rows.push(`${indent}${word}`)
      cells = widthOf(indent) + more
    }
  }
  return rows.join('\n')
}
