import { AppError } from '../../core/errors.ts'
import { assignment } from '../shell.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface Connection {
  readonly env: Readonly<Record<string, string>>
  /** Where the API is, without credentials. */
  readonly address: string
  /** What a shell must be told so that a shown line reaches the same API; secrets are never part of it. */
  readonly shellPrefix: string
}

/** LOG_LEVEL: the CLI writes its log to stdout. The update check would reach for the internet in every call. */
const quiet = { LOG_LEVEL: 'fatal', BACALHAU_UPDATECONFIG_INTERVAL: '0s' } as const

/** How the CLI reaches the API: `api` (host, host:port or URL) wins over the environment. */
export const connectionOf = (given: Env, api: string | undefined, profile: string | undefined): Connection => {
  const inherited = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
  const chosen = api === undefined ? {} : variablesOf(api)
  const env = { ...inherited, ...chosen, ...quiet }
  const told = Object.entries(chosen).filter(([name, value]) => given[name] !== value)
  return {
    env,
    address: addressOf(env, profile),
    shellPrefix: told.map(([name, value]) => `${assignment(name, value)} `).join(''),
  }
}

const variablesOf = (api: string): Readonly<Record<string, string>> => {
  const url = URL.parse(/^[a-z]+:\/\//i.test(api) ? api : `http://${api}`)
  if (url === null)
    throw new AppError({
      what: `The cluster's address ${api} is not one.`,
      next: ['Give a host, host:port or URL, for example 203.0.113.7:1234.'],
      kind: 'usage',
    })
  return {
    BACALHAU_API_HOST: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    BACALHAU_API_PORT: url.port === '' ? '1234' : url.port,
    ...(url.protocol === 'https:' ? { BACALHAU_API_TLS_USETLS: 'true' } : {}),
  }
}

const addressOf = (env: Readonly<Record<string, string>>, profile: string | undefined): string => {
  const host = env['BACALHAU_API_HOST']
  if (host === undefined) return profile === undefined ? '127.0.0.1:1234' : `profile ${profile}`
  const bare = host.replace(/^[a-z]+:\/\//i, '').replace(/^[^@]*@/, '')
  return /:\d+$/.test(bare) ? bare : `${bare}:${env['BACALHAU_API_PORT'] ?? '1234'}`
}
