import { injections } from './injections.ts'
import { isHealthPath, isLoginPath } from './logins.ts'
import type { AttackRule, ProbeRule } from './rule.ts'
import { isScannerPath, scanner } from './scanner.ts'
import { climbOf, climbsOutsideOfPath, traversal } from './traversal.ts'
import { undoEscapes } from './undo-escapes.ts'

/** Characters of a text that the rules look at. */
const longestLook = 8_192

const attacks: readonly AttackRule[] = [traversal, ...injections]

/** Without any of these a text meets no pattern; most texts end here. A test holds it in step with them. */
const mayAttack =
  /['"`<${;|\\\n\xc0\xe0]|\.\.|&&|@@|\(\)|union|select|waitfor|schema|\b(?:or|and|by)\s+\(?\d|\/(?:etc|proc|bin)\/|\.ini\b|\b(?:auto|allow)_|_user_func|(?:sleep|benchmark|value|xml|file|cmdshell|message|address|eval|assert|system|passthru|exec|decode)\s?\(|cmd|classloader|\.lang\.|\b(?:php|expect|phar|zip|gopher|dict|file|data|javascript):/i

/** Characters of which a query string must hold one to be looked at; in step with the line scanner. */
const oddQuery = /[^A-Za-z0-9_?&=~@,-]/

/** What the rules think of a path, whatever stands behind it. */
export interface PathVerdict {
  /** A path on which people log in. */
  readonly login: boolean
  /** A path on which monitors ask whether the site lives. */
  readonly health: boolean
  /** The rule that is met whatever the answer. */
  readonly attack: ProbeRule | undefined
  /** The rule that is met where the server did not serve it. */
  readonly unserved: ProbeRule | undefined
}

export const judgePath = (endpoint: string): PathVerdict => {
  const path = withoutOrigin(endpoint.slice(0, longestLook))
  const undone = undoEscapes(path)
  const climb = climbOf(path, undone)
  const attack = climb === 'certain' ? traversal : findIn(undone)
  const health = isHealthPath(undone)
  const asked = !health && isScannerPath(normalize(undone)) ? scanner : undefined
  const unserved = attack ?? (climb === undefined ? asked : traversal)
  return { login: isLoginPath(undone), health, attack, unserved }
}

/** The attack in the query string of a target. */
export const findInQuery = (target: string): ProbeRule | undefined => {
  const mark = target.indexOf('?')
  if (mark < 0) return undefined
  const query = target.slice(mark + 1, mark + 1 + longestLook)
  return oddQuery.test(query) ? findOutsideOfPath(query) : undefined
}

/** The attack in a referer or an agent. */
export const findInHeader = (text: string): ProbeRule | undefined => findOutsideOfPath(text.slice(0, longestLook))

const findOutsideOfPath = (text: string): ProbeRule | undefined => {
  const undone = undoEscapes(text)
  return climbsOutsideOfPath.test(undone) ? traversal : findIn(undone)
}

const findIn = (undone: string): ProbeRule | undefined => {
  const text = undone.replaceAll('+', ' ')
  if (!mayAttack.test(text)) return undefined
  const plain = text.replace(/\/\*!\d{0,6}|\/\*[^*]{0,64}\*\/|\*\//g, ' ').replace(/[\s\0]+/g, ' ')
  return attacks.find(({ patterns }) => patterns.some((pattern) => pattern.test(plain)))
}

/** A target may name its host; what a server looks up begins behind it. */
const withoutOrigin = (endpoint: string): string =>
  /^[a-z][a-z0-9+.-]{0,20}:\/\/[^/\\]*(.*)$/is.exec(endpoint)?.[1] ?? endpoint

const normalize = (path: string): string =>
  `/${path
    .toLowerCase()
    .split(/[\\/]/)
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/')}`

/** Method and target of a request that is not `METHOD TARGET HTTP/x`, as far as they are there. */
export const oddTargetOf = (request: string): string => {
  const words = /^[A-Za-z]{1,20} +([/\w].*)$/s.exec(request)?.[1]
  if (words === undefined) return request
  const last = words.lastIndexOf(' HTTP/')
  return last < 0 ? words : words.slice(0, last)
}
