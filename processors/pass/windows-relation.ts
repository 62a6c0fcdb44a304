import type { ChunkInput } from '../chunk-processor.ts'
import type { LogEvent } from '../formats/event.ts'
import type { SimpleLine } from '../formats/scan-line.ts'
import { openAlertRules } from './alerts.ts'
import type { EventSink } from './events-pass.ts'
import type { PassOptions } from './open-pass.ts'
import type { AlertRow, CountRow, MessageRow } from './output.ts'
import { endpointOf } from './request.ts'
import { createRequests } from './requests.ts'
import { findProbe, type RuleState } from './rules.ts'
import { summarise } from './summarise.ts'
import { createTally } from './tally.ts'

interface WindowsResult {
  readonly rules: RuleState
  readonly masked: number
  readonly windowCounts?: readonly CountRow[]
  readonly messages?: readonly MessageRow[]
  readonly alerts?: readonly AlertRow[]
}

export interface WindowsSink extends EventSink {
  end(): WindowsResult
}

/** Makes `counts` and `alerts` of one chunk: the same look at each request serves both. */
export const openWindowsRelation = (options: PassOptions, input: ChunkInput, bytes: Buffer): WindowsSink => {
  const { settings, node, relations } = options
  const { windowSeconds } = settings
  const requests = createRequests()
  const { verdicts } = requests
  const tally = relations.has('counts') ? createTally() : undefined
  const rules = relations.has('alerts')
    ? openAlertRules(input.rules, { node, fingerprint: input.fingerprint, settings })
    : undefined
  let window = Number.NaN

  const windowOf = (second: number): number => {
    if (!(second >= window && second < window + windowSeconds))
      window = Math.floor(second / windowSeconds) * windowSeconds
    return window
  }

  const judgeSimple = (line: SimpleLine, off: number, request: number): void => {
    const { status, second, micros, oddQuery } = line
    const failure = rules?.request(window, status)
    const verdict = verdicts[request]
    if (status < 400 && failure === undefined && verdict?.probe === undefined && !oddQuery) return
    const target = bytes.toString('utf8', line.pathStart, line.pathEnd)
    const probe = verdict?.probe ?? (oddQuery ? findProbe(target) : undefined)
    const login = verdict?.login ?? false
    const host = bytes.toString('utf8', line.start, line.hostEnd)
    const method = bytes.toString('latin1', line.methodStart, line.methodEnd)
    rules?.judge({ off, second, micros, window, status, login, probe, host, request: `${method} ${target}` }, failure)
  }

  const numberOf = (event: LogEvent): number => {
    if (event.method === null || event.path === null) return requests.odd(event.request)
    const key = Buffer.from(`${event.method} ${endpointOf(event.path)}`)
    return requests.simple(key, 0, key.length)
  }

  return {
    simple: (line, off) => {
      const at = windowOf(line.second)
      const request = requests.simple(bytes, line.methodStart, line.endpointEnd)
      tally?.add(at, line.status, request, line.size)
      if (rules !== undefined) judgeSimple(line, off, request)
    },
    exact: (event, off) => {
      const at = windowOf(event.second)
      const number = numberOf(event)
      tally?.addLarge(at, event.status, number, event.size)
      if (rules === undefined) return
      const { second, micros, status, host } = event
      const failure = rules.request(at, status)
      const request = event.method === null ? event.request : `${event.method} ${event.path}`
      const probe = verdicts[number]?.probe ?? findProbe(event.path ?? event.request)
      const login = verdicts[number]?.login ?? false
      rules.judge({ off, second, micros, window: at, status, login, probe, host, request }, failure)
    },
    end: () => {
      const summary = tally && summarise(tally, verdicts, settings)
      const maskedHosts = rules?.alerts.filter(({ ip }) => ip !== null).length ?? 0
      return {
        rules: rules?.save() ?? input.rules,
        masked: (summary?.masked ?? 0) + maskedHosts,
        ...(summary && { windowCounts: summary.windowCounts, messages: summary.messages }),
        ...(rules && { alerts: rules.alerts }),
      }
    },
  }
}
