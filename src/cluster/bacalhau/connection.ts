import { resolve } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { BacalhauOptions } from '../options.ts'
import { assignment, quote } from '../shell.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface Connection {
  readonly env: Readonly<Record<string, string>>
  /** `http://HOST:PORT` of the API, without credentials; undefined while only a profile knows it. */
  readonly endpoint: string | undefined
  /** What it shows itself with, without the secret: `API key`, `user demo`, `no credentials`. */
  readonly access: string
  /** What a shell must be told so that a shown line reaches the same API; secrets are never part of it. */
  readonly shellPrefix: string
  /** The profile that decides; an address wins over it, endpoint and token. */
  readonly profile: string | undefined
}

/** The texts of the secret files that the options name. */
export interface Secrets {
  readonly apiKey?: string
  readonly password?: string
}

/** LOG_LEVEL: the CLI writes its log to stdout. The update check would reach for the internet in every call. */
const quiet = { LOG_LEVEL: 'fatal', BACALHAU_UPDATECONFIG_INTERVAL: '0s' } as const

const names = {
  host: 'BACALHAU_API_HOST',
  port: 'BACALHAU_API_PORT',
  tls: 'BACALHAU_API_TLS_USETLS',
  caFile: 'BACALHAU_API_TLS_CAFILE',
  insecure: 'BACALHAU_API_TLS_INSECURE',
  apiKey: 'BACALHAU_API_KEY',
  username: 'BACALHAU_API_USERNAME',
  password: 'BACALHAU_API_PASSWORD',
  profile: 'BACALHAU_PROFILE',
} as const

const usualPort = '1234'

/** How the CLI reaches the API: what the options say wins over the environment, an address over a profile. */
export const connectionOf = (given: Env, options: BacalhauOptions, secrets: Secrets = {}): Connection => {
  const inherited = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  )
  const address = options.api ?? inherited[names.host]
  const profile = address === undefined ? (options.profile ?? inherited[names.profile]) : undefined
  const credentials = credentialsOf(inherited, options, secrets)
  const target = address === undefined ? {} : targetOf(address, inherited, options)
  const chosen = { ...target, ...trustOf(inherited, options), ...credentials }
  // the CLI lets a leftover host, port or profile win over what was asked for
  const unwanted: readonly string[] = profile === undefined ? [names.profile] : [names.profile, names.port, names.tls]
  const kept = Object.entries(inherited).filter(([name]) => !unwanted.includes(name))
  return {
    env: { ...Object.fromEntries(kept), ...chosen, ...quiet },
    endpoint: endpointOf(target, profile),
    access: accessOf({ ...inherited, ...credentials }, profile),
    shellPrefix: prefixOf(given, chosen, options),
    profile,
  }
}

const targetOf = (address: string, inherited: Env, options: BacalhauOptions): Readonly<Record<string, string>> => {
  const hasScheme = /^[a-z]+:\/\//i.test(address)
  const url = URL.parse(hasScheme ? address : `http://${address}`)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new AppError({
      what: `The cluster's address ${address} is not one.`,
      next: ['Give a host, host:port or URL, for example 203.0.113.7:1234.'],
      kind: 'usage',
    })
  if (url.username !== '' || url.password !== '')
    throw new AppError({
      what: `The cluster's address has a user in it, before ${url.host}.`,
      next: [`Give the user by cluster.username or ${names.username}, the password by ${names.password}.`],
      kind: 'usage',
    })
  const wished = options.tls ?? /^(true|1)$/i.test(inherited[names.tls] ?? '')
  if (hasScheme && url.protocol === 'http:' && options.tls === true)
    throw new AppError({
      what: `The cluster's address ${address} says http, and cluster.tls says https.`,
      next: ['Write https:// in cluster.api, or leave cluster.tls out.'],
      kind: 'usage',
    })
  const tls = url.protocol === 'https:' || (!hasScheme && wished)
  const port = url.port === '' ? portIn(address, options, inherited) : url.port
  return {
    [names.host]: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    [names.port]: port,
    ...(tls || inherited[names.tls] !== undefined ? { [names.tls]: `${tls}` } : {}),
  }
}

/** A port that the address itself says, though it is the scheme's own and URL leaves it out; else the environment's beside its host. */
const portIn = (address: string, { api }: BacalhauOptions, inherited: Env): string =>
  /:(\d+)\/?$/.exec(address)?.[1] ?? (api === undefined ? inherited[names.port] : undefined) ?? usualPort

const trustOf = (inherited: Env, { caFile, insecure }: BacalhauOptions): Readonly<Record<string, string>> => {
  // the CLI runs in a folder of its own
  const authority = caFile ?? inherited[names.caFile]
  return {
    ...(authority === undefined ? {} : { [names.caFile]: resolve(authority) }),
    ...(insecure === undefined ? {} : { [names.insecure]: `${insecure}` }),
  }
}

const credentialsOf = (
  inherited: Env,
  options: BacalhauOptions,
  secrets: Secrets,
): Readonly<Record<string, string>> => {
  const apiKey = inherited[names.apiKey] ?? secrets.apiKey
  const username = options.username ?? inherited[names.username]
  const password = inherited[names.password] ?? secrets.password
  if (apiKey !== undefined && (username !== undefined || password !== undefined))
    throw new AppError({
      what: 'The cluster was given an API key and a user at once.',
      why: 'Bacalhau takes one of them.',
      next: [
        `For the key: leave out cluster.username and cluster.password_file, and unset ${names.username} and ${names.password}.`,
        `For the user: leave out cluster.api_key_file, and unset ${names.apiKey}.`,
      ],
      kind: 'usage',
    })
  if ((username === undefined) !== (password === undefined))
    throw new AppError({
      what: username === undefined ? "The cluster's password has no user." : `The user ${username} has no password.`,
      next: [
        username === undefined
          ? `Set cluster.username or ${names.username}.`
          : `Set ${names.password}, or cluster.password_file to a file that holds it.`,
      ],
      kind: 'usage',
    })
  return {
    ...(apiKey === undefined ? {} : { [names.apiKey]: apiKey }),
    ...(username === undefined || password === undefined
      ? {}
      : { [names.username]: username, [names.password]: password }),
  }
}

const endpointOf = (target: Readonly<Record<string, string>>, profile: string | undefined): string | undefined => {
  const host = target[names.host]
  if (host === undefined) return profile === undefined ? `http://127.0.0.1:${usualPort}` : undefined
  const shown = host.includes(':') ? `[${host}]` : host
  return `${target[names.tls] === 'true' ? 'https' : 'http'}://${shown}:${target[names.port]}`
}

const accessOf = (env: Env, profile: string | undefined): string => {
  if (env[names.apiKey] !== undefined) return 'API key'
  const user = env[names.username]
  if (user !== undefined) return `user ${user}`
  return profile === undefined ? 'no credentials' : `profile ${profile}`
}

/** A secret out of a file is read from there by the shell as well; one of the environment is there already. */
const prefixOf = (
  given: Env,
  chosen: Readonly<Record<string, string>>,
  { apiKeyFile, passwordFile }: BacalhauOptions,
): string =>
  Object.entries(chosen)
    .filter(([name, value]) => given[name] !== value)
    .map(([name, value]) => {
      const file = name === names.apiKey ? apiKeyFile : name === names.password ? passwordFile : undefined
      return `${file === undefined ? assignment(name, value) : `${name}="$(cat ${quote(file)})"`} `
    })
    .join('')
