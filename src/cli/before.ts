import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { localConfig } from '../config/local.ts'
import type { Stage } from '../core/stage.ts'
import type { Holding } from '../engine/holdings.ts'
import { stepsFor } from '../engine/initial-state.ts'
import { parseRuns, stoppedAfter } from '../engine/runs-file.ts'
import type { Before } from '../engine/state.ts'
import { readRuns } from './engine-files.ts'
import { holdingsFile } from './holdings-file.ts'

/** Tables that cannot be read may be anybody's. */
const unknown: Holding = { kind: 'own', noted: false, tables: 0 }

/** What an earlier session left in the state folder, or undefined when it holds nothing. */
export const readBefore = async (
  stateDir: string,
  config: Config,
  stages: readonly Stage[],
): Promise<Before | undefined> => {
  const { kind, path } = config.warehouse
  const connected = kind === 'bigquery' || config.cluster.kind === 'bacalhau'
  const holding = await holdingsFile(stateDir)
    .look(localConfig(config, stateDir))
    .catch(() => unknown)
  const own = holding.kind === 'own' && !connected ? holding : undefined
  const ownLogs = own?.nodes !== undefined
  const [nodes, warehouse, runs] = await Promise.all([
    stat(join(stateDir, 'nodes')).catch(() => undefined),
    stat(path).catch(() => undefined),
    readRuns(stateDir, ownLogs ? 'own logs' : 'nodes').then(parseRuns),
  ])
  if (nodes === undefined && warehouse === undefined && holding.kind === 'nothing') return undefined
  const step = runs === undefined ? undefined : stoppedAfter(runs, stepsFor(stages))
  return {
    stateDir,
    at: Math.round(own?.at ?? runs?.at ?? warehouse?.mtimeMs ?? nodes?.mtimeMs ?? 0),
    ...(step === undefined ? {} : { stoppedAfter: step }),
    // neither the nodes of a real cluster nor the tables of BigQuery are in the state folder
    canResume:
      ownLogs ||
      ((kind === 'bigquery' ? runs !== undefined : warehouse !== undefined) &&
        (nodes !== undefined || config.cluster.kind === 'bacalhau')),
    connected,
    holding,
  }
}
