import type { AlertRow } from './output.ts'

/** What the rules remember between chunks; plain JSON, bounded, without a readable address. */
export interface RuleState {
  /** Failed logins: hash of the client, start of the window in seconds, how many; the longest untouched first. */
  readonly logins: readonly (readonly [client: string, window: number, failed: number])[]
  /** Requests and 5xx answers a window, start in seconds; 1 once its system failure was raised; the first seen first. */
  readonly windows: readonly (readonly [window: number, requests: number, errors: number, raised: 0 | 1])[]
  /** The `#Fields:` line of a log that has one, by the log's fingerprint. */
  readonly headers?: readonly (readonly [log: string, header: string])[]
}

/** The state before the first byte of a log. */
export const initialRules = (): RuleState => ({ logins: [], windows: [] })

/** Clients with failed logins and windows that are remembered at most; the oldest make room. */
export const mostRemembered = { logins: 10_000, windows: 1_000 } as const

export type AlertKind = AlertRow['kind']

/** An attack told by the target of one request. */
export interface ProbeRule {
  readonly id: string
  readonly reason: string
  /** Tested on the endpoint and on the query string, each as it stands and with its escapes undone once. */
  readonly pattern: RegExp
}

/** The rules as data; an `id` is part of every event_id that its rule raises. */
export const rules = {
  criticalError: { id: 'critical-error', kind: 'critical error' as AlertKind },
  failedLogins: {
    id: 'failed-logins',
    kind: 'security alert' as AlertKind,
    /** The failed login of one client in one window that raises it. */
    threshold: 5,
    /** Every 401 and 403 is one; a POST of such an endpoint that ends in 4xx or 5xx is a failed login too. */
    loginPath: /(?:^|\/)(?:login|log-in|logon|signin|sign-in|auth|authenticate|sessions?)(?:\.\w{2,4})?\/?$/i,
  },
  probes: [
    {
      id: 'path-traversal',
      reason: 'path traversal',
      pattern: /(?:^|[\\/=&?])\.\.(?:[\\/]|$)|%2e%2e|%252e|\/etc\/(?:passwd|shadow)|\bboot\.ini\b|\/proc\/self\//i,
    },
    {
      id: 'injection',
      reason: 'injection',
      pattern:
        /\bunion\b[^a-z0-9]+(?:all[^a-z0-9]+)?select\b|['"]\s*(?:or|and)\b[^=]{0,40}=|\bor\s+1\s*=\s*1\b|;\s*(?:drop|insert|update|delete|shutdown)\s|\b(?:sleep|benchmark)\s*\(|<\s*script|javascript:|\$\{\s*jndi|[;|`]\s*(?:cat|wget|curl|nc|bash|sh)\s/i,
    },
    {
      id: 'scanner',
      reason: 'scanner path',
      pattern:
        /^\/(?:wp-(?:login|admin|content|includes|config)\b|wordpress\b|xmlrpc\.php|phpmyadmin\b|pma\b|\.(?:env|git|svn|aws|ssh|htaccess|htpasswd|DS_Store)\b|cgi-bin\/|boaform\/|HNAP1\b|server-status\b|manager\/html|solr\/admin|actuator\/|vendor\/phpunit|phpunit\/|phpinfo\.php|shell\.php|admin\.php|config\.php|autodiscover\/|owa\/auth|setup\.cgi|_ignition\/)/i,
    },
  ] as readonly ProbeRule[],
  systemFailure: {
    id: 'system-failure',
    kind: 'system failure' as AlertKind,
    /** Requests that a window must reach. */
    requests: 20,
    /** Share of 5xx answers among them. */
    share: 0.5,
  },
} as const

/** Characters of a target that the probe rules look at. */
const longestLook = 8_192

/** Characters of which a query string must hold one to be looked at; in step with the line scanner. */
const oddQuery = /[^A-Za-z0-9/_?&=~:@,-]/

/** The first probe rule that a target meets. */
export const findProbe = (target: string): ProbeRule | undefined => {
  const mark = target.indexOf('?')
  if (mark < 0) return findProbeIn(target)
  return findProbeIn(target.slice(0, mark)) ?? findProbeInQuery(target.slice(mark + 1))
}

/** The first probe rule that an endpoint meets. */
export const findProbeIn = (whole: string): ProbeRule | undefined => {
  const text = whole.slice(0, longestLook)
  const undone = text.includes('%') ? undoEscapes(text) : text
  return rules.probes.find((rule) => rule.pattern.test(text) || (undone !== text && rule.pattern.test(undone)))
}

const findProbeInQuery = (query: string): ProbeRule | undefined =>
  oddQuery.test(query) ? findProbeIn(query.replaceAll('+', ' ')) : undefined

const undoEscapes = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** True for an answer to a login that was refused; `login` tells a POST of a login path. */
export const isFailedLogin = (status: number, login: boolean): boolean =>
  status === 401 || status === 403 || (login && status >= 400)

/** True for an endpoint whose failed POST is a failed login. */
export const isLoginPath = (endpoint: string): boolean => rules.failedLogins.loginPath.test(endpoint)
