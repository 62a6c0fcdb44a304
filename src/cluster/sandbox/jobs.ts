import { randomUUID } from 'node:crypto'
import { AppError } from '../../core/errors.ts'
import { isSettled, type JobSnapshot } from '../../core/job.ts'
import type { CallOptions, JobRequest, SubmittedJob } from '../cluster.ts'
import { describeConstraints, matchesAll } from '../constraints.ts'
import { pause, throwIfAborted, throwIfLate } from '../signals.ts'
import type { JobSpec } from '../spec.ts'
import { type ExecuteContext, execute, markLost } from './execute.ts'
import { lostSince } from './fail.ts'
import { endExecution, isOpen, type LiveExecution, type LiveJob, snapshotOfJob } from './job.ts'
import type { SandboxNode } from './node.ts'
import type { Pool } from './pool.ts'

/** How often an open job looks whether its nodes are still there, and how often its news are told at most, in ms. */
const lookMs = 200
const toldMs = 100
const keptJobs = 40
/** What ended jobs printed may take so many characters; the newest are kept whatever they printed. */
const keptChars = 32 * 1024 * 1024
const newestJobs = 3

export interface Jobs {
  start(request: JobRequest, spec: JobSpec): Promise<{ readonly jobId: string; readonly nodes: readonly SandboxNode[] }>
  /** The nodes that would run it now. */
  chosen(spec: JobSpec): Promise<readonly SandboxNode[]>
  watch(job: SubmittedJob, options: CallOptions): AsyncIterable<JobSnapshot>
  logs(jobId: string, executionId: string): readonly string[]
  stop(jobId: string): Promise<void>
  close(): Promise<void>
}

/** The jobs of one sandbox; they live as long as this process. */
export const createJobs = (nodes: readonly SandboxNode[], pool: Pool, context: ExecuteContext): Jobs => {
  const jobs = new Map<string, LiveJob>()
  const timers = new Set<NodeJS.Timeout>()

  const find = (jobId: string): LiveJob => {
    const job = jobs.get(jobId)
    if (job !== undefined) return job
    throw new AppError({
      what: `job not found: ${jobId}`,
      why: 'The sandbox keeps its jobs only as long as the program runs.',
      next: ['Run the stage again: it takes only what is new.'],
    })
  }

  const connectedNodes = async (): Promise<readonly SandboxNode[]> => {
    const lost = await Promise.all(nodes.map(async ({ dir }) => (await lostSince(dir)) !== undefined))
    return nodes.filter((_, index) => lost[index] === false)
  }

  const stop = async (job: LiveJob): Promise<void> => {
    if (job.state !== 'running') return
    job.stopping = true
    job.state = 'stopped'
    job.message = 'Stopped at user request'
    const open = job.executions.filter(isOpen)
    for (const { child } of open) child?.stop()
    await Promise.all(open.map(({ child }) => child?.done))
    for (const execution of open) endExecution(job, execution, stopped, context.now())
  }

  const lookAtNodes = async (job: LiveJob): Promise<void> => {
    for (const execution of job.executions.filter(isOpen)) {
      const lost = (await lostSince(execution.node.dir)) !== undefined
      if (lost && execution.startedAt !== undefined) markLost(execution)
      else if (!lost && execution.lost) endExecution(job, execution, restarted, context.now())
    }
  }

  const run = (job: LiveJob): void => {
    const total = job.task.Timeouts.TotalTimeout
    const overdue =
      total === undefined ? undefined : setTimeout(() => timeOutJob(job, total, context.now()), total * 1_000)
    const look = setInterval(() => {
      if (job.executions.some(isOpen)) return void lookAtNodes(job)
      forget(overdue)
      forget(look)
    }, lookMs)
    for (const timer of [overdue, look]) if (timer !== undefined) timers.add(timer.unref())
    for (const execution of job.executions) void pool.run(() => execute(job, execution, context))
  }
  const forget = (timer: NodeJS.Timeout | undefined): void => {
    if (timer === undefined) return
    clearInterval(timer)
    timers.delete(timer)
  }

  return {
    async start(request, spec) {
      if ([...jobs.values()].some(({ name }) => name === request.name))
        throw new AppError({
          what: `The job ${request.name} was not sent: one of this name was sent before.`,
          why: 'A cluster would take it as a new version of the first and stop that one.',
          next: ['Give every job a name of its own.'],
        })
      const connected = await connectedNodes()
      const chosen = connected.filter(({ labels }) => matchesAll(spec.Constraints, labels))
      const job = liveJob(spec, chosen, connected.length)
      jobs.set(job.id, job)
      forgetOldJobs(jobs)
      if (job.state === 'running') run(job)
      return { jobId: job.id, nodes: chosen }
    },
    chosen: async (spec) => (await connectedNodes()).filter(({ labels }) => matchesAll(spec.Constraints, labels)),
    async *watch({ jobId }, options) {
      const job = find(jobId)
      const startedAt = context.now()
      let told = ''
      for (;;) {
        throwIfAborted(options.signal)
        const snapshot = snapshotOfJob(job)
        const text = JSON.stringify(snapshot)
        if (text !== told) yield snapshot
        told = text
        if (isSettled(snapshot)) return
        throwIfLate(`The job ${jobId}`, startedAt, context.now(), options)
        await pause(toldMs, options.signal)
      }
    },
    logs(jobId, executionId) {
      const execution = find(jobId).executions.find(({ id }) => id === executionId)
      if (execution === undefined)
        throw new AppError({
          what: `execution not found: ${executionId}`,
          why: `The job ${jobId} has none of this id.`,
        })
      return execution.child?.lines().slice() ?? []
    },
    stop: (jobId) => stop(find(jobId)),
    async close() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all([...jobs.values()].map(stop))
      await Promise.all([...jobs.values()].flatMap(({ executions }) => executions.map(({ child }) => child?.done)))
    },
  }
}

