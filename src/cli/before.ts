import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Stage } from '../core/stage.ts'
import { stepsFor } from '../engine/initial-state.ts'
import { parseRuns, stoppedAfter } from '../engine/runs-file.ts'
import type { Before } from '../engine/state.ts'
import { readRuns } from './engine-files.ts'

/** What an earlier session left in the state folder, or undefined when it holds no demo. */
export const readBefore = async (
  stateDir: string,
  { cluster, warehouse: { kind, path } }: Config,
  stages: readonly Stage[],
): Promise<Before | undefined> => {
  const [nodes, warehouse, runs] = await Promise.all([
    stat(join(stateDir, 'nodes')).catch(() => undefined),
    stat(path).catch(() => undefined),
    readRuns(stateDir).then(parseRuns),
  ])
  if (nodes === undefined && warehouse === undefined) return undefined
  const step = runs === undefined ? undefined : stoppedAfter(runs, stepsFor(stages))
  return {
    stateDir,
    at: Math.round(runs?.at ?? warehouse?.mtimeMs ?? nodes?.mtimeMs ?? 0),
    ...(step === undefined ? {} : { stoppedAfter: step }),
    // neither the nodes of a real cluster nor the tables of BigQuery are in the state folder
    canResume:
      (kind === 'bigquery' ? runs !== undefined : warehouse !== undefined) &&
      (nodes !== undefined || cluster.kind === 'bacalhau'),
  }
}
