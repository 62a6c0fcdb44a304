import { formatAgo, formatCount } from '../core/format.ts'
import type { Holding } from './holdings.ts'

/** Rows that were counted in the tables. */
export interface CountedRows {
  readonly rows: number
  readonly tables: number
}

const plural = (count: number, one: string): string => `${formatCount(count)} ${count === 1 ? one : `${one}s`}`

/** What is there that may be somebody's own, in one line: `your own rows: 12,345 in 2 tables, 2 files, last 5 min ago`. */
export const holdingText = (
  holding: Extract<Holding, { kind: 'own' }>,
  { counted, now }: { readonly counted?: CountedRows | undefined; readonly now: number },
): string => {
  const { noted, nodes = [], at, strangeNodes } = holding
  const files = nodes.reduce((sum, node) => sum + node.files.length, 0)
  const tables = plural(counted?.tables ?? holding.tables, 'table')
  const whose = noted ? 'your own rows' : 'rows that may be your own'
  const rows = counted === undefined ? `${whose}: in ${tables}` : `${whose}: ${formatCount(counted.rows)} in ${tables}`
  const parts = [
    ...(holding.tables === 0 && strangeNodes !== undefined ? [] : [holding.tables === 0 ? whose : rows]),
    ...(files === 0 ? [] : [plural(files, 'file')]),
    ...(strangeNodes === undefined ? [] : [`a folder ${strangeNodes} that bbq did not fill`]),
    ...(at === undefined ? [] : [`last ${formatAgo(now - at)}`]),
  ]
  return parts.join(', ')
}
