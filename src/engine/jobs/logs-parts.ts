import { posix } from 'node:path'
import type { Config } from '../../config/config.ts'
import { dataFolder, dataTarget } from './template.ts'

/** What the jobs around the nodes' logs are made of. */
export interface LogsParts {
  readonly config: Config
  /** Text of a template of the folder jobs, by its name: `logs-peek`. */
  readonly template: (name: string) => Promise<string>
  /** Makes a job's name unique. */
  readonly newId: () => string
}

/** The log as its node names it. */
export const logPath = (config: Config): string => posix.join(dataFolder(config), config.logs.path)

/** The log as a task sees it. */
export const logTarget = (config: Config): string => posix.join(dataTarget, config.logs.path)

/** A job that only these nodes take. */
export const onlyOn = (nodes: readonly string[]) => [{ Key: 'name', Operator: 'in', Values: nodes }]
