/** What a request says: all null where it is none. */
export interface RequestParts {
  readonly method: string | null
  readonly path: string | null
  readonly protocol: string | null
  /** Of an absolute target. */
  readonly host: string | null
}

const token = /^[A-Za-z!#$%&'*+.^_`|~0-9-]+$/
const noRequest: RequestParts = { method: null, path: null, protocol: null, host: null }

/** The first word is the method, a last word that begins with `HTTP/` the protocol, and what is between the target. */
export const requestParts = (request: string): RequestParts => {
  const blank = request.indexOf(' ')
  if (blank <= 0) return noRequest
  const method = request.slice(0, blank)
  const last = request.lastIndexOf(' ')
  const hasProtocol = last > blank && /^HTTP\//i.test(request.slice(last + 1))
  const target = request.slice(blank + 1, hasProtocol ? last : undefined).replace(/^ +|(?<! ) +$/g, '')
  if (target === '' || !token.test(method)) return noRequest
  if (!hasProtocol && !looksLikeTarget(method, target)) return noRequest
  return { method, protocol: hasProtocol ? request.slice(last + 1) : null, ...targetParts(target) }
}

const looksLikeTarget = (method: string, target: string): boolean =>
  /^[A-Z][A-Z_-]+$/.test(method) || /^(?:[/*]|[a-z][a-z0-9+.-]*:\/\/)/i.test(target)

const absolute = /^(?:https?|wss?|ftp):\/\/(?:[^\s/?#]*@)?(\[[^\]\s]*\]|[^\s/?#:&;%\\@]*)(?::\d*)?([/?#][\s\S]*|)$/i

/** The path of a target, and the host of an absolute one. */
export const targetParts = (target: string): { readonly path: string; readonly host: string | null } => {
  const found = target.startsWith('/') ? null : absolute.exec(target)
  if (found === null) return { path: target, host: null }
  const path = found[2] ?? ''
  return { path: path.startsWith('/') ? path : `/${path}`, host: found[1]?.replace(/^\[|\]$/g, '') || null }
}
