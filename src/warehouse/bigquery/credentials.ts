import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isGoogle } from '../../core/bigquery/endpoint.ts'
import { AppError } from '../../core/errors.ts'
import { refuseOpenKey } from '../../core/key-rights.ts'
import { parseSecret, type Secret } from './service-key.ts'

export interface CredentialOptions {
  /** Key file of the config; need not exist. */
  readonly path: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly apiEndpoint: string
  readonly tokenEndpoint?: string
}

/** Who calls BigQuery: an account with a secret, this machine itself on Google Cloud, or nobody in particular. */
export type Credentials =
  | { readonly kind: 'secret'; readonly secret: Secret; readonly from: string }
  | { readonly kind: 'machine' }
  | { readonly kind: 'none' }

/**
 * The key file of the config, else the login of gcloud on this machine, else the machine's own account on Google Cloud.
 * A server that is not Google's is asked without any when there is no key file; one on plain http never gets a token of Google's.
 */
export const findCredentials = async (options: CredentialOptions): Promise<Credentials> => {
  const { path, env, apiEndpoint, tokenEndpoint } = options
  const foreign = !isGoogle(apiEndpoint)
  if (foreign && tokenEndpoint === undefined && apiEndpoint.startsWith('http:')) return { kind: 'none' }
  const own = await readSecret(path)
  if (own !== undefined) return own
  if (foreign && tokenEndpoint !== undefined)
    throw new AppError({
      what: `The key file ${path} is not there.`,
      why: `${tokenEndpoint} gives access tokens only to an account with a key.`,
      next: [
        'Put the key file there, or name another one: --credentials-path FILE',
        'If the server wants no account: leave warehouse.token_endpoint out.',
      ],
      kind: 'usage',
    })
  if (foreign) return { kind: 'none' }
  const named = env['GOOGLE_APPLICATION_CREDENTIALS']
  if (named !== undefined && named !== '') {
    const found = await readSecret(named)
    if (found !== undefined) return found
    throw new AppError({
      what: `${named} is not there.`,
      why: 'GOOGLE_APPLICATION_CREDENTIALS names it.',
      next: ['Correct the variable, or unset it.'],
      kind: 'usage',
    })
  }
  const login = await readSecret(loginFile(env))
  if (login !== undefined) return login
  if (await onGoogleCloud()) return { kind: 'machine' }
  throw new AppError({
    what: `The key file ${path} is not there, and nobody is logged in to Google Cloud on this machine.`,
    why: 'BigQuery answers only to an account.',
    next: [
      'Log in yourself: gcloud auth application-default login',
      `Or put the key file of a service account at ${path}, or name another one: --credentials-path FILE`,
      'Or try without an account: --warehouse-kind duckdb',
    ],
    kind: 'usage',
  })
}

const loginFile = (env: CredentialOptions['env']): string =>
  join(env['CLOUDSDK_CONFIG'] ?? join(env['HOME'] ?? '', '.config', 'gcloud'), 'application_default_credentials.json')

const readSecret = async (path: string): Promise<Credentials | undefined> => {
  let text: string
  try {
    text = await readKey(path)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new AppError({
      what: `The key file ${path} cannot be read.`,
      why: `${cause instanceof Error ? cause.message : String(cause)}.`,
      next: [`Give yourself the right to read it: chmod u+r ${path}`],
      kind: 'usage',
      cause,
    })
  }
  return { kind: 'secret', secret: parseSecret(text, path), from: path }
}

const readKey = async (path: string): Promise<string> => {
  const file = await open(path)
  try {
    refuseOpenKey(path, await file.stat(), process.getuid?.())
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

// The firmware names the maker of a virtual machine; asking the network instead would wait where there is no such server.
const onGoogleCloud = async (): Promise<boolean> =>
  /Google/.test(await readFile('/sys/class/dmi/id/product_name', 'utf8').catch(() => ''))
