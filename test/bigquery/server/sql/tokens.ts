import { invalid } from '../problem.ts'

/** A piece of GoogleSQL and where it stands. */
export interface Token {
  readonly kind: 'word' | 'text' | 'path' | 'number' | 'sign' | 'parameter'
  /** As it stands; of texts and paths the content. */
  readonly value: string
  readonly at: number
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', a: '\x07' }

const withoutEscapes = (text: string): string =>
  text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{3}|[\s\S])/g, (_whole, code: string) => {
    if (/^[xu]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
    if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    return escapes[code] ?? code
  })

const shapes: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//y],
  ['text', /[rR]?(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y],
  ['path', /`[^`]+`/y],
  ['parameter', /@\w+/y],
  ['number', /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_]\w*/y],
  ['sign', /<>|!=|<=|>=|\|\||=>|\|>|[-+*/%(),.;<>=[\]?&|^~:{}]/y],
]

/** Line and column of a place, from 1, as error messages have them. */
export const placeOf = (sql: string, at: number): string => {
  const before = sql.slice(0, at).split('\n')
  return `[${before.length}:${(before.at(-1)?.length ?? 0) + 1}]`
}

const contentOf = (raw: string): string => {
  const isRaw = /^[rR]/.test(raw)
  const body = isRaw ? raw.slice(1) : raw
  const quotes = /^('''|""")/.test(body) ? 3 : 1
  const content = body.slice(quotes, -quotes)
  return isRaw ? content : withoutEscapes(content)
}

/** Cuts GoogleSQL into tokens; comments go. */
export const tokensOf = (sql: string): readonly Token[] => {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    const found = shapes
      .map(([kind, shape]) => {
        shape.lastIndex = at
        return { kind, raw: shape.exec(sql)?.[0] }
      })
      .find(({ raw }) => raw !== undefined)
    if (found?.raw === undefined)
      throw invalid(`Syntax error: Illegal input character "${sql[at]}" at ${placeOf(sql, at)}`)
    const { kind, raw } = found
    if (kind === 'text') tokens.push({ kind, value: contentOf(raw), at })
    else if (kind === 'path') tokens.push({ kind, value: raw.slice(1, -1), at })
    else if (kind !== 'blank') tokens.push({ kind, value: raw, at })
    at += raw.length
  }
  return tokens
}

/** A token, or a pair of brackets with what is in it. */
export type Node =
  | Token
  | { readonly kind: 'group'; readonly open: string; readonly items: readonly Node[]; readonly at: number }

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']' }

/** Tokens as a tree of brackets. */
export const treeOf = (sql: string, tokens: readonly Token[]): readonly Node[] => {
  let next = 0
  const read = (until: string | undefined): readonly Node[] => {
    const items: Node[] = []
    while (next < tokens.length) {
      const token = tokens[next++]
      if (token === undefined) break
      const close = token.kind === 'sign' ? closing[token.value] : undefined
      if (token.kind === 'sign' && token.value === until) return items
      if (token.kind === 'sign' && (token.value === ')' || token.value === ']'))
        throw invalid(`Syntax error: Unexpected "${token.value}" at ${placeOf(sql, token.at)}`)
      items.push(close === undefined ? token : { kind: 'group', open: token.value, items: read(close), at: token.at })
    }
    if (until !== undefined)
      throw invalid(`Syntax error: Expected "${until}" but got end of script at ${placeOf(sql, sql.length)}`)
    return items
  }
  return read(undefined)
}

/** The upper-case word of a node; '' for anything else. */
export const wordOf = (node: Node | undefined): string => (node?.kind === 'word' ? node.value.toUpperCase() : '')

export const isSign = (node: Node | undefined, value: string): boolean => node?.kind === 'sign' && node.value === value

/** Items cut at the commas between them. */
export const commaParts = (items: readonly Node[]): readonly (readonly Node[])[] => {
  if (items.length === 0) return []
  const parts: Node[][] = [[]]
  for (const item of items) {
    if (isSign(item, ',')) parts.push([])
    else parts.at(-1)?.push(item)
  }
  return parts
}
