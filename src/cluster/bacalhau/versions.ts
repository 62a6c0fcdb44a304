import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import type { CallOptions } from '../cluster.ts'
import type { Cli } from './cli.ts'
import { decode } from './json.ts'

const versionSchema = z.object({ GitVersion: z.string() })
const clientSchema = z.object({ clientVersion: versionSchema })

/** The oldest that is known to work. */
const oldest = { major: 1, minor: 9 } as const

/**
 * Asks the CLI for its version, then the orchestrator for its own: so that whoever opens a cluster knows that both are there.
 * The CLI goes first and alone, because its first call ever makes its folder. Throws an AppError when one is missing or too old.
 */
export const checkVersions = async (cli: Cli, profile: readonly string[], options: CallOptions): Promise<void> => {
  const client = await cli(['version', '--client', '--output', 'json'], options)
  mustBeNew('The bacalhau CLI', decode('version', client, clientSchema).clientVersion.GitVersion)
  const server = await cli(['agent', 'version', '--output', 'json', ...profile], options)
  mustBeNew('The Bacalhau orchestrator', decode('agent version', server, versionSchema).GitVersion)
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
