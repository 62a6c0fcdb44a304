import { setTimeout as pause } from 'node:timers/promises'
import type { BigQuery } from '@google-cloud/bigquery'
import { AppError } from '../../core/errors.ts'
import { jsonOf } from '../../core/json.ts'
import type { CallOptions } from '../warehouse.ts'
import { type Failure, failureOf, failureOfThrown } from './failure.ts'
import { type OtherApi, rootOf } from './other-apis.ts'
import { pauseBefore } from './retry.ts'

/** A call of BigQuery's REST API; whatever changes something must be safe to send twice, because a lost answer is asked for again. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the project, such as `/datasets/logs`; with `api` from that API's own root. */
  readonly path: string
  /** Another API of Google's than BigQuery. */
  readonly api?: OtherApi
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: object
  /** The etag that the resource must still have. */
  readonly ifMatch?: string
}

type Reply = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly failure: Failure }

/** The only way to BigQuery: every call has a deadline, can be stopped, and is sent again while that may help. */
export interface Gateway {
  /** Rejects only with an AppError of kind `interrupted` or one about credentials; whatever BigQuery says or fails to say is a Reply. */
  readonly send: (request: Request, options: CallOptions) => Promise<Reply>
  readonly close: () => void
}

export interface GatewayOptions {
  readonly apiEndpoint: string
  readonly project: string
  /** Makes a new client from credentials that are read again. */
  readonly openClient: () => Promise<BigQuery>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export const defaultDeadlineMs = 60_000

/** A server that says nothing for so long is asked again, while there is time for that: most is half of what is left. */
const attemptWithin = (leftMs: number): number => (leftMs < 2_000 ? leftMs : Math.min(20_000, leftMs / 2))

/** Opens the gateway; credentials are read with the first call. */
export const openGateway = ({ apiEndpoint, project, openClient, now }: GatewayOptions): Gateway => {
  const base = `${apiEndpoint.replace(/(?<!\/)\/+$/, '')}/bigquery/v2/projects/${encodeURIComponent(project)}`
  const closing = new AbortController()
  let client: Promise<BigQuery> | undefined

  const forget = (used: Promise<BigQuery>): void => {
    if (client === used) client = undefined
  }

  const once = async (used: Promise<BigQuery>, request: Request, signal: AbortSignal): Promise<Reply> => {
    const { authClient } = await used.catch((thrown: unknown) => {
      forget(used)
      throw thrown
    })
    const { method, path, api, query = {}, body, ifMatch } = request
    const answer = await authClient.request({
      url: `${api === undefined ? base : rootOf(api, apiEndpoint)}${path}?${searchOf(query)}`,
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      responseType: 'text',
      validateStatus: () => true,
      retry: false,
      signal,
    })
    const text = typeof answer.data === 'string' ? answer.data : ''
    // whatever its status, a page was made by something between here and BigQuery
    if (text.trimStart().startsWith('<') && answer.status < 500)
      return {
        ok: false,
        failure: {
          status: 0,
          reason: 'brokenAnswer',
          message: `A page came instead, with HTTP status ${answer.status}`,
        },
      }
    if (answer.status < 200 || answer.status >= 300)
      return { ok: false, failure: failureOf(answer.status, text, answer.headers.get('retry-after')) }
    const value = text === '' ? undefined : jsonOf(text)
    if (text !== '' && value === undefined)
      return {
        ok: false,
        failure: { status: answer.status, reason: 'brokenAnswer', message: 'An answer that is no JSON' },
      }
    return { ok: true, body: value }
  }

  /** The client's own tokens know neither signal nor deadline, so the call is raced. */
  const bounded = async (used: Promise<BigQuery>, request: Request, stop: AbortSignal, ms: number): Promise<Reply> => {
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(ms)))
    const signal = AbortSignal.any([stop, late])
    const silence: Reply = {
      ok: false,
      failure: { status: 0, reason: 'silence', message: `no answer within ${seconds(ms)}` },
    }
    const raced = new AbortController()
    try {
      return await Promise.race([once(used, request, signal), ended(signal, raced.signal)])
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown
      return late.aborted ? silence : { ok: false, failure: failureOfThrown(thrown) }
    } finally {
      raced.abort()
    }
  }

  const send: Gateway['send'] = async (request, { signal, deadlineMs = defaultDeadlineMs }) => {
    if (closing.signal.aborted) throw new AppError({ what: 'The warehouse was closed.' })
    const stop = AbortSignal.any([signal, closing.signal])
    const until = now() + deadlineMs
    let renewed = false
    for (let tries = 1; ; tries += 1) {
      if (stop.aborted) throw stopped()
      client ??= openClient()
      const used = client
      const reply = await bounded(used, request, stop, attemptWithin(until - now()))
      if (stop.aborted && !reply.ok) throw stopped()
      if (reply.ok) return reply
      if (reply.failure.status === 401 && !renewed) {
        renewed = true
        // another call may have renewed it already
        forget(used)
        continue
      }
      const wait = pauseBefore(reply.failure, tries)
      if (wait === undefined || now() + wait >= until) return reply
      await pause(wait, undefined, { signal: stop }).catch(() => undefined)
    }
  }

  return { send, close: () => closing.abort() }
}

const searchOf = (query: NonNullable<Request['query']>): URLSearchParams =>
  new URLSearchParams(
    Object.entries({ ...query, prettyPrint: 'false' }).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    ),
  )

/** Rejects once the signal is given; `raced` forgets it, so that no answer stays behind. */
const ended = (signal: AbortSignal, raced: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { signal: raced })
  })

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`

/** The error of a call that was stopped. */
export const stopped = (): AppError =>
  new AppError({ what: 'Stopped before BigQuery had answered.', kind: 'interrupted' })
