import { widthOf } from '../core/width.ts'

/** Text in rows of at most so many cells, broken between words, each behind an indent; a longer word has a row of its own. */
export const wrapText = (text: string, width: number, indent = ''): string => {
  const rows: string[] = []
  for (const word of text.split(' ')) {
    const last = rows.at(-1)
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) rows[rows.length - 1] = `${last} ${word}`
    else rows.push(`${indent}${word}`)
  }
  return rows.join('\n')
}
