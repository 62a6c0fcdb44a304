import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { ShownJob } from '../../core/job.ts'
import type { ClusterNode } from '../../core/node.ts'
import type { Cluster, JobRequest } from '../cluster.ts'
import { submitLine, writeJobFile } from '../job-file.ts'
import type { OpenClusterOptions } from '../options.ts'
import { commandLine } from '../shell.ts'
import { throwIfAborted } from '../signals.ts'
import { type JobSpec, parseSpec, type TaskSpec } from '../spec.ts'
import { lostSince } from './fail.ts'
import { growLogs } from './generator.ts'
import { createJobs } from './jobs.ts'
import { createLogWatch } from './log-watch.ts'
import type { SandboxNode } from './node.ts'
import { writeOwnFiles } from './own-files.ts'
import { openOwnNodes } from './own-nodes.ts'
import { createPool } from './pool.ts'
import { prepareNodes } from './prepare.ts'
import { writeShownCommand } from './shown-command.ts'

/** What a simulated node offers to one execution. */
const cpu = 0.5
const memoryBytes = 512 * 1024 * 1024

/** A cluster of folders and child processes on this machine, ready when this returns. */
export const openSandbox = async (given: OpenClusterOptions): Promise<Cluster> => {
  const options = { ...given, stateDir: resolve(given.stateDir) }
  await mkdir(options.stateDir, { recursive: true })
  const { inputs } = given
  const nodes = await (inputs === undefined ? prepareNodes(options) : openOwnNodes(options.stateDir, inputs))
  const watches = nodes.map(createLogWatch)
  const jobs = createJobs(nodes, createPool(given.parallel ?? availableParallelism()), {
    programs: given.programs,
    nodePath: given.nodePath,
    env: given.env,
    parentPid: process.pid,
    now: given.now,
  })
  const stopGrowing = given.live && inputs === undefined ? await growLogs(nodes, options) : undefined

  const keep = async (request: JobRequest, task: TaskSpec, chosen: readonly SandboxNode[]): Promise<ShownJob> => {
    await writeJobFile(options.stateDir, request)
    await writeShownCommand(options.stateDir, request.name, task, chosen, given.nodePath)
    return {
      command: commandLine(['sh', join(given.stateDir, 'sandbox', `${request.name}.sh`)]),
      // files of this machine are on no cluster
      ...(inputs === undefined
        ? { clusterCommand: submitLine(join(given.stateDir, 'jobs', `${request.name}.yaml`)) }
        : {}),
    }
  }

  return {
    about:
      inputs === undefined
        ? { kind: 'sandbox', label: 'SIMULATED' }
        : { kind: 'sandbox', label: 'LOCAL FILES', ownFiles: true },
    async nodes({ signal }) {
      throwIfAborted(signal)
      return Promise.all(nodes.map((node, index) => clusterNode(node, watches[index])))
    },
    async keep(request, { signal }) {
      throwIfAborted(signal)
      const { spec, task } = readSpec(request)
      return keep(request, task, await findLogs(await jobs.chosen(spec)))
    },
    async submit(request, { signal }) {
      throwIfAborted(signal)
      const { spec, task } = readSpec(request)
      await findLogs(await jobs.chosen(spec))
      const started = await jobs.start(request, spec)
      const shown = await keep(request, task, started.nodes)
      return { jobId: started.jobId, nodes: request.nodes, ...shown, submittedAt: given.now() }
    },
    watch: (job, callOptions) => jobs.watch(job, callOptions),
    async logs({ jobId, executionId }, { signal }) {
      throwIfAborted(signal)
      return jobs.logs(jobId, executionId)
    },
    async stop(jobId, { signal }) {
      throwIfAborted(signal)
      await jobs.stop(jobId)
    },
    async close() {
      await Promise.all([jobs.close(), stopGrowing?.()])
    },
  }
}

/** Looks for somebody's own files again: since the last job they may have been rotated. */
const findLogs = async (nodes: readonly SandboxNode[]): Promise<readonly SandboxNode[]> => {
  await Promise.all(nodes.map(({ dir, own }) => (own === undefined ? undefined : writeOwnFiles(dir, own))))
  return nodes
}

/** A spec that this sandbox runs, and its one task. */
const readSpec = ({ name, spec: text }: JobRequest): { readonly spec: JobSpec; readonly task: TaskSpec } => {
  const spec = parseSpec(name, text)
  const [task] = spec.Tasks
  if (spec.Type === 'ops' && task !== undefined) return { spec, task }
  throw new AppError({
    what: `The job ${name} was not sent: its type is ${spec.Type}.`,
    why: 'The sandbox runs ops jobs only: one execution a node.',
    next: ['Set its Type to ops.'],
    kind: 'usage',
  })
}

const clusterNode = async (
  { identity, dir, labels }: SandboxNode,
  watch: (() => Promise<ClusterNode['log']>) | undefined,
): Promise<ClusterNode> => {
  const [since, log] = await Promise.all([lostSince(dir), watch?.()])
  return {
    id: identity.id,
    provider: identity.provider,
    region: identity.region,
    state: since === undefined ? 'connected' : 'lost',
    ...(since === undefined ? {} : { lostSince: since }),
    cpu,
    memoryBytes,
    labels,
    ...(log === undefined ? {} : { log }),
  }
}