/** Keeping a stage running must not fill the memory with what its executions printed. */
const forgetOldJobs = (jobs: Map<string, LiveJob>): void => {
  const sizeOf = ({ executions }: LiveJob): number =>
    executions.reduce((sum, { child }) => sum + (child?.size() ?? 0), 0)
  let chars = [...jobs.values()].reduce((sum, job) => sum + sizeOf(job), 0)
  for (const job of [...jobs.values()].slice(0, -newestJobs)) {
    if (jobs.size <= keptJobs && chars <= keptChars) return
    if (job.state === 'running') continue
    jobs.delete(job.id)
    chars -= sizeOf(job)
  }
}

const stopped = {
  state: 'cancelled',
  message: 'Execution stop requested because job has been stopped',
} as const
const restarted = { state: 'failed', message: 'Failing due to node restart' } as const

const liveJob = (spec: JobSpec, chosen: readonly SandboxNode[], available: number): LiveJob => {
  const [task] = spec.Tasks
  if (task === undefined) throw new AppError({ what: `The job ${spec.Name} has no task.` })
  const executions = chosen.map(
    (node): LiveExecution => ({ id: `e-${randomUUID()}`, node, state: 'pending', lost: false }),
  )
  const job = { id: `j-${randomUUID()}`, name: spec.Name, task, executions, stopping: false }
  if (chosen.length > 0) return { ...job, state: 'running' }
  const selectors = spec.Constraints.length === 0 ? '' : ` that match ${describeConstraints(spec.Constraints)}`
  return {
    ...job,
    state: 'failed',
    message: `not matching nodes to run job out of ${available} available nodes${selectors}`,
  }
}

const timeOutJob = (job: LiveJob, seconds: number, now: number): void => {
  job.message = `Job timed out. Job took longer than ${seconds}s`
  for (const execution of job.executions.filter(isOpen)) {
    endExecution(job, execution, { state: 'failed', message: `Execution timed out after ${seconds}s` }, now)
    execution.child?.stop()
  }
}
