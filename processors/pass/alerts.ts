import { hash } from 'node:crypto'
import type { NodeIdentity } from '../../src/core/node.ts'
import type { OutputSettings } from '../chunk-processor.ts'
import { maskClient } from '../mask/mask-text.ts'
import { criticalError, failedLogins, systemFailure } from '../rules/list.ts'
import type { ProbeRule, Rule } from '../rules/rule.ts'
import { hasFullAddress } from './full-addresses.ts'
import { loginPlace } from './login-memory.ts'
import type { AlertRow } from './output.ts'
import { maskedMessageOf } from './request.ts'
import { alertKey, loadRules, type WindowFailure } from './rule-memory.ts'
import type { RuleState } from './rules.ts'

/** Who asked, where, and what for. */
interface LoginSubject {
  readonly window: number
  readonly host: string
  /** A small number for the host, see `markOf`. */
  readonly mark: number
  readonly user: string | null
  readonly endpoint: string
  /** The endpoint is one on which people log in. */
  readonly loginPath: boolean
}

/** What the rules look at in one request. */
interface RuleSubject extends LoginSubject {
  readonly off: number
  readonly second: number
  readonly micros: number
  readonly status: number
  /** A login that was refused. */
  readonly refused: boolean
  readonly probe: ProbeRule | undefined
  /** Method and target, or the whole request when it is odd. */
  readonly request: string
}

/** Judges the requests of one chunk in log order. */
export interface AlertRules {
  /** Counts a request in its window, once for every event; the failure that it raises is handed to `judge`. */
  request(window: number, status: number): WindowFailure | undefined
  /** How many requests without a failure may be counted together, see the memory. */
  harmless(window: number): number
  requests(window: number, count: number): void
  /** False only if no client of this mark has a failed login in the window; quick. */
  mayHaveFailed(window: number, mark: number): boolean
  /** True when the client has a failed login in the window, which a success may take back. */
  hasFailed(window: number, host: string): boolean
  /** Takes back the failed logins that a served request shows to be none. */
  succeed(subject: LoginSubject, get: boolean): void
  /** Adds the emergencies of a line that some rule may meet. */
  judge(subject: RuleSubject, failure: WindowFailure | undefined): void
  /** Adds the security alerts, whose counts are known by now; once, behind the last line. */
  end(): void
  /** The emergencies. */
  readonly rows: readonly AlertRow[]
  /** Emergencies whose client lost something. */
  masked(): number
  /** Alerts in which a full address stands all the same. */
  full(): number
  save(): RuleState
}

export interface AlertContext {
  readonly node: NodeIdentity
  readonly fingerprint: string
  readonly settings: OutputSettings
  readonly texts: AlertTexts
  /** Memory for the clients with failed logins, all of it 0. */
  readonly filter?: Uint8Array
}

interface Alert {
  readonly subject: RuleSubject
  readonly rule: Rule
  /** Of the client in the window, as far as this chunk goes. */
  count: number
}

/** What alerts say of clients and requests, remembered from chunk to chunk. */
export interface AlertTexts {
  /** The client masked. */
  networkOf(host: string): Network
  /** A short hash of the client. */
  clientOf(host: string): string
  messageOf(subject: RuleSubject): WrittenMessage
  isFull(reason: string): boolean
  /** A short hash of a user, and one of a path. */
  userPlace(user: string): string
  pathPlace(endpoint: string): string
}

interface Network {
  /** Null where the client is no address. */
  readonly ip: string | null
  readonly full: boolean
}

interface WrittenMessage {
  readonly text: string
  /** True where a full address stands in it all the same. */
  readonly full: boolean
}

export const createAlertTexts = ({ settings, node }: Pick<AlertContext, 'settings' | 'node'>): AlertTexts => {
  const written = (text: string): WrittenMessage => ({ text, full: hasFullAddress(text) })
  const networkOf = remember((host: string): Network => {
    const ip = maskClient(host, settings)
    return { ip, full: ip !== null && hasFullAddress(ip) }
  })
  const messages = remember((key: string) =>
    written(maskedMessageOf(key.slice(4), Number(key.slice(0, 3)), '-', settings)),
  )
  return {
    networkOf,
    clientOf: remember((host: string) => hash('sha256', `${node.id}\n${host}`, 'hex').slice(0, 16)),
    messageOf: ({ request, status, host }) =>
      networkOf(host).ip === null
        ? written(maskedMessageOf(request, status, host, settings))
        : messages(`${status} ${request}`),
    isFull: remember(hasFullAddress),
    userPlace: remember((user: string) => hash('sha256', `user\n${user}`, 'hex').slice(0, 12)),
    pathPlace: remember((endpoint: string) => hash('sha256', `path\n${endpoint}`, 'hex').slice(0, 12)),
  }
}

