import type { ChunkInput } from '../chunk-processor.ts'
import type { LogEvent } from '../formats/event.ts'
import type { LineReader } from '../formats/open-reader.ts'
import type { SimpleLine } from '../formats/simple-line.ts'
import { findInQuery, oddTargetOf } from '../rules/judge-request.ts'
import { isHealthAgent, isRefused, isServed } from '../rules/logins.ts'
import type { ProbeRule } from '../rules/rule.ts'
import { programOf } from '../vector/room.ts'
import { type AlertRules, createAlertTexts, openAlertRules } from './alerts.ts'
import { type CountsResult, createCountsRelation } from './counts-relation.ts'
import type { EventSink } from './events-pass.ts'
import { attackInHeaders, createHeaders } from './headers.ts'
import { type Hold, heldBy } from './held.ts'
import { markOf } from './login-memory.ts'
import type { PassOptions } from './open-pass.ts'
import type { AlertRow } from './output.ts'
import { beginQuickCounts, type QuickCounts } from './quick-counts.ts'
import { endpointOf, requestTextOf } from './request.ts'
import { createRequests, type RequestVerdict } from './requests.ts'
import type { WindowFailure } from './rule-memory.ts'
import type { RuleState } from './rules.ts'

interface WindowsSink extends EventSink {
  /** Counts as many lines as can be counted at once from a place on; the place behind the last. */
  many(from: number): number
  /** Lines that were counted so. */
  count(): number
}

interface WindowsResult {
  readonly rules: RuleState
  readonly masked: number
  readonly full: number
  readonly counts?: CountsResult
  readonly alerts?: readonly AlertRow[]
}

/** Bytes of different requests that are remembered from chunk to chunk. */
const mostRemembered = 4 * 1024 * 1024

const blank = 32

/** From here on a size is counted as a bigint, and so is every size of a window before 1970. */
const largeFrom = 2n ** 50n

