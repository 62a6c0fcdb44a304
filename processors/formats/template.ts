/** What a field of a line is to bbq; `ignored` has no column, `port` is one of digits, `between` stands for any fields without a quote, perhaps none. */
export type FieldKind =
  | 'client'
  | 'user'
  | 'time'
  | 'request'
  | 'method'
  | 'path'
  | 'query'
  | 'protocol'
  | 'status'
  | 'size'
  | 'referer'
  | 'agent'
  | 'host'
  | 'duration'
  | 'forwarded'
  | 'port'
  | 'ignored'
  | 'between'

export type DurationUnit = 's' | 'ms' | 'us' | 'ns'

export interface Field {
  readonly kind: FieldKind
  /** As the server's own notation names it. */
  readonly name: string
  /** Of a duration. */
  readonly unit?: DurationUnit
  /** True when blanks may stand before it. */
  readonly padded?: boolean
  /** True when the field and the blank before it may be missing. */
  readonly optional?: boolean
}

/** A line of a format: text that stands in every line, and fields. */
export type Template = readonly (string | Field)[]

const isField = (piece: string | Field | undefined, kind: FieldKind): piece is Field =>
  typeof piece === 'object' && piece.kind === kind

/** The same with neighbours joined: text with text, the parts of a time, of a target and of a request. */
export const joined = (template: Template): Template =>
  joinRequest(
    joinPairs(joinPairs(wholeProtocol(joinText(template)), 'time', 'time', isShort), 'path', 'query', isNothing),
  )

/** Where a text has `HTTP/` before the version it belongs to the protocol. */
const wholeProtocol = (template: Template): Template =>
  template.map((piece, i) =>
    typeof piece === 'string' && piece.endsWith('HTTP/') && isField(template[i + 1], 'protocol')
      ? piece.slice(0, -'HTTP/'.length)
      : piece,
  )

const joinText = (template: Template): Template => {
  const out: (string | Field)[] = []
  for (const piece of template) {
    const last = out.at(-1)
    if (piece === '') continue
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece
    else out.push(piece)
  }
  return out
}

const isShort = (between: string): boolean => /^(?:[.,\s]|)$/.test(between)
const isNothing = (between: string): boolean => between === '' || between === '?'

/** Fields of two kinds with next to nothing between them become one of the first kind. */
const joinPairs = (
  template: Template,
  first: FieldKind,
  second: FieldKind,
  mayStandBetween: (text: string) => boolean,
): Template => {
  const out: (string | Field)[] = []
  for (const piece of template) {
    const last = out.at(-1)
    const before = typeof last === 'string' ? out.at(-2) : last
    const between = typeof last === 'string' ? last : ''
    if (isField(piece, second) && isField(before, first) && mayStandBetween(between)) {
      if (typeof last === 'string') out.pop()
      out[out.length - 1] = { ...before, name: `${before.name}${between}${piece.name}` }
    } else out.push(piece)
  }
  return out
}

/** `METHOD TARGET PROTOCOL` within quotes is a request, whatever the fields are called. */
const joinRequest = (template: Template): Template => {
  const out: (string | Field)[] = []
  for (let i = 0; i < template.length; i++) {
    const [method, blank, path, slash, protocol, end] = template.slice(i, i + 6)
    const before = out.at(-1)
    const quoted = typeof before === 'string' && before.endsWith('"') && typeof end === 'string' && end.startsWith('"')
    if (
      quoted &&
      isField(method, 'method') &&
      blank === ' ' &&
      isField(path, 'path') &&
      slash === ' ' &&
      isField(protocol, 'protocol')
    ) {
      out.push({ kind: 'request', name: `${method.name} ${path.name}${slash}${protocol.name}` })
      i += 4
    } else if (template[i] !== undefined) out.push(template[i] as string | Field)
  }
  return out
}
