import { type RestField, restSchema } from '../../core/bigquery/schema.ts'
import type { Table } from '../../core/tables.ts'
import type { WireField, WireTable } from './wire.ts'

export interface Comparison {
  /** What stands in the way of loading, one difference each; nothing repairs it but another table. */
  readonly differences: readonly string[]
  /** The missing columns, and the whole schema with them, when there are any and nothing else differs. */
  readonly lacking?: { readonly columns: readonly string[]; readonly schema: { readonly fields: readonly object[] } }
}

/** Compares a table that exists with what it must be; columns and options of somebody's own are left alone. */
export const compareTable = (table: Table, found: WireTable): Comparison => {
  if (found.type !== 'TABLE') return { differences: [`it is a ${found.type.toLowerCase().replaceAll('_', ' ')}`] }
  const { differences, fields, added } = compareFields(restSchema(table).fields, found.schema.fields, '')
  const all = [...partitioning(table, found), ...differences]
  return all.length > 0 || added.length === 0
    ? { differences: all }
    : { differences: [], lacking: { columns: added, schema: { fields } } }
}

/** Without partitions 1,500 loads a day are the end; a partition of another column would count and expire rows otherwise. */
const partitioning = ({ arrival }: Table, { timePartitioning }: WireTable): readonly string[] => {
  const { type, field } = timePartitioning ?? {}
  if (type === 'DAY' && field?.toLowerCase() === arrival.toLowerCase()) return []
  const found = type === undefined ? 'not at all' : `by ${type} of ${field ?? 'the time of loading'}`
  return [`it is partitioned ${found}, not by DAY of ${arrival}`]
}

interface FieldComparison {
  readonly differences: readonly string[]
  readonly fields: readonly object[]
  readonly added: readonly string[]
}

const compareFields = (wanted: readonly RestField[], found: readonly WireField[], prefix: string): FieldComparison => {
  const differences: string[] = []
  const added: string[] = []
  const byName = new Map(found.map((field) => [field.name.toLowerCase(), field]))
  const merged = new Map<string, object>(found.map((field) => [field.name.toLowerCase(), field]))
  for (const field of wanted) {
    const key = field.name.toLowerCase()
    const there = byName.get(key)
    const name = `${prefix}${field.name}`
    if (there === undefined) {
      added.push(name)
      merged.set(key, field)
      continue
    }
    if (plainType(there.type) !== plainType(field.type))
      differences.push(`${name} is ${plainType(there.type)}, not ${plainType(field.type)}`)
    else if (there.mode !== field.mode) differences.push(`${name} is ${there.mode}, not ${field.mode}`)
    else if (field.fields !== undefined) {
      const inner = compareFields(field.fields, there.fields, `${name}.`)
      differences.push(...inner.differences)
      if (inner.added.length > 0) merged.set(key, { ...there, fields: inner.fields })
      added.push(...inner.added)
    }
  }
  const names = new Set(wanted.map((field) => field.name.toLowerCase()))
  for (const { name, mode } of found)
    if (mode === 'REQUIRED' && !names.has(name.toLowerCase()))
      differences.push(`${prefix}${name} is REQUIRED, and bbq has no value for it`)
  return { differences, fields: [...merged.values()], added }
}

const names: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  STRUCT: 'RECORD',
}

/** One name for a type that has two. */
export const plainType = (type: string): string => names[type.toUpperCase()] ?? type.toUpperCase()
