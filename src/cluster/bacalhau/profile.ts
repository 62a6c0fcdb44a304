import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import type { CallOptions } from '../cluster.ts'
import type { Cli } from './cli.ts'
import { decode } from './json.ts'

const profilesSchema = z
  .array(z.object({ name: z.string(), endpoint: z.string(), auth: z.string().default('') }))
  .nullable()
  .transform((all) => all ?? [])

export interface Profile {
  readonly endpoint: string
  readonly hasToken: boolean
}

/** What the CLI knows of a profile; one that it does not know is an AppError, because the CLI itself would talk to this machine instead. */
export const profileOf = async (cli: Cli, name: string, options: CallOptions): Promise<Profile> => {
  const all = decode('profile list', await cli(['profile', 'list', '--output', 'json'], options), profilesSchema)
  const found = all.find((one) => one.name === name)
  if (found !== undefined) return { endpoint: endpointOf(found.endpoint), hasToken: found.auth !== '' }
  throw new AppError({
    what: `The bacalhau CLI has no profile ${name}.`,
    why: all.length === 0 ? 'It has none at all.' : `It has ${all.map((one) => one.name).join(', ')}.`,
    next: [
      `Make it: bacalhau profile save ${name} --endpoint https://HOST:PORT`,
      'Or set cluster.api to an address instead of cluster.profile.',
    ],
    kind: 'usage',
  })
}

const endpointOf = (text: string): string => {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`)
  return url === null ? text : `${url.protocol}//${url.hostname}:${url.port === '' ? '1234' : url.port}`
}
