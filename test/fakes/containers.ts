import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { platformOf } from '../../processors/prepare/platform.ts'
import type { Cluster, JobRequest } from '../../src/cluster/cluster.ts'
import { parseSpec, type TaskSpec } from '../../src/cluster/spec.ts'
import { AppError } from '../../src/core/errors.ts'
import type { ClusterNode } from '../../src/core/node.ts'
import { duckdbLibrary } from '../../src/engine/prepare/duckdb-library.ts'
import type { PrepareFiles, PrepareParts } from '../../src/engine/prepare/parts.ts'
import { programs } from '../../src/programs.ts'
import { configOf } from './world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'processors/run.ts')

/** Hash by which jobs name the program of these nodes. */
const runtime = createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 16)

/** What becomes of a node's part in a job: by default it runs. */
type Fate = 'runs' | 'is left out' | 'tells nothing'

export interface Containers {
  readonly cluster: Cluster
  readonly parts: (keyFile?: string) => PrepareParts
  /** Adds a node with a data folder of its own, or with that of another. */
  readonly add: (id: string, folderOf?: string) => ClusterNode
  readonly folderOf: (id: string) => string
  /** Names of the jobs that were sent, without their unique ends. */
  readonly sent: readonly string[]
  /** Decides for every node of a job; the job's kind is `inspect`, `install`, `library` or `introduce`. */
  fate: (kind: string, node: string) => Fate
}

interface Ended {
  readonly code: number
  readonly stdout: string
}

const inspector = async (): Promise<string> => {
  const bundle = await rolldown({ input: join(root, 'processors/inspect.ts'), platform: 'node' })
  const { output } = await bundle.generate({ format: 'esm' })
  return output[0].code
}

let inspectorText: Promise<string> | undefined

const run = (args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...args], (error, stdout) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout }),
    )
  })

const kindOf = ({ name }: JobRequest, { Engine }: TaskSpec): string => {
  const kind = name.split('-')[1] ?? ''
  return kind === 'prepare' ? (Engine.Params.Parameters?.[0] ?? '') : kind
}

/** Nodes that really run the jobs of a preparation, as processes on folders of this machine; DuckDB's library is there already. */
export const openContainers = (): Containers => {
  const base = mkdtempSync(join(tmpdir(), 'bbq-containers-'))
  const folders = new Map<string, string>()
  const nodes: ClusterNode[] = []
  const jobs = new Map<string, { readonly request: JobRequest; readonly output: Map<string, Ended> }>()
  const sent: string[] = []
  const folderOf = (id: string): string => folders.get(id) ?? ''

  const execute = async (task: TaskSpec, data: string): Promise<Ended> => {
    const { Entrypoint, Parameters } = task.Engine.Params
    const files = new Map<string, string>([['/tmp/run.mjs', program]])
    for (const { Target, Source } of task.InputSources) {
      const url = Source.Params['URL']
      if (Source.Type !== 'inline' || typeof url !== 'string' || Target.endsWith('.br')) continue
      files.set(Target, join(base, randomUUID()))
      writeFileSync(files.get(Target) ?? '', Buffer.from(url.split('base64,')[1] ?? '', 'base64'))
    }
    const words = (Parameters ?? []).map((word) => (word === '/var/log/app' ? data : (files.get(word) ?? word)))
    const entry = Entrypoint ?? []
    // a program that came along as text puts itself there first; here it lies on this machine
    if (entry[3]?.includes('brotliDecompressSync') === true) return run(words)
    return entry[1] === '--input-type=module'
      ? run(['--input-type=module', '--eval', entry[3] ?? '', ...words])
      : run([program, ...entry.slice(2), ...words])
  }

  const containers: Containers = {
    sent,
    fate: () => 'runs',
    folderOf,
    add: (id, shared) => {
      const folder = shared === undefined ? join(base, randomUUID()) : folderOf(shared)
      folders.set(id, folder)
      const library = join(folder, '.bbq/duckdb', duckdbLibrary.version, 'node_modules/@duckdb')
      mkdirSync(join(library, `node-bindings-${platformOf()}`), { recursive: true })
      writeFileSync(join(library, `node-bindings-${platformOf()}`, 'duckdb.node'), '')
      const node = { id, provider: 'aws', region: 'us-east-1', state: 'connected', labels: {} } as const
      nodes.push(node)
      return node
    },
    parts: (keyFile) => {
      const files: PrepareFiles = {
        template: async (name) => readFileSync(join(programs.jobs, `${name}.yaml`), 'utf8'),
        inspector: () => {
          inspectorText ??= inspector()
          return inspectorText
        },
        program: async () => new Uint8Array(1),
        keyFile: async () => keyFile,
      }
      return {
        cluster: containers.cluster,
        config: configOf({ cluster: { kind: 'bacalhau', api: '127.0.0.1:1' } }),
        files,
        runtime,
        newId: () => randomUUID().slice(0, 8),
        clock: Date.now,
        pause: async () => {},
      }
    },
    cluster: {
      about: { kind: 'bacalhau', label: 'containers' },
      nodes: async () => nodes,
      keep: async () => ({ command: '' }),
      submit: async (request) => {
        const jobId = `j-${jobs.size + 1}`
        jobs.set(jobId, { request, output: new Map() })
        return { jobId, nodes: request.nodes, command: '', submittedAt: Date.now() }
      },
      async *watch({ jobId }) {
        const job = jobs.get(jobId)
        const task = parseSpec(job?.request.name ?? '', job?.request.spec ?? '').Tasks[0]
        if (job === undefined || task === undefined) throw new AppError({ what: `There is no job ${jobId}.` })
        const kind = kindOf(job.request, task)
        sent.push(kind)
        await Promise.all(
          job.request.nodes.map(async (id) => {
            const fate = containers.fate(kind, id)
            if (fate === 'is left out') return
            const ended = await execute(task, folderOf(id))
            job.output.set(id, fate === 'tells nothing' ? { ...ended, stdout: 'no log' } : ended)
          }),
        )
        const executions = [...job.output].map(([nodeId, { code }]) => ({
          id: nodeId,
          nodeId,
          state: 'completed' as const,
          exitCode: code,
          nodeLost: false,
        }))
        yield { jobId, state: 'completed', executions }
      },
      logs: async ({ jobId, executionId }) => {
        const stdout = jobs.get(jobId)?.output.get(executionId)?.stdout ?? ''
        if (stdout === 'no log') throw new AppError({ what: `The log of ${executionId} does not come.` })
        return stdout.split('\n')
      },
      stop: async () => {},
      close: async () => {},
    },
  }
  return containers
}
