import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster, JobRequest } from '../../../src/cluster/cluster.ts'
import { openCluster } from '../../../src/cluster/open.ts'
import type { OpenClusterOptions } from '../../../src/cluster/options.ts'

const program = (name: string): string => fileURLToPath(new URL(`../programs/${name}`, import.meta.url))

export interface Tiny {
  readonly cluster: Cluster
  readonly stateDir: string
  /** Opens another sandbox over the same state folder. */
  readonly reopen: (more?: Partial<OpenClusterOptions>) => Promise<Cluster>
  readonly dispose: () => Promise<void>
}

/** A sandbox in a folder of its own that runs the tiny programs. */
export const openTiny = async (more: Partial<OpenClusterOptions> = {}): Promise<Tiny> => {
  const stateDir = more.stateDir ?? (await mkdtemp(join(tmpdir(), 'bbq-sandbox-')))
  const options: OpenClusterOptions = {
    kind: 'sandbox',
    stateDir,
    programs: {
      run: program('tiny-run.ts'),
      generate: program('tiny-generate.ts'),
      inspect: '',
      ownLogs: '',
      warehouse: '',
      jobs: '',
    },
    nodePath: process.execPath,
    env: process.env,
    fresh: false,
    live: false,
    lines: 20,
    seed: 1,
    now: Date.now,
    ...more,
  }
  return {
    cluster: await openCluster(options),
    stateDir,
    reopen: (again) => openCluster({ ...options, ...again }),
    dispose: () => rm(stateDir, { recursive: true, force: true }),
  }
}

export interface TinySpec {
  readonly name?: string
  readonly nodes?: readonly string[]
  readonly parameters?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly task?: Readonly<Record<string, unknown>>
}

let jobs = 0

/** A request for a job over three nodes, one in each cloud. */
export const tinyRequest = (given: TinySpec = {}): JobRequest => {
  jobs += 1
  const name = given.name ?? `tiny-${jobs}`
  const nodes = given.nodes ?? ['aws-1', 'gcp-1', 'azure-1']
  const spec = {
    Name: name,
    Type: 'ops',
    Constraints: [{ Key: 'name', Operator: 'in', Values: nodes }],
    Tasks: [
      {
        Name: 'main',
        Engine: {
          Type: 'docker',
          Params: {
            Image: 'node:24-bookworm-slim',
            Entrypoint: given.entrypoint ?? ['node', '/var/log/app/.bbq/runtime/abc123/run.mjs'],
            Parameters: ['--data', '/var/log/app', ...(given.parameters ?? [])],
          },
        },
        InputSources: [
          {
            Target: '/var/log/app',
            Source: { Type: 'localDirectory', Params: { SourcePath: '/bacalhau_data', ReadWrite: true } },
          },
        ],
        Resources: { CPU: '0.5', Memory: '512Mb' },
        ...given.task,
      },
    ],
  }
  return { name, nodes, spec: JSON.stringify(spec, null, 2) }
}
