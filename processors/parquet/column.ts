import { bitsOf, type Numbers, putHybrid } from './hybrid.ts'
import { createPageMaker, type PackedPages } from './pages.ts'
import type { Pool } from './pool.ts'
import type { LeafColumn } from './schema.ts'
import type { Sink } from './sink.ts'
import { countOf, plainBytes, type Range, rangeOf, rangeOfRanges, type Values } from './values.ts'

/** What one leaf of all rows holds. */
export interface LeafData {
  /** Those that are there in the order of the rows, or different ones, of which `numbers` says which stand in a row. */
  readonly values: Values
  /** Places in `values`, one for each that is there. */
  readonly numbers?: Numbers
  readonly levels: Levels
}

/** What is there and what is null. Of a leaf without lists an entry is a row. */
export interface Levels {
  readonly entries: number
  /** Entries that hold a value. */
  readonly present: number
  /** How much of the path is there, for each entry; where all of it is, one number for all. */
  readonly definition: Numbers
  /** 0 for an entry that begins a row; only of lists. */
  readonly repetition?: Int32Array
}

/** The pages of one leaf, which zlib may still be working on. */
export interface ColumnPages extends PackedPages {
  readonly entries: number
  readonly nulls: number
  readonly range: Range | undefined
}

/** Makes the pages of a column in steps. What it is given is its caller's again when a step returns. */
export interface ColumnWriter {
  addValues(values: Values, levels: Levels): void
  /** Numbers of different values, of which there are so many up to now; a value keeps its number from step to step. */
  addNumbers(numbers: Numbers, levels: Levels, different: number): void
  /** What the numbers stand for. */
  end(different?: Values): ColumnPages
}

/** Entries of a page, and about its bytes, at most: a reader holds one at a time. */
const mostEntries = 262_144
const mostBytes = 4_194_304

/** What the steps of columns have in common. */
export interface Tools {
  readonly pool: Pool
  /** Empty between two steps. */
  readonly sink: Sink
}

export const beginColumn = (leaf: LeafColumn, { pool, sink }: Tools): ColumnWriter => {
  const maker = createPageMaker(pool)
  const ranges: (Range | undefined)[] = []
  let entries = 0
  let present = 0

  /** Pages of at most so many entries each. Values stand behind what is in the sink, or are put there. */
  const addPages = (
    levels: Levels,
    most: number,
    coded: boolean,
    valuesOf: (from: number, to: number) => Uint8Array | undefined,
  ) => {
    entries += levels.entries
    present += levels.present
    let value = 0
    for (let from = 0; from < levels.entries; ) {
      const to = endOfPage(levels, from, most)
      const end = value + presentIn(levels, leaf.definition, from, to)
      sink.clear()
      putLevels(sink, leaf, levels, from, to)
      const values = valuesOf(value, end)
      const parts = values === undefined ? [sink.written()] : [sink.written(), values]
      maker.add({ kind: 'data', values: to - from, coded }, parts)
      value = end
      from = to
    }
  }

  return {
    addValues: (values, levels) => {
      // many texts would have to be compared
      if (levels.present > 0) ranges.push('texts' in values ? undefined : rangeOf(values))
      const bytes = 'texts' in values ? values.texts.length : levels.present * 8
      addPages(levels, entriesOf(levels, bytes), false, (from, to) => plainBytes(values, from, to))
    },
    addNumbers: (numbers, levels, different) => {
      const bits = bitsOf(Math.max(0, different - 1))
      addPages(levels, entriesOf(levels, levels.present * 2), true, (from, to) => {
        sink.put(Uint8Array.of(bits))
        putHybrid(sink, numbers, from, to, bits)
        return undefined
      })
    },
    end: (different) => {
      if (different !== undefined) {
        if (countOf(different) > 0) ranges.push(rangeOf(different))
        maker.addFirst({ kind: 'dictionary', values: countOf(different), coded: false }, [plainBytes(different)])
      }
      return { ...maker.end(), entries, nulls: entries - present, range: rangeOfRanges(ranges, leaf.type) }
    },
  }
}

/** All pages of a leaf in one step. */
export const pagesOf = (leaf: LeafColumn, { values, numbers, levels }: LeafData, tools: Tools): ColumnPages => {
  const column = beginColumn(leaf, tools)
  if (numbers === undefined) {
    column.addValues(values, levels)
    return column.end()
  }
  column.addNumbers(numbers, levels, countOf(values))
  return column.end(values)
}

const entriesOf = ({ entries }: Levels, bytes: number): number =>
  Math.max(1, Math.min(mostEntries, Math.floor((mostBytes * entries) / Math.max(1, bytes))))

/** A page ends where a row does. */
const endOfPage = ({ entries, repetition }: Levels, from: number, most: number): number => {
  let to = Math.min(from + most, entries)
  if (repetition !== undefined) while (to < entries && repetition[to] !== 0) to += 1
  return to
}

const presentIn = ({ definition }: Levels, most: number, from: number, to: number): number => {
  if ('each' in definition) return definition.each === most ? to - from : 0
  let count = 0
  for (let i = from; i < to; i++) if (definition[i] === most) count += 1
  return count
}

/** Levels of one kind stand behind their length. */
const putLevels = (sink: Sink, leaf: LeafColumn, levels: Levels, from: number, to: number): void => {
  const put = (numbers: Numbers, most: number): void => {
    const head = sink.length
    sink.reserve(4)
    sink.length += 4
    putHybrid(sink, numbers, from, to, bitsOf(most))
    sink.written().writeUInt32LE(sink.length - head - 4, head)
  }
  if (levels.repetition !== undefined) put(levels.repetition, leaf.repetition)
  put(levels.definition, leaf.definition)
}
