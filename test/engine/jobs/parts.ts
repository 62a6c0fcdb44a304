import { readFileSync } from 'node:fs'
import type { Config } from '../../../src/config/config.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { LogsParts } from '../../../src/engine/jobs/logs-parts.ts'

const env = { BACALHAU_API_HOST: 'cluster.example' }

/** A config with these keys, for a cluster. */
export const configWith = (flags: Readonly<Record<string, string>> = {}): Config =>
  loadConfig({ file: '/nowhere/config.yaml', required: false, env, flags, stateDir: '.bbq' })

/** What jobs around logs are made of, with the templates as they are. */
export const logsParts = (config: Config = configWith()): LogsParts => {
  let ids = 0
  return {
    config,
    template: async (name) => readFileSync(new URL(`../../../jobs/${name}.yaml`, import.meta.url), 'utf8'),
    newId: () => `${++ids}`,
  }
}
