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

/** The levels of one leaf of lists, of which `lists` has the values row by row; an empty list is there, and holds nothing. */
export const listLevels = (lists: readonly (readonly unknown[])[], deepest: number): Levels => {
  const definition: number[] = []
  const repetition: number[] = []
  let present = 0
  for (const list of lists) {
    if (list.length === 0) {
      definition.push(1)
      repetition.push(0)
    }
    for (const [i, value] of list.entries()) {
      definition.push(value === null ? deepest - 1 : deepest)
      repetition.push(i === 0 ? 0 : 1)
      if (value !== null) present += 1
    }
  }
  return {
    entries: definition.length,
    present,
    definition: Int32Array.from(definition),
    repetition: Int32Array.from(repetition),
  }
}
