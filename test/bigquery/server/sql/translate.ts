import { quoteName, quoteText } from '../../../../src/core/duckdb-types.ts'
import { ApiProblem } from '../problem.ts'
import { callOf, isKnownFunction } from './functions.ts'
import { commaParts, isSign, type Node, placeOf, wordOf } from './tokens.ts'
import { typeAt } from './types.ts'

/**
 * GoogleSQL in DuckDB's words: names in backticks, types, literals, UNNEST, STRUCT, ARRAY, SELECT AS STRUCT, the aggregates' own clauses and the
 * functions of functions.ts. What GoogleSQL does not have (`::`, FILTER, EXCLUDE, ILIKE, braces, unknown functions) is refused as BigQuery does.
 * Not translated, so refused or wrong: pipes, scripts with variables, INFORMATION_SCHEMA, wildcard tables, JSON, time zones of TIMESTAMP_TRUNC,
 * SAFE. functions, NET functions, PIVOT, names of a record's fields without the alias of its UNNEST, NULLs inside of arrays (BigQuery refuses to give them out).
 */
export const translate = (
  sql: string,
  items: readonly Node[],
  parameters: Readonly<Record<string, string>>,
  pathOf: (parts: readonly string[], at: number) => string,
  isTable: (at: number) => boolean,
): string => {
  const refuse = (why: string, at: number): never => {
    throw new ApiProblem(400, 'invalidQuery', `${why} at ${placeOf(sql, at)}`)
  }
  let unnests = 0

  const emit = (nodes: readonly Node[]): string => {
    const out: string[] = []
    let at = 0
    while (at < nodes.length) {
      const [text, used] = emitAt(nodes, at)
      out.push(text)
      at += used
    }
    return out.join(' ')
  }

  const emitAt = (nodes: readonly Node[], at: number): readonly [string, number] => {
    const node = nodes[at]
    if (node === undefined) return ['', 1]
    switch (node.kind) {
      case 'group':
        return [node.open === '(' ? `(${emit(node.items)})` : `[${indexOf(node.items)}]`, 1]
      case 'text':
        return [quoteText(node.value), 1]
      case 'path':
        return [pathOf(node.value.split('.'), node.at), 1]
      case 'number':
        return [/^\d*\.\d*$/.test(node.value) ? `${node.value}e0` : node.value, 1]
      case 'parameter':
        return [
          parameters[node.value.slice(1).toLowerCase()] ??
            refuse(`Query parameter '${node.value.slice(1)}' not found`, node.at),
          1,
        ]
      case 'sign':
        return [
          '{}:|'.includes(node.value) ? refuse(`Syntax error: Unexpected "${node.value}"`, node.at) : node.value,
          1,
        ]
      case 'word':
        return emitWord(nodes, at, node.value, node.at)
    }
  }

  /** `[OFFSET(0)]` counts from 0, `[ORDINAL(1)]` from 1; everything else in square brackets is an array. */
  const indexOf = (nodes: readonly Node[]): string => {
    const inner = nodes[1]?.kind === 'group' ? emit(nodes[1].items) : ''
    if (/^(SAFE_)?OFFSET$/.test(wordOf(nodes[0]))) return `(${inner}) + 1`
    return /^(SAFE_)?ORDINAL$/.test(wordOf(nodes[0])) ? inner : emit(nodes)
  }

  const emitWord = (nodes: readonly Node[], at: number, value: string, place: number): readonly [string, number] => {
    const word = value.toUpperCase()
    const next = nodes[at + 1]
    if (isSign(nodes[at - 1], '.')) return [quoteName(value), 1]
    if (isTable(place)) return [pathOf([value], place), 1]
    if (
      (word === 'FILTER' && next?.kind === 'group') ||
      (word === 'EXCLUDE' && next?.kind === 'group') ||
      word === 'ILIKE'
    )
      return refuse(`Syntax error: Unexpected keyword ${word}`, place)
    if (word === 'SELECT' && wordOf(next) === 'AS' && wordOf(nodes[at + 2]) === 'STRUCT')
      return selectStruct(nodes, at + 3)
    if (word === 'STRUCT' && (isSign(next, '<') || next?.kind === 'group')) return struct(nodes, at)
    if (word === 'ARRAY' && isSign(next, '<')) return typedArray(nodes, at)
    if (word === 'ARRAY') return ['ARRAY', 1]
    if (word === 'IN' && wordOf(next) === 'UNNEST' && nodes[at + 2]?.kind === 'group')
      return [`IN (SELECT unnest(${emitGroup(nodes[at + 2])}))`, 3]
    if (word === 'UNNEST' && next?.kind === 'group') return unnest(nodes, at)
    if (
      word === 'EXCEPT' &&
      next?.kind === 'group' &&
      (isSign(nodes[at - 1], '*') || wordOf(nodes[at - 1]) === 'REPLACE')
    )
      return ['EXCLUDE', 1]
    if ((word === 'UNION' || word === 'EXCEPT' || word === 'INTERSECT') && wordOf(next) === 'DISTINCT') return [word, 2]
    if (literalTypes.has(word) && next?.kind === 'text')
      return [`CAST(${quoteText(next.value)} AS ${typeAt(nodes, at).sql})`, 2]
    if (word === 'CURRENT_TIMESTAMP' && next?.kind !== 'group') return ['now()', 1]
    if (next?.kind === 'group' && next.open === '(') {
      const call = callOf(word, next.items, emit)
      if (call !== undefined) return [call, 2]
      const isName =
        wordOf(nodes[at - 1]) === 'AS' || wordOf(nodes[at + 2]) === 'AS' || wordOf(nodes[at - 1]) === 'INTO'
      if (!isKnownFunction(word) && !isName) return refuse(`Function not found: ${value}`, place)
    }
    return [onlyHere.has(word) ? quoteName(value) : value, 1]
  }

  const emitGroup = (node: Node | undefined): string => (node?.kind === 'group' ? emit(node.items) : '')

  /** `expression AS name`, `a.name` or an expression, as a field of a struct. */
  const fieldOf = (nodes: readonly Node[], index: number, named: string | undefined): string => {
    const as = wordOf(nodes.at(-2)) === 'AS' ? nodes.at(-1) : undefined
    const last = nodes.at(-1)
    const isPath = nodes.length === 1 || isSign(nodes.at(-2), '.')
    const label = named ?? as ?? (isPath ? last : undefined)
    const name =
      typeof label === 'string'
        ? label
        : label?.kind === 'word' || label?.kind === 'path'
          ? label.value
          : `_field_${index + 1}`
    return `${quoteText(name)}: ${emit(as === undefined ? nodes : nodes.slice(0, -2))}`
  }

  const structOf = (parts: readonly (readonly Node[])[], names: readonly string[] = []): string =>
    `{${parts.map((part, index) => fieldOf(part, index, names[index])).join(', ')}}`

  const struct = (nodes: readonly Node[], at: number): readonly [string, number] => {
    const type = isSign(nodes[at + 1], '<') ? typeAt(nodes, at) : undefined
    const group = nodes[type?.next ?? at + 1]
    const text = structOf(group?.kind === 'group' ? commaParts(group.items) : [], type?.fields)
    return type === undefined ? [text, 2] : [`CAST(${text} AS ${type.sql})`, type.next + 1 - at]
  }

  const typedArray = (nodes: readonly Node[], at: number): readonly [string, number] => {
    const type = typeAt(nodes, at)
    return [`CAST([${emitGroup(nodes[type.next])}] AS ${type.sql})`, type.next + 1 - at]
  }

  const selectStruct = (nodes: readonly Node[], from: number): readonly [string, number] => {
    const end = nodes.findIndex((node, index) => index >= from && ends.has(wordOf(node)))
    const list = nodes.slice(from, end < 0 ? undefined : end)
    return [`SELECT ${structOf(commaParts(list))}`, 3 + list.length]
  }

  /** In FROM: an alias names the items, not a table of them. */
  const unnest = (nodes: readonly Node[], at: number): readonly [string, number] => {
    const list = emitGroup(nodes[at + 1])
    let used = 2
    const alias = (): string | undefined => {
      const skip = wordOf(nodes[at + used]) === 'AS' ? 1 : 0
      const found = nodes[at + used + skip]
      if (found?.kind !== 'word' && found?.kind !== 'path') return undefined
      if (skip === 0 && found.kind === 'word' && ends.has(found.value.toUpperCase())) return undefined
      used += skip + 1
      return found.value
    }
    const name = alias()
    unnests += 1
    const table = `_unnest${unnests}`
    if (wordOf(nodes[at + used]) === 'WITH' && wordOf(nodes[at + used + 1]) === 'OFFSET') {
      used += 2
      const offset = alias() ?? 'offset'
      return [
        `(SELECT unnest(${list}) AS ${quoteName(name ?? 'item')}, generate_subscripts(${list}, 1) - 1 AS ${quoteName(offset)}) AS ${table}`,
        used,
      ]
    }
    return [`unnest(${list}) AS ${table}(${quoteName(name ?? 'item')})`, used]
  }

  return emit(items)
}

/** Types that stand before a text to make a literal of it. */
const literalTypes: ReadonlySet<string> = new Set([
  'TIMESTAMP',
  'DATETIME',
  'DATE',
  'TIME',
  'NUMERIC',
  'BIGNUMERIC',
  'JSON',
])

/** Words that end a select list, or stand where an alias could. */
const ends: ReadonlySet<string> = new Set(
  'FROM WHERE GROUP HAVING ORDER LIMIT QUALIFY WINDOW UNION INTERSECT EXCEPT JOIN LEFT RIGHT INNER CROSS FULL ON USING WITH TABLESAMPLE SET'.split(
    ' ',
  ),
)

/** Reserved by DuckDB and not by GoogleSQL. */
const onlyHere: ReadonlySet<string> = new Set(
  'ANALYZE BOTH CHECK COLUMN CONSTRAINT DO FOREIGN ONLY PRIMARY REFERENCES RETURNING UNIQUE USER VARIADIC'.split(' '),
)
