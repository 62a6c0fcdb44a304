import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster, JobRequest } from '../../../src/cluster/cluster.ts'
import { openCluster } from '../../../src/cluster/open.ts'
import type { BacalhauOptions } from '../../../src/cluster/options.ts'
import { tinyRequest } from '../sandbox/open-tiny.ts'

interface FakeCall {
  readonly key: string
  readonly argv: readonly string[]
  readonly stdin: string
  readonly env: Readonly<Record<string, string>>
}

export interface Fake {
  readonly cluster: Cluster
  readonly stateDir: string
  /** What the CLI was called with since the cluster was opened. */
  readonly calls: () => Promise<readonly FakeCall[]>
  readonly dispose: () => Promise<void>
}

/** Two words of a command -> recordings, one a call. */
export type Cases = Readonly<Record<string, readonly string[]>>

const versions: Cases = { 'version --client': ['version-client'], 'agent version': ['agent-version'] }

/** The Bacalhau adapter on a CLI that replays these recordings. */
export const openFake = async (
  cases: Cases,
  more: BacalhauOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Fake> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'bbq-bacalhau-'))
  const cluster = await openCluster({
    kind: 'bacalhau',
    stateDir,
    programs: { run: '', generate: '', inspect: '', ownLogs: '', warehouse: '', jobs: '' },
    nodePath: process.execPath,
    env: {
      PATH: process.env['PATH'],
      HOME: stateDir,
      FAKE_NODE: process.execPath,
      FAKE_BACALHAU_DIR: stateDir,
      FAKE_BACALHAU_CASES: JSON.stringify({ ...versions, ...cases }),
      ...env,
    },
    fresh: false,
    live: false,
    lines: 0,
    seed: 0,
    now: Date.now,
    bacalhau: {
      command: fileURLToPath(new URL('../../fixtures/bin/bacalhau', import.meta.url)),
      pollMs: 20,
      ...more,
    },
  })
  return {
    cluster,
    stateDir,
    calls: async () =>
      (await readFile(join(stateDir, 'calls.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as FakeCall)
        .filter(({ key }) => !(key in versions)),
    dispose: async () => {
      await cluster.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

export const fakeRequest = (nodes: readonly string[] = ['aws-1', 'gcp-1', 'azure-1']): JobRequest =>
  tinyRequest({ nodes })
