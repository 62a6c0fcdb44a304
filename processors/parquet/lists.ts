import type { Levels } from './column.ts'

/** The levels of a leaf without lists: `isNull` tells of each row. */
export const flatLevels = (rows: number, isNull?: (row: number) => boolean): Levels => {
  if (isNull === undefined) return { entries: rows, present: rows, definition: { each: 1 } }
  const definition = Int32Array.from({ length: rows }, (_, row) => (isNull(row) ? 0 : 1))
  const present = definition.reduce((sum, level) => sum + level, 0)
  return {
    entries: rows,
    present,
    definition: present === rows ? { each: 1 } : present === 0 ? { each: 0 } : definition,
  }
}

/** The levels of one leaf of lists that are so long, row by row; `isNull` tells of each of their values. An empty list is there, and holds nothing. */
export const listLevels = (
  lengths: ArrayLike<number>,
  deepest: number,
  isNull: (value: number) => boolean = () => false,
): Levels => {
  let entries = 0
  for (let list = 0; list < lengths.length; list++) entries += Math.max(1, lengths[list] ?? 0)
  const definition = new Int32Array(entries)
  const repetition = new Int32Array(entries)
  let at = 0
  let value = 0
  let present = 0
  for (let list = 0; list < lengths.length; list++) {
    const length = lengths[list] ?? 0
    if (length === 0) definition[at++] = 1
    for (let i = 0; i < length; i++) {
      const there = !isNull(value++)
      if (there) present += 1
      definition[at] = there ? deepest : deepest - 1
      repetition[at++] = i === 0 ? 0 : 1
    }
  }
  return { entries, present, definition, repetition }
}
