import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import type { CallOptions } from '../cluster.ts'
import type { Cli } from './cli.ts'
import { decode } from './json.ts'

const versionSchema = z.object({ GitVersion: z.string() })
const clientSchema = z.object({ clientVersion: versionSchema })

/** The oldest that is known to work. */
const oldest = { major: 1, minor: 9 } as const

/** The CLI's version; an AppError when it is missing or too old. */
export const cliVersion = async (cli: Cli, options: CallOptions): Promise<string> => {
  const stdout = await cli(['version', '--client', '--output', 'json'], options)
  const { GitVersion } = decode('version', stdout, clientSchema).clientVersion
  mustBeNew('The bacalhau CLI', GitVersion)
  return GitVersion
}

/** The orchestrator's version; an AppError when it does not answer or is too old. */
export const serverVersion = async (cli: Cli, profile: readonly string[], options: CallOptions): Promise<string> => {
  const stdout = await cli(['agent', 'version', '--output', 'json', ...profile], options)
  const { GitVersion } = decode('agent version', stdout, versionSchema)
  mustBeNew('The Bacalhau orchestrator', GitVersion)
  return GitVersion
}

/** A version that cannot be read is a build of somebody's own, and taken as it is. */
const mustBeNew = (what: string, version: string): void => {
  const found = /^v?(\d+)\.(\d+)/.exec(version)
  if (found === null) return
  const [major, minor] = [Number(found[1]), Number(found[2])]
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor) || (major === 0 && minor === 0)) return
  throw new AppError({
    what: `${what} is ${version}.`,
    why: `At least ${oldest.major}.${oldest.minor} is needed: earlier ones answer otherwise.`,
    next: ['Install a newer one: https://docs.bacalhau.org', 'Or set cluster.kind to sandbox.'],
    kind: 'usage',
  })
}