/** Makes `counts` and `alerts`, chunk after chunk: the same look at each request serves both. */
export const createWindowsRelation = (options: PassOptions, reader: LineReader) => {
  const { settings, relations, node } = options
  const { windowSeconds } = settings
  const openMemory = () => {
    const requests = createRequests()
    const counts = relations.has('counts') ? createCountsRelation(requests, settings) : undefined
    return { requests, counts, verdicts: requests.verdicts }
  }
  let { requests, counts, verdicts } = openMemory()
  let rules: AlertRules | undefined
  let quick: QuickCounts | undefined
  /** The numbers of texts in a room are those of one user. */
  const isAlone = !relations.has('events') && !relations.has('masked') && relations.has('alerts')
  let unchanged: RuleState
  let hold: Hold = () => undefined
  const headers = createHeaders()
  const texts = createAlertTexts(options)
  let window = Number.NaN

  const windowOf = (second: number): number => {
    if (!(second >= window && second < window + windowSeconds))
      window = Math.floor(second / windowSeconds) * windowSeconds
    return window
  }

  const userOf = (bytes: Buffer, { userStart, userEnd }: SimpleLine): string | null =>
    userEnd === userStart || (userEnd - userStart === 1 && bytes[userStart] === 45)
      ? null
      : bytes.toString('latin1', userStart, userEnd)

  const judgeSimple = (judge: AlertRules, bytes: Buffer, line: SimpleLine, off: number, request: number): void => {
    const { status } = line
    const failure = judge.request(window, status)
    const verdict = verdicts[request]
    if (verdict === undefined) return
    const mark = markOf(bytes, line.clientStart, line.clientEnd)
    const mayTakeBack = isServed(status) && judge.mayHaveFailed(window, mark)
    const odd = headers.mayHold(line)
    const plain = status < 400 && !line.oddQuery && !odd && verdict.path.attack === undefined
    if (plain && !mayTakeBack && failure === undefined) return
    const header = odd ? headers.attack(line) : undefined
    if (odd && header === undefined) quick?.learnHarmless(line, 'referer')
    judgeClosely(judge, bytes, line, off, verdict, mark, header, failure)
  }

  const judgeClosely = (
    judge: AlertRules,
    bytes: Buffer,
    line: SimpleLine,
    off: number,
    verdict: RequestVerdict,
    mark: number,
    header: ProbeRule | undefined,
    failure: WindowFailure | undefined,
  ): void => {
    const { status, second, micros } = line
    const { path, login, get } = verdict
    const inQuery = line.oddQuery ? requests.attackInQuery(bytes, line.pathStart, line.pathEnd) : undefined
    if (line.oddQuery && inQuery === undefined) quick?.learnHarmless(line, 'target')
    const probe = path.attack ?? inQuery ?? header ?? (status >= 400 ? path.unserved : undefined)
    const refused =
      isRefused(status, login) &&
      !path.health &&
      !isHealthAgent(bytes.toString('latin1', line.agentStart, line.agentEnd))
    const met = refused || status >= 500 || failure !== undefined || probe !== undefined
    const mayTakeBack = isServed(status) && judge.mayHaveFailed(window, mark)
    if (!met && !mayTakeBack) return
    const host = bytes.toString('latin1', line.clientStart, line.clientEnd)
    const takesBack = mayTakeBack && judge.hasFailed(window, host)
    if (!met && !takesBack) return
    const endpoint = bytes.toString('latin1', line.pathStart, line.endpointEnd)
    const subject = { window, host, mark, user: userOf(bytes, line), endpoint, loginPath: path.login }
    if (takesBack) judge.succeed(subject, get)
    if (!met) return
    const text = requestTextOf(bytes, line)
    hold(heldBy.alert + (probe === undefined && !refused ? 0 : text.length))
    judge.judge({ ...subject, off, second, micros, status, refused, probe, request: text }, failure)
  }

  const judgeExact = (judge: AlertRules, event: LogEvent, off: number, verdict: RequestVerdict): void => {
    const { second, micros, status, client: host, user, referer, agent } = event
    const { path, login, get } = verdict
    const failure = judge.request(window, status)
    const target = event.path ?? oddTargetOf(event.request)
    const probe =
      path.attack ??
      findInQuery(target) ??
      attackInHeaders(referer ?? '', agent ?? '') ??
      (status >= 400 ? path.unserved : undefined)
    const refused = isRefused(status, login) && !path.health && !isHealthAgent(agent ?? '')
    const name = Buffer.from(host)
    const subject = {
      window,
      host,
      mark: markOf(name, 0, name.length),
      user,
      endpoint: endpointOf(target),
      loginPath: path.login,
    }
    if (isServed(status) && judge.hasFailed(window, host)) judge.succeed(subject, get)
    const request = event.method === null ? event.request : `${event.method} ${event.path}`
    if (refused || status >= 500 || probe !== undefined) hold(heldBy.alert + 2 * request.length)
    judge.judge({ ...subject, off, second, micros, status, refused, probe, request }, failure)
  }

  const numberOfSimple = (bytes: Buffer, line: SimpleLine): number => {
    if (line.joined) return requests.simple(bytes, line.methodStart, line.endpointEnd)
    const method = bytes.subarray(line.methodStart, line.methodEnd + 1)
    const key = Buffer.concat([method, bytes.subarray(line.pathStart, line.endpointEnd)])
    key[method.length - 1] = blank
    return requests.simple(key, 0, key.length)
  }

  const numberOf = (event: LogEvent): number => {
    if (event.method === null || event.path === null) return requests.odd(event.request)
    const key = Buffer.from(`${event.method} ${endpointOf(event.path)}`)
    return requests.simple(key, 0, key.length)
  }

  return {
    begin: (input: ChunkInput, bytes: Buffer, given: Hold): WindowsSink => {
      hold = given
      if (requests.size() > mostRemembered) ({ requests, counts, verdicts } = openMemory())
      unchanged = input.rules
      headers.begin(bytes)
      counts?.begin(hold)
      const program = counts !== undefined && isAlone ? programOf(bytes) : undefined
      quick = program && beginQuickCounts({ program, bytes, reader, windowSeconds, hold })
      rules = relations.has('alerts')
        ? openAlertRules(input.rules, {
            ...{ node, fingerprint: input.fingerprint, settings, texts },
            ...(quick && { filter: quick.filter }),
          })
        : undefined
      window = Number.NaN
      return {
        many: (from) =>
          quick === undefined || rules === undefined || Number.isNaN(window) ? from : quick.many(from, window, rules),
        count: () => quick?.count() ?? 0,
        simple: (line, off) => {
          const at = windowOf(line.second)
          const request = numberOfSimple(bytes, line)
          counts?.add(at, line.status, request, Math.max(0, line.size))
          const verdict = verdicts[request]
          if (quick !== undefined && verdict !== undefined) quick.learn(line, request, verdict)
          if (rules !== undefined) judgeSimple(rules, bytes, line, off, request)
        },
        exact: (event, off) => {
          const at = windowOf(event.second)
          const number = numberOf(event)
          const size = event.size ?? 0n
          if (at >= 0 && size < largeFrom) counts?.add(at, event.status, number, Number(size))
          else counts?.addLarge(at, event.status, number, size)
          const verdict = verdicts[number]
          if (rules !== undefined && verdict !== undefined) judgeExact(rules, event, off, verdict)
        },
      }
    },
    end: (): WindowsResult => {
      const counted = counts?.end(quick)
      rules?.end()
      return {
        rules: rules?.save() ?? unchanged,
        masked: (counted?.masked ?? 0) + (rules?.masked() ?? 0),
        full: (counted?.full ?? 0) + (rules?.full() ?? 0),
        ...(counted && { counts: counted }),
        ...(rules && { alerts: rules.rows }),
      }
    },
  }
}
