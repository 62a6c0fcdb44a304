import { sanitize } from '../../src/core/sanitize.ts'
import type { QueryItem } from '../../src/engine/query-state.ts'
import type { State } from '../../src/engine/state.ts'
import { type Line, type Span, span } from '../text/line.ts'

const word =
  /('(?:[^']|'')*'?)|(--.*$)|\b(SELECT|FROM|WHERE|GROUP|ORDER|BY|AS|AND|OR|NOT|IN|IS|NULL|ON|JOIN|LEFT|UNION|ALL|LIMIT|HAVING|DESC|ASC|DISTINCT|WITH|CASE|WHEN|THEN|ELSE|END|CAST|BETWEEN|LIKE|UNNEST|OVER|FILTER|COUNT|SUM|AVG|MIN|MAX)\b/gi

/** The SQL of a question as somebody could type it: tables by name, the epoch that is on the screen. */
export const typedSql = (sql: string, state: State): string =>
  sql.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'epoch' ? (state.source?.epoch ?? name) : name))

/** What a question asks; of one to the nodes both queries. */
export const questionLines = ({ sql, merge }: QueryItem, state: State): readonly Line[] =>
  sqlLines(merge === undefined ? typedSql(sql, state) : `${sql.trim()}\n-- then over all answers, edge:\n${merge}`)

/** SQL as rows with its keywords and strings told apart; each row of the source is one row here. */
export const sqlLines = (sql: string): readonly Line[] =>
  sql
    .trim()
    .split('\n')
    .map((row) => sqlLine(sanitize(row)))

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
