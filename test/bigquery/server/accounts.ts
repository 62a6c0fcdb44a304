import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto'
import { z } from 'zod'

interface Key {
  readonly id: string
  readonly privatePem: string
  readonly publicKey: KeyObject
}

export interface Accounts {
  readonly emailOf: (account: string) => string
  readonly keyFile: (account: string, tokenUrl: string) => string
  readonly revoke: (account: string) => void
  /** A new token of an account. */
  readonly issue: (email: string) => { readonly token: string; readonly seconds: number }
  /** The account of a token that is known and not too old. */
  readonly accountOf: (token: string) => string | undefined
  readonly forget: (token: string) => void
  readonly forgetAll: () => void
  /** Every token that was ever issued. */
  readonly issued: readonly string[]
  /** The account that signed an assertion, or why it is none. */
  readonly readAssertion: (
    assertion: string,
    audiences: readonly string[],
  ) => { readonly email: string } | { readonly why: string }
}

const claimsSchema = z.object({
  iss: z.string(),
  scope: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
})

const decode = (part: string | undefined): unknown => {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

const newKey = (): Key => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    id: randomBytes(20).toString('hex'),
    privatePem: pair.privateKey,
    publicKey: createPublicKey(pair.publicKey),
  }
}

/** Service accounts, their keys and tokens. Tokens age by `now`; assertions by the wall clock, which is the one their maker has. */
export const openAccounts = (projectId: string, now: () => number, tokenSeconds: number): Accounts => {
  const keys = new Map<string, Key>()
  const tokens = new Map<string, { readonly email: string; readonly until: number }>()
  const issued: string[] = []
  const emailOf = (account: string): string =>
    account.includes('@') ? account : `${account}@${projectId}.iam.gserviceaccount.com`
  const keyOf = (email: string): Key => {
    const key = keys.get(email) ?? newKey()
    keys.set(email, key)
    return key
  }
  return {
    emailOf,
    keyFile: (account, tokenUrl) => {
      const email = emailOf(account)
      const key = keyOf(email)
      return JSON.stringify(
        {
          type: 'service_account',
          project_id: projectId,
          private_key_id: key.id,
          private_key: key.privatePem,
          client_email: email,
          client_id: '100000000000000000001',
          auth_uri: 'https://accounts.google.com/o/oauth2/auth',
          token_uri: tokenUrl,
          universe_domain: 'googleapis.com',
        },
        null,
        2,
      )
    },
    revoke: (account) => {
      keys.delete(emailOf(account))
    },
    issue: (email) => {
      const token = `ya29.c.${randomBytes(24).toString('base64url')}`
      issued.push(token)
      tokens.set(token, { email, until: now() + tokenSeconds * 1000 })
      return { token, seconds: tokenSeconds }
    },
    accountOf: (token) => {
      const known = tokens.get(token)
      return known === undefined || known.until <= now() ? undefined : known.email
    },
    forget: (token) => {
      tokens.delete(token)
    },
    forgetAll: () => tokens.clear(),
    issued,
    readAssertion: (assertion, audiences) => {
      const [head, body, signature] = assertion.split('.')
      const claims = claimsSchema.safeParse(decode(body))
      const algorithm = z.object({ alg: z.literal('RS256') }).safeParse(decode(head))
      if (!claims.success || !algorithm.success || signature === undefined)
        return { why: 'Invalid JWT: Failed to decode.' }
      const { iss, scope, aud, iat, exp } = claims.data
      const key = keys.get(iss)
      if (key === undefined) return { why: 'Invalid JWT Signature.' }
      if (!verify('sha256', Buffer.from(`${head}.${body}`), key.publicKey, Buffer.from(signature, 'base64url')))
        return { why: 'Invalid JWT Signature.' }
      const wall = Date.now() / 1000
      if (exp - iat > 3600 || exp <= wall || iat > wall + 300) return { why: tooLong }
      if (!audiences.includes(aud)) return { why: 'Invalid JWT: audience is not the token endpoint.' }
      if (!scope.split(' ').some((one) => scopes.has(one)))
        return { why: 'Invalid OAuth scope or ID token audience provided.' }
      return { email: iss }
    },
  }
}

/** What is said when the clock of the caller is wrong. */
export const tooLong =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.'

const scopes: ReadonlySet<string> = new Set([
  'https://www.googleapis.com/auth/bigquery',
  'https://www.googleapis.com/auth/cloud-platform',
])
