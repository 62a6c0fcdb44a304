import { isSign, type Node, wordOf } from './tokens.ts'

/** A table as a query names it: one to three parts, and where. */
export interface Source {
  readonly parts: readonly string[]
  readonly at: number
}

const endsFrom = new Set(
  'WHERE GROUP ORDER HAVING LIMIT QUALIFY WINDOW UNION INTERSECT EXCEPT SELECT ON USING SET VALUES'.split(' '),
)

const notInBrackets = new Set(['EXTRACT', 'TRIM', 'SUBSTRING'])

const startsSource = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE', 'VIEW', 'MERGE', 'DELETE', 'INSERT', 'EXISTS'])

/** A name in backticks, or words with dots between them. */
const nameAt = (
  items: readonly Node[],
  at: number,
): { readonly parts: readonly string[]; readonly next: number } | undefined => {
  const first = items[at]
  if (first?.kind !== 'word' && first?.kind !== 'path') return undefined
  const parts = first.kind === 'path' ? first.value.split('.') : [first.value]
  let next = at + 1
  while (isSign(items[next], '.')) {
    const part = items[next + 1]
    if (part?.kind !== 'word' && part?.kind !== 'path') break
    parts.push(...(part.kind === 'path' ? part.value.split('.') : [part.value]))
    next += 2
  }
  return { parts, next }
}

const isSelect = (node: Node | undefined): boolean =>
  node?.kind === 'group' && (['SELECT', 'WITH', 'FROM'].includes(wordOf(node.items[0])) || isSelect(node.items[0]))

/** Every table that a statement names where tables stand; names of its own WITH are none. */
export const sourcesOf = (items: readonly Node[]): readonly Source[] => {
  const own = new Set<string>()
  const found: Source[] = []
  const nameWiths = (nodes: readonly Node[]): void => {
    for (const [index, node] of nodes.entries()) {
      if (node.kind !== 'group') continue
      const name = nodes[index - 2]
      if (wordOf(nodes[index - 1]) === 'AS' && isSelect(node) && (name?.kind === 'word' || name?.kind === 'path'))
        own.add(name.value.toLowerCase())
      nameWiths(node.items)
    }
  }
  const walk = (nodes: readonly Node[], inBrackets: boolean): void => {
    let from = false
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]
      const word = wordOf(node)
      if (node?.kind === 'group') walk(node.items, notInBrackets.has(wordOf(nodes[at - 1])))
      if (endsFrom.has(word)) from = false
      const starts = startsSource.has(word) && !inBrackets
      if (starts) from = true
      if (!(starts || (from && isSign(node, ',')))) continue
      if (
        nodes[at + 1]?.kind === 'word' &&
        (startsSource.has(wordOf(nodes[at + 1])) || ['UNNEST', 'IF', 'LATERAL'].includes(wordOf(nodes[at + 1])))
      )
        continue
      const name = nameAt(nodes, at + 1)
      if (name === undefined || (nodes[name.next]?.kind === 'group' && word !== 'INTO')) continue
      if (name.parts.length === 1 && own.has((name.parts[0] ?? '').toLowerCase())) continue
      found.push({ parts: name.parts, at: nodes[at + 1]?.at ?? 0 })
    }
  }
  nameWiths(items)
  walk(items, false)
  return found
}
