import { sanitize } from '../../src/core/sanitize.ts'
import { fits, takeCells } from '../../src/core/width.ts'
import type { QueryItem } from '../../src/engine/query-state.ts'
import type { State } from '../../src/engine/state.ts'
import { type Line, type Span, span } from '../text/line.ts'

const word =
  /('(?:[^']|'')*'?)|(--.*$)|\b(SELECT|FROM|WHERE|GROUP|ORDER|BY|AS|AND|OR|NOT|IN|IS|NULL|ON|JOIN|LEFT|UNION|ALL|LIMIT|HAVING|DESC|ASC|DISTINCT|WITH|CASE|WHEN|THEN|ELSE|END|CAST|BETWEEN|LIKE|UNNEST|OVER|FILTER|COUNT|SUM|AVG|MIN|MAX)\b/gi

/** The SQL of a question as somebody could type it: tables by name, the epoch that is on the screen. */
export const typedSql = (sql: string, state: State): string =>
  sql.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'epoch' ? (state.source?.epoch ?? name) : name))

/** What a question asks; of one to the nodes both queries. */
export const questionLines = ({ sql, merge }: QueryItem, state: State, width?: number): readonly Line[] =>
  sqlLines(
    merge === undefined ? typedSql(sql, state) : `${sql.trim()}\n-- then over all answers, edge:\n${merge}`,
    width,
  )

/** SQL as rows with its keywords and strings told apart; a row of the source that is wider than `width` goes on in the next one. */
export const sqlLines = (sql: string, width = Number.POSITIVE_INFINITY): readonly Line[] =>
  sql
    .trim()
    .split('\n')
    .flatMap((row) => broken(sanitize(row), width))
    .map(sqlLine)

/** A row at its last space that fits; a condition begins the next row. */
const broken = (row: string, width: number): readonly string[] => {
  if (fits(row, width)) return [row]
  const head = takeCells(row, width + 1).text
  const at = Math.max(head.lastIndexOf(' AND '), head.lastIndexOf(' OR '))
  const cut = at > 0 ? at : head.lastIndexOf(' ')
  const indent = /^ */.exec(row)?.[0].length ?? 0
  return cut <= indent ? [row] : [row.slice(0, cut), ...broken(`${' '.repeat(indent + 2)}${row.slice(cut + 1)}`, width)]
}

const sqlLine = (row: string): Line => {
  const parts: Span[] = []
  let at = 0
  for (const match of row.matchAll(word)) {
    if (match.index > at) parts.push(span(row.slice(at, match.index)))
    const [text, string, comment] = match
    parts.push(span(text, string !== undefined ? 'ok' : comment !== undefined ? 'muted' : 'info'))
    at = match.index + text.length
  }
  if (at < row.length) parts.push(span(row.slice(at)))
  return parts
}
