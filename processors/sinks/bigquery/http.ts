import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorCode } from '../../run/explain.ts'

export interface HttpCall {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Text, or a stream of as many bytes as the header content-length says. */
  readonly body?: string | Readable
  /** Milliseconds for the whole call. */
  readonly deadlineMs: number
}

/** `silent` means that nobody knows whether the server did what it was asked. */
export type HttpAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs?: number; readonly text: string }
  | { readonly kind: 'silent'; readonly why: string }

export type Http = (call: HttpCall) => Promise<HttpAnswer>

export interface HttpOptions {
  readonly connectMs: number
  /** Longest time without a byte in either direction. */
  readonly silenceMs: number
}

const longestText = 1024 * 1024

/** One call over HTTP or HTTPS that always ends; rejects only when its own body cannot be read. */
export const openHttp = ({ connectMs, silenceMs }: HttpOptions): Http => {
  const agents = { plain: new PlainAgent({ keepAlive: true }), secure: new Agent({ keepAlive: true }) }
  return ({ method, url, headers, body, deadlineMs }) =>
    new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:'
      const sent = secure
        ? request(url, { method, headers, agent: agents.secure })
        : plainRequest(url, { method, headers, agent: agents.plain })
      let connecting: NodeJS.Timeout | undefined

      const end = (tell: () => void): void => {
        clearTimeout(whole)
        clearTimeout(connecting)
        tell()
      }
      const fail = (why: string): void =>
        end(() => {
          resolve({ kind: 'silent', why })
          sent.destroy()
        })
      const whole = setTimeout(() => fail(`no whole answer within ${seconds(deadlineMs)}`), deadlineMs)

      sent.setTimeout(silenceMs, () => fail(`silence for ${seconds(silenceMs)}`))
      sent.on('socket', (socket) => {
        if (!socket.connecting) return
        connecting = setTimeout(() => fail(`no connection within ${seconds(connectMs)}`), connectMs)
        socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
      })
      sent.on('error', (thrown) => fail(errorCode(thrown) ?? thrown.message))
      sent.on('response', (response) => {
        readText(response).then(
          (text) =>
            end(() => {
              resolve({ kind: 'answered', status: response.statusCode ?? 0, ...retryAfter(response), text })
              // an answer before the last byte was sent leaves a connection that cannot be used again
              if (!sent.writableFinished) sent.destroy()
            }),
          (thrown) => fail(errorCode(thrown) ?? 'a cut answer'),
        )
      })
      if (body === undefined || typeof body === 'string') sent.end(body)
      else
        pipeline(body, sent).catch((thrown: unknown) => {
          if (body.errored === null || sent.errored !== null) return
          end(() => reject(thrown))
          sent.destroy()
        })
    })
}

const readText = async (response: IncomingMessage): Promise<string> => {
  let text = ''
  response.setEncoding('utf8')
  for await (const piece of response) if (text.length < longestText) text += String(piece)
  if (!response.complete) throw new Error('a cut answer')
  return text
}

/** Seconds or a date, as RFC 9110 has it. */
const retryAfter = ({ headers }: IncomingMessage): { readonly retryAfterMs?: number } => {
  const given = headers['retry-after']
  if (given === undefined) return {}
  const ms = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.parse(headers.date ?? '')
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {}
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
