import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'
import { type ClusterPlan, planSchema } from './plan.ts'
import { type Daemon, isAlive } from './process.ts'

const daemonSchema = z.object({ pid: z.number(), startedAt: z.string() })
const stateSchema = z.object({ plan: planSchema, cli: z.string() })

export interface ClusterState {
  readonly plan: ClusterPlan
  /** Path of the `bacalhau` program. */
  readonly cli: string
}

const file = (dir: string): string => join(dir, 'cluster.json')
const daemonFile = (plan: ClusterPlan, name: string): string => join(plan.dir, 'pids', `${name}.json`)

export const logFile = (plan: ClusterPlan, name: string): string => join(plan.dir, 'logs', `${name}.log`)

/** What an earlier `up` left in that folder. */
export const readState = (dir: string): ClusterState | undefined =>
  existsSync(file(dir)) ? stateSchema.parse(JSON.parse(readFileSync(file(dir), 'utf8'))) : undefined

/** Makes the folders; refuses one that holds another cluster. */
export const openState = (plan: ClusterPlan): void => {
  const before = readState(plan.dir)?.plan
  if (before !== undefined && JSON.stringify({ ...before, cache: '' }) !== JSON.stringify({ ...plan, cache: '' }))
    throw new AppError({
      what: `The cluster in ${plan.dir} was made with other options.`,
      why: `It has port ${before.port} and nodes ${before.nodes.map(({ name }) => name).join(', ')}.`,
      next: ['Take it down: npm run cluster -- down --purge', 'Or give another --dir.'],
      kind: 'usage',
    })
  for (const folder of ['pids', 'logs', 'shared', 'cwd']) mkdirSync(join(plan.dir, folder), { recursive: true })
  mkdirSync(plan.cache, { recursive: true })
}

export const writeState = (state: ClusterState): void =>
  writeFileSync(file(state.plan.dir), `${JSON.stringify(state, null, 2)}\n`)

export const rememberDaemon = (plan: ClusterPlan, name: string, daemon: Daemon): void =>
  writeFileSync(daemonFile(plan, name), JSON.stringify(daemon))

/** The process of that name, if it is alive. */
export const daemonOf = (plan: ClusterPlan, name: string): Daemon | undefined => {
  if (!existsSync(daemonFile(plan, name))) return undefined
  const daemon = daemonSchema.parse(JSON.parse(readFileSync(daemonFile(plan, name), 'utf8')))
  return isAlive(daemon) ? daemon : undefined
}

export const forgetDaemon = (plan: ClusterPlan, name: string): void => rmSync(daemonFile(plan, name), { force: true })

/** The end of a log, for a message. */
export const lastLine = (path: string): string => {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
  return (lines.at(-1) ?? '').slice(0, 300)
}
