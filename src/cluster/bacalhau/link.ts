import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { CallOptions } from '../cluster.ts'
import type { BacalhauOptions } from '../options.ts'
import { type Cli, createCli } from './cli.ts'
import { connectionOf } from './connection.ts'
import { profileOf } from './profile.ts'
import { readSecretFile } from './secret-file.ts'
import { cliVersion, serverVersion } from './versions.ts'

export interface LinkOptions {
  readonly stateDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly bacalhau?: BacalhauOptions
}

/** A CLI that is there and new enough, and where it will talk to. */
export interface Link {
  readonly cli: Cli
  /** `http://HOST:PORT` of the API, without credentials. */
  readonly endpoint: string
  /** What it shows itself with: `API key`, `user demo`, `profile talk`, `no credentials`. */
  readonly access: string
  readonly shellPrefix: string
  /** Arguments that every call of the API ends with. */
  readonly profile: readonly string[]
}

/**
 * Finds the CLI and what it needs to reach the API, which is not asked yet. The version goes first and alone, because the CLI's
 * first call ever makes its folder. Secrets are read here, and go into the environment of child processes only.
 */
export const linkTo = async ({ stateDir, env, bacalhau = {} }: LinkOptions, call: CallOptions): Promise<Link> => {
  const { command = 'bacalhau', apiKeyFile, passwordFile } = bacalhau
  const cwd = join(resolve(stateDir), 'jobs')
  const connection = connectionOf(env, bacalhau, {
    ...(apiKeyFile === undefined ? {} : { apiKey: await readSecretFile(apiKeyFile, 'cluster.api_key_file') }),
    ...(passwordFile === undefined ? {} : { password: await readSecretFile(passwordFile, 'cluster.password_file') }),
  })
  const { shellPrefix, access, profile: name } = connection
  await mkdir(cwd, { recursive: true })
  const cliAt = (address: string): Cli => createCli({ command, env: connection.env, cwd, address })
  const local = cliAt(connection.endpoint ?? `profile ${name}`)
  await cliVersion(local, call)
  if (name === undefined || connection.endpoint !== undefined)
    return { cli: local, endpoint: connection.endpoint ?? '', access, shellPrefix, profile: [] }
  const { endpoint, hasToken } = await profileOf(local, name, call)
  return {
    cli: cliAt(endpoint),
    endpoint,
    access:
      access === `profile ${name}`
        ? `profile ${name}, ${hasToken ? 'its token' : 'no credentials'}`
        : `${access}, profile ${name}`,
    shellPrefix,
    profile: ['--profile', name],
  }
}

/** The CLI's version, without a look at how it reaches the API. */
export const findCli = async ({ stateDir, env, bacalhau = {} }: LinkOptions, call: CallOptions): Promise<string> => {
  const cwd = join(resolve(stateDir), 'jobs')
  await mkdir(cwd, { recursive: true })
  const { command = 'bacalhau' } = bacalhau
  const local = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('BACALHAU_API_')))
  return cliVersion(createCli({ command, env: connectionOf(local, {}).env, cwd, address: 'this machine' }), call)
}

/** Asks the orchestrator for its version, which needs no credentials. */
export const serverVersionOf = ({ cli, profile }: Link, call: CallOptions): Promise<string> =>
  serverVersion(cli, profile, call)

/** A job that is compared with what is there, and never sent. */
const neverSent = {
  Name: 'bbq-access-check',
  Type: 'ops',
  Tasks: [{ Name: 'main', Engine: { Type: 'docker', Params: { Image: 'bbq' } } }],
}

/** An AppError when the credentials are not accepted, or may only read: told before a job is. */
export const mustMaySubmit = async ({ cli, profile }: Link, call: CallOptions): Promise<void> => {
  await cli(['job', 'run', '--dry-run', '--no-template', ...profile], {
    ...call,
    input: JSON.stringify(neverSent),
    refusal: /unauthorized|Request Forbidden|new authentication method/i,
  })
}
