import type { ColumnWriter } from '../parquet/column.ts'
import type { Numbers } from '../parquet/hybrid.ts'
import type { Values } from '../parquet/values.ts'
import type { EventSource, OpenColumn } from './event-columns.ts'

type Cell = string | bigint | number | null

export type EventCells = Readonly<Record<EventSource, Cell>>

type Relation = 'lines' | 'events' | 'masked'

/** Keeps the rows of relations as objects instead of making pages of them, for a person. */
export const keepRows = () => {
  const kept = new Map<Relation, Map<string, readonly Cell[]>>()
  const rowsOf = <Row>(relation: Relation): readonly Row[] => {
    const columns = [...(kept.get(relation) ?? [])]
    return Array.from(
      columns[0]?.[1] ?? [],
      (_, row) => Object.fromEntries(columns.map(([name, cells]) => [name, cells[row] ?? null])) as Row,
    )
  }
  return {
    openColumn: (relation: Relation): OpenColumn => {
      const columns = kept.get(relation) ?? new Map<string, readonly Cell[]>()
      kept.set(relation, columns)
      return (name) => openCells((cells) => columns.set(name, cells))
    },
    lines: () => rowsOf<{ readonly remote_log_id: string; readonly raw_line: string }>('lines'),
    events: () => rowsOf<EventCells>('events'),
    masked: () => rowsOf<EventCells>('masked'),
  }
}

const openCells = (onEnd: (cells: readonly Cell[]) => void): ColumnWriter => {
  const cells: ((different: Values | undefined) => Cell)[] = []
  const add = (definition: Numbers, entries: number, cellOf: (place: number) => (typeof cells)[number]): void => {
    let place = 0
    for (let row = 0; row < entries; row++) cells.push(numberAt(definition, row) === 0 ? () => null : cellOf(place++))
  }
  return {
    addValues: (values, { definition, entries }) =>
      add(definition, entries, (place) => {
        const cell = cellOf(values, place)
        return () => cell
      }),
    addNumbers: (numbers, { definition, entries }) =>
      add(definition, entries, (place) => {
        const number = numberAt(numbers, place)
        return (different) => (different === undefined ? null : cellOf(different, number))
      }),
    end: (different) => {
      onEnd(cells.map((cell) => cell(different)))
      return { isPacked: false, pages: [], entries: cells.length, nulls: 0, range: undefined }
    },
  }
}

const cellOf = (values: Values, place: number): Cell => {
  if ('whole' in values) return values.whole[place] ?? null
  if ('doubles' in values) return values.doubles[place] ?? null
  const start = place === 0 ? 0 : (values.ends[place - 1] ?? 0)
  return Buffer.from(values.texts.subarray(start + 4, values.ends[place])).toString()
}

const numberAt = (numbers: Numbers, place: number): number => ('each' in numbers ? numbers.each : (numbers[place] ?? 0))