export const openAlertRules = (state: RuleState, context: AlertContext): AlertRules => {
  const { settings, node, fingerprint, texts } = context
  const { networkOf, clientOf, messageOf, userPlace, pathPlace } = texts
  const { windowSeconds } = settings
  const memory = loadRules(state, settings, context.filter)
  const rows: AlertRow[] = []
  const alerts: Alert[] = []
  const open = new Map<string, Alert>()
  let masked = 0
  let full = 0

  const raise = (subject: RuleSubject, { id, kind }: Rule, reason: string): void => {
    const { off, host, second, micros } = subject
    const event_id = hash('sha256', `${id}\n${node.id}/${fingerprint}/${off}`, 'hex').slice(0, 32)
    const { text: message, full: isFull } = messageOf(subject)
    const { ip, full: isFullIp } = networkOf(host)
    if (ip !== null && ip !== host) masked += 1
    if (isFull || isFullIp || texts.isFull(reason)) full += 1
    const ts_us = BigInt(second) * 1_000_000n + BigInt(micros)
    rows.push({ off, ts_us, kind, reason, event_id, message, ip })
  }

  /** One alert a key and window; what comes behind it in this chunk adds to its count. */
  const count = (subject: RuleSubject, rule: Rule, key: string, reached: number): void => {
    const { window } = subject
    const name = `${window} ${key}`
    if (memory.wasRaised(key, window)) {
      const known = open.get(name)
      if (known !== undefined) known.count += 1
    } else {
      memory.raise(key, window)
      const alert = { subject, rule, count: reached }
      alerts.push(alert)
      open.set(name, alert)
    }
  }

  /** Where a failed login counts: for its user, else on the login paths together or on its path. */
  const placeOf = ({ user, loginPath, endpoint }: LoginSubject): string =>
    user !== null ? userPlace(user) : loginPath ? loginPlace : pathPlace(endpoint)

  const failLogin = (subject: RuleSubject): void => {
    const { window, host, mark, user } = subject
    const client = clientOf(host)
    const failed = memory.logins.fail(client, window, placeOf(subject), mark)
    if (failed < settings.failedLogins) return
    count(subject, failedLogins, alertKey(failedLogins.id, client, user === null ? '' : userPlace(user)), failed)
  }

  return {
    request: memory.request,
    harmless: memory.harmless,
    requests: memory.requests,
    mayHaveFailed: memory.logins.mayHaveFailed,
    hasFailed: (window, host) => memory.logins.hasFailed(clientOf(host), window),
    succeed(subject, get) {
      const { window, host, user, endpoint, loginPath } = subject
      const places = loginPath ? (get ? [] : [loginPlace]) : [pathPlace(endpoint)]
      if (user !== null) places.push(userPlace(user), loginPlace)
      memory.logins.succeed(clientOf(host), window, places)
    },
    judge(subject, failure) {
      const { status, probe, refused, host } = subject
      if (status >= 500) raise(subject, criticalError, `status ${status}`)
      if (refused) failLogin(subject)
      if (probe !== undefined) count(subject, probe, alertKey(probe.id, clientOf(host)), 1)
      if (failure !== undefined) {
        const reason = `${failure.errors} of ${failure.requests} requests within ${windowSeconds} s ended in 5xx`
        raise(subject, systemFailure, reason)
      }
    },
    end: () => {
      for (const { subject, rule, count: times } of alerts) raise(subject, rule, reasonOf(rule, times, windowSeconds))
    },
    rows,
    masked: () => masked,
    full: () => full,
    save: memory.save,
  }
}

const reasonOf = (rule: Rule, times: number, windowSeconds: number): string =>
  rule === failedLogins
    ? `${times} failed logins of one client within ${windowSeconds} s`
    : `probe: ${rule.title}, ${times} ${times === 1 ? 'request' : 'requests'} within ${windowSeconds} s`

const mostRemembered = 10_000
const longestRemembered = 500

const remember = <Made>(make: (key: string) => Made): ((key: string) => Made) => {
  const known = new Map<string, Made>()
  return (key) => {
    if (key.length > longestRemembered) return make(key)
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    if (known.size >= mostRemembered) known.clear()
    known.set(key, made)
    return made
  }
}
