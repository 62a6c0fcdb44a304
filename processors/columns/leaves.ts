import type { LeafData } from '../parquet/column.ts'
import { flatLevels } from '../parquet/lists.ts'
import { doublesOf, textsOf, type Values, wholeOf } from '../parquet/values.ts'

/** The same value in every row, or null. */
export const constantLeaf = (value: string | bigint | null, rows: number): LeafData => {
  if (value === null) return emptyLeaf(textsOf([]), rows)
  const values = typeof value === 'string' ? textsOf([value]) : wholeOf([value])
  return { values, numbers: { each: 0 }, levels: flatLevels(rows) }
}

/** No value in any row. */
const emptyLeaf = (values: Values, rows: number): LeafData => ({
  values,
  levels: { entries: rows, present: 0, definition: { each: 0 } },
})

export const emptyDoubles = (rows: number): LeafData => emptyLeaf(doublesOf([]), rows)

export const wholeLeaf = (values: readonly (number | bigint)[]): LeafData => ({
  values: wholeOf(values),
  levels: flatLevels(values.length),
})

/** Texts of which each different one is written once. */
export const textLeaf = (texts: readonly (string | null)[]): LeafData => {
  const { values, numbers } = different(texts.filter((text) => text !== null))
  return { values, numbers, levels: flatLevels(texts.length, (row) => texts[row] === null) }
}

/** Texts that hardly repeat. */
export const plainTextLeaf = (texts: readonly string[]): LeafData => ({
  values: textsOf(texts),
  levels: flatLevels(texts.length),
})

export const different = (texts: readonly string[]): { readonly values: Values; readonly numbers: Int32Array } => {
  const places = new Map<string, number>()
  const numbers = Int32Array.from(texts, (text) => {
    const place = places.get(text) ?? places.size
    places.set(text, place)
    return place
  })
  return { values: textsOf([...places.keys()]), numbers }
}
