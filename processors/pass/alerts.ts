import { hash } from 'node:crypto'
import type { NodeIdentity } from '../../src/core/node.ts'
import type { OutputSettings } from '../chunk-processor.ts'
import { maskClient } from '../mask/mask-text.ts'
import { type FieldFile, fitsField, putRow } from './field-file.ts'
import { rowHasFullAddress } from './full-addresses.ts'
import type { AlertRow } from './output.ts'
import { maskedMessageOf } from './request.ts'
import { loadRules, type WindowFailure } from './rule-memory.ts'
import { isFailedLogin, type ProbeRule, type RuleState, rules } from './rules.ts'

/** What the rules look at in one request. */
interface RuleSubject {
  readonly off: number
  readonly second: number
  readonly micros: number
  readonly window: number
  readonly status: number
  /** POST of a login path. */
  readonly login: boolean
  readonly probe: ProbeRule | undefined
  readonly host: string
  /** Method and target, or the whole request when it is odd. */
  readonly request: string
}

/** Judges the requests of one chunk in log order. */
export interface AlertRules {
  /** Counts a request in its window, once for every event; the failure that it raises is handed to `judge`. */
  request(window: number, status: number): WindowFailure | undefined
  /** Adds the alerts of a line that some rule may meet. */
  judge(subject: RuleSubject, failure: WindowFailure | undefined): void
  /** Alerts that the field file cannot hold. */
  readonly exact: readonly AlertRow[]
  /** Alerts whose client lost something. */
  masked(): number
  /** Alerts in which a full address stands all the same. */
  full(): number
  save(): RuleState
}

export interface AlertContext {
  readonly node: NodeIdentity
  readonly fingerprint: string
  readonly settings: OutputSettings
  /** Takes the alerts: in an outage every line is one. */
  readonly file: FieldFile
}

export const openAlertRules = (state: RuleState, context: AlertContext): AlertRules => {
  const memory = loadRules(state)
  const exact: AlertRow[] = []
  let masked = 0
  let full = 0
  const { settings, node, fingerprint, file } = context
  const { windowSeconds } = settings
  const networkOf = remember((host: string) => maskClient(host, settings))
  const messages = remember((key: string) => maskedMessageOf(key.slice(4), Number(key.slice(0, 3)), '-', settings))
  const messageOf = ({ request, status, host }: RuleSubject): string =>
    networkOf(host) === null || request.length > longestRemembered
      ? maskedMessageOf(request, status, host, settings)
      : messages(`${status} ${request}`)

  const raise = (subject: RuleSubject, rule: string, kind: AlertRow['kind'], reason: string): void => {
    const { off, host, second, micros } = subject
    const event_id = hash('sha256', `${rule}\n${node.id}/${fingerprint}/${off}`, 'hex').slice(0, 32)
    const message = messageOf(subject)
    const ip = networkOf(host)
    if (ip !== null && ip !== host) masked += 1
    if (rowHasFullAddress([ip, message, reason])) full += 1
    const ts_us = BigInt(second) * 1_000_000n + BigInt(micros)
    if (fitsField(message)) putRow(file, [`${off}`, `${ts_us}`, kind, reason, event_id, message, ip])
    else exact.push({ off, ts_us, kind, reason, event_id, message, ip })
  }

  return {
    request: memory.request,
    judge(subject, failure) {
      const { status, login, probe } = subject
      if (status >= 500) raise(subject, rules.criticalError.id, rules.criticalError.kind, `status ${status}`)
      const { threshold, id, kind } = rules.failedLogins
      if (isFailedLogin(status, login)) {
        const client = hash('sha256', `${node.id}\n${subject.host}`, 'hex').slice(0, 16)
        if (memory.failedLogin(client, subject.window))
          raise(subject, id, kind, `${threshold} failed logins of one client within ${windowSeconds} s`)
      }
      if (probe !== undefined) raise(subject, probe.id, 'security alert', `probe: ${probe.reason}`)
      if (failure !== undefined) {
        const reason = `${failure.errors} of ${failure.requests} requests within ${windowSeconds} s ended in 5xx`
        raise(subject, rules.systemFailure.id, rules.systemFailure.kind, reason)
      }
    },
    exact,
    masked: () => masked,
    full: () => full,
    save: memory.save,
  }
}

const mostRemembered = 10_000
const longestRemembered = 500

const remember = <Made>(make: (key: string) => Made): ((key: string) => Made) => {
  const known = new Map<string, Made>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    if (known.size >= mostRemembered) known.clear()
    known.set(key, made)
    return made
  }
}
