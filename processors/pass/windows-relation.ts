import type { ChunkInput } from '../chunk-processor.ts'
import type { LogEvent } from '../formats/event.ts'
import type { SimpleLine } from '../formats/scan-line.ts'
import { type AlertRules, openAlertRules } from './alerts.ts'
import { type CountsResult, createCountsRelation } from './counts-relation.ts'
import type { EventSink } from './events-pass.ts'
import { createFieldFile } from './field-file.ts'
import type { PassOptions } from './open-pass.ts'
import type { AlertRow, FieldRelation } from './output.ts'
import { endpointOf } from './request.ts'
import { createRequests } from './requests.ts'
import { findProbe, isFailedLogin, type RuleState } from './rules.ts'

interface WindowsResult {
  readonly rules: RuleState
  readonly masked: number
  readonly full: number
  readonly counts?: CountsResult
  readonly alerts?: FieldRelation<AlertRow>
}

/** Bytes of different requests that are remembered from chunk to chunk. */
const mostRemembered = 4 * 1024 * 1024

/** Makes `counts` and `alerts`, chunk after chunk: the same look at each request serves both. */
export const createWindowsRelation = (options: PassOptions) => {
  const { settings, relations, node } = options
  const { windowSeconds } = settings
  const openMemory = () => {
    const requests = createRequests()
    const counts = relations.has('counts') ? createCountsRelation(requests, settings) : undefined
    return { requests, counts, verdicts: requests.verdicts }
  }
  let { requests, counts, verdicts } = openMemory()
  const file = createFieldFile()
  let rules: AlertRules | undefined
  let unchanged: RuleState
  let window = Number.NaN

  const windowOf = (second: number): number => {
    if (!(second >= window && second < window + windowSeconds))
      window = Math.floor(second / windowSeconds) * windowSeconds
    return window
  }

  const judgeSimple = (judge: AlertRules, bytes: Buffer, line: SimpleLine, off: number, request: number): void => {
    const { status, second, micros, oddQuery } = line
    const failure = judge.request(window, status)
    const verdict = verdicts[request]
    const login = verdict?.login ?? false
    const probe = verdict?.probe ?? (oddQuery ? requests.probe(bytes, line.pathStart, line.pathEnd) : undefined)
    if (status < 500 && failure === undefined && probe === undefined && !isFailedLogin(status, login)) return
    const host = bytes.toString('latin1', line.start, line.hostEnd)
    const text = bytes.toString('latin1', line.methodStart, line.pathEnd)
    judge.judge({ off, second, micros, window, status, login, probe, host, request: text }, failure)
  }

  const numberOf = (event: LogEvent): number => {
    if (event.method === null || event.path === null) return requests.odd(event.request)
    const key = Buffer.from(`${event.method} ${endpointOf(event.path)}`)
    return requests.simple(key, 0, key.length)
  }

  return {
    begin: (input: ChunkInput, bytes: Buffer): EventSink => {
      if (requests.size() > mostRemembered) ({ requests, counts, verdicts } = openMemory())
      unchanged = input.rules
      file.begin(0)
      rules = relations.has('alerts')
        ? openAlertRules(input.rules, { node, fingerprint: input.fingerprint, settings, file })
        : undefined
      return {
        simple: (line, off) => {
          const at = windowOf(line.second)
          const request = requests.simple(bytes, line.methodStart, line.endpointEnd)
          counts?.add(at, line.status, request, line.size)
          if (rules !== undefined) judgeSimple(rules, bytes, line, off, request)
        },
        exact: (event, off) => {
          const at = windowOf(event.second)
          const number = numberOf(event)
          counts?.addLarge(at, event.status, number, event.size)
          if (rules === undefined) return
          const { second, micros, status, host } = event
          const failure = rules.request(at, status)
          const request = event.method === null ? event.request : `${event.method} ${event.path}`
          const probe = verdicts[number]?.probe ?? findProbe(event.path ?? event.request)
          const login = verdicts[number]?.login ?? false
          rules.judge({ off, second, micros, window: at, status, login, probe, host, request }, failure)
        },
      }
    },
    end: (): WindowsResult => {
      const counted = counts?.end()
      return {
        rules: rules?.save() ?? unchanged,
        masked: (counted?.masked ?? 0) + (rules?.masked() ?? 0),
        full: (counted?.full ?? 0) + (rules?.full() ?? 0),
        ...(counted && { counts: counted }),
        ...(rules && { alerts: { file: file.taken(), fileRows: file.rows, exact: rules.exact } }),
      }
    },
  }
}
