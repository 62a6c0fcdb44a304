import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { openCluster } from '../../src/cluster/open.ts'
import { realCluster } from './cluster.ts'

export interface OpenedReal {
  readonly cluster: Cluster
  readonly close: () => Promise<void>
}

/** The Bacalhau adapter on the real cluster, with a state folder of its own. */
export const openReal = async (): Promise<OpenedReal> => {
  const { cli, api, env } = realCluster()
  const stateDir = await mkdtemp(join(tmpdir(), 'bbq-real-state-'))
  const cluster = await openCluster({
    kind: 'bacalhau',
    stateDir,
    programs: { run: '', generate: '', inspect: '', ownLogs: '', warehouse: '', jobs: '' },
    nodePath: process.execPath,
    env,
    fresh: false,
    live: false,
    lines: 0,
    seed: 0,
    now: Date.now,
    bacalhau: { command: cli, api, pollMs: 200 },
  })
  return {
    cluster,
    close: async () => {
      await cluster.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
