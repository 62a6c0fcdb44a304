import { sign } from 'node:crypto'
import { z } from 'zod'
import { jsonOf } from '../../../src/core/json.ts'
import type { Http, HttpAnswer } from './http.ts'
import type { UploaderKey } from './key-file.ts'

/** Where Google gives out access tokens; also what a request for one must be addressed to. */
export const googleTokens = 'https://oauth2.googleapis.com/token'

const scope = 'https://www.googleapis.com/auth/bigquery'
const lifeSeconds = 3600
/** A token that ends within this many milliseconds is not used any more. */
const margin = 60_000

type Token = { readonly kind: 'token'; readonly value: string } | HttpAnswer

export interface Tokens {
  /** A token that is good for a while; the answer of the token endpoint when it gave none. */
  get(): Promise<Token>
  /** The next call asks for a new token. */
  forget(): void
}

export interface TokenOptions {
  readonly http: Http
  readonly endpoint: string
  readonly uploader: UploaderKey
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly deadlineMs: number
}

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** Access tokens for a service account, asked for with a signed assertion and kept while they are good. */
export const openTokens = ({ http, endpoint, uploader, now, deadlineMs }: TokenOptions): Tokens => {
  let kept: { readonly value: string; readonly until: number } | undefined
  const ask = async (): Promise<Token> => {
    const answer = await http({
      method: 'POST',
      url: new URL(endpoint),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion(uploader, now()),
      }).toString(),
      deadlineMs,
    })
    if (answer.kind === 'silent' || answer.status !== 200) return answer
    const parsed = answerSchema.safeParse(jsonOf(answer.text))
    if (!parsed.success) return { kind: 'silent', why: 'the token endpoint gave no token' }
    const { access_token: value, expires_in: seconds } = parsed.data
    kept = { value, until: now() + seconds * 1000 }
    return { kind: 'token', value }
  }
  return {
    get: async () => (kept !== undefined && now() < kept.until - margin ? { kind: 'token', value: kept.value } : ask()),
    forget: () => {
      kept = undefined
    },
  }
}

const assertion = ({ email, key, keyId }: UploaderKey, now: number): string => {
  const issued = Math.floor(now / 1000)
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) }
  const claims = { iss: email, scope, aud: googleTokens, exp: issued + lifeSeconds, iat: issued }
  const content = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`
}
