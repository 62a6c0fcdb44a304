import type { Thrift } from './thrift.ts'

export type LeafType = 'string' | 'int64' | 'double' | 'timestamp'

interface Leaf {
  readonly name: string
  readonly type: LeafType
}

/** A column: one value a row, a list of values, or a list of records. Everything in it may be null. */
export type Field =
  | Leaf
  | { readonly name: string; readonly list: LeafType }
  | { readonly name: string; readonly list: readonly Leaf[] }

/** A leaf as the pages of a column know it: how deep it lies, and by what path. */
export interface LeafColumn {
  readonly type: LeafType
  readonly path: readonly string[]
  /** Levels of what is there and of what repeats, at most. */
  readonly definition: number
  readonly repetition: number
}

export const leavesOf = (field: Field): readonly LeafColumn[] => {
  const { name } = field
  if ('type' in field) return [{ type: field.type, path: [name], definition: 1, repetition: 0 }]
  const { list } = field
  const path = [name, 'list', 'element']
  if (typeof list === 'string') return [{ type: list, path, definition: 3, repetition: 1 }]
  return list.map((leaf) => ({ type: leaf.type, path: [...path, leaf.name], definition: 4, repetition: 1 }))
}

// Numbers of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
export const physicalTypes = { string: 6, int64: 2, double: 5, timestamp: 2 } as const satisfies Record<
  LeafType,
  number
>
const optional = 1
const repeated = 2

/** The schema of a file, flattened depth first. */
export const schemaElements = (fields: readonly Field[]): readonly Thrift[] => [
  { struct: { 4: { binary: 'schema' }, 5: { i32: fields.length } } },
  ...fields.flatMap(elementsOf),
]

const elementsOf = (field: Field): readonly Thrift[] => {
  if ('type' in field) return [leafElement(field)]
  const { name, list } = field
  const element =
    typeof list === 'string'
      ? [leafElement({ name: 'element', type: list })]
      : [group('element', optional, list.length), ...list.map(leafElement)]
  // converted type LIST, logical type LIST
  return [
    group(name, optional, 1, { 6: { i32: 3 }, 10: struct({ 3: struct({}) }) }),
    group('list', repeated, 1),
    ...element,
  ]
}

const struct = (fields: Readonly<Record<number, Thrift>>): Thrift => ({ struct: fields })

const group = (
  name: string,
  repetition: number,
  children: number,
  more: Readonly<Record<number, Thrift>> = {},
): Thrift => struct({ 3: { i32: repetition }, 4: { binary: name }, 5: { i32: children }, ...more })

const leafElement = ({ name, type }: Leaf): Thrift =>
  struct({ 1: { i32: physicalTypes[type] }, 3: { i32: optional }, 4: { binary: name }, ...annotations[type] })

/** Converted types for older readers, logical types for the others: UTF8, and microseconds in UTC. */
const annotations: Readonly<Record<LeafType, Readonly<Record<number, Thrift>>>> = {
  string: { 6: { i32: 0 }, 10: struct({ 1: struct({}) }) },
  timestamp: { 6: { i32: 10 }, 10: struct({ 8: struct({ 1: { bool: true }, 2: struct({ 2: struct({}) }) }) }) },
  int64: {},
  double: {},
}
