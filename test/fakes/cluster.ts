import type { CallOptions, Cluster, JobRequest } from '../../src/cluster/cluster.ts'
import { parseSpec } from '../../src/cluster/spec.ts'
import { AppError } from '../../src/core/errors.ts'
import { type Execution, hasEnded, isSettled, type JobSnapshot, type JobState } from '../../src/core/job.ts'
import type { ClusterNode, Provider } from '../../src/core/node.ts'
import type { Report } from '../../src/core/report.ts'
import { inspectionLine } from './inspection.ts'

/** What becomes of a job that is sent. */
type Fate =
  | 'completes'
  | 'exits with 3'
  | 'runs on'
  | 'is refused'
  | 'may not mount'
  | 'finds no node'
  | 'runs out of memory'

export interface FakeClusterOptions {
  readonly nodes?: number
  readonly now?: () => number
  readonly fate?: Fate
  /** bacalhau: its nodes are inspected, and say that they are ready. */
  readonly kind?: Cluster['about']['kind']
  /** Called when an execution completes, with its report. */
  readonly onReport?: (report: Report) => void
}

export interface FakeCluster extends Cluster {
  /** What becomes of jobs that are sent from now on. */
  fate: Fate
  /** When set, listing nodes fails with it. */
  nodesFail: AppError | undefined
  /** Lets the executions that run come to a good end. */
  readonly finish: () => void
  /** Nodes that lack the program. */
  readonly unprepared: Set<string>
  /** A lost node comes back. */
  readonly find: (nodeId: string) => void
  /** Nodes that jobs leave out without a word, as Bacalhau does with busy ones. */
  readonly busy: Set<string>
  readonly lose: (nodeId: string) => void
  readonly submitted: readonly JobRequest[]
  readonly stopped: readonly string[]
  readonly isClosed: () => boolean
  /** Lines that every log has grown to. */
  readonly grow: (lines: number) => void
}

interface Job {
  state: JobState
  message: string | undefined
  executions: readonly Execution[]
  readonly id: string
  readonly request: JobRequest
  readonly wake: Set<() => void>
}

const providers: readonly Provider[] = ['aws', 'gcp', 'azure']
const lineBytes = 160

const interrupted = () => new AppError({ what: 'Stopped before it was done.', kind: 'interrupted' })
const late = () => new AppError({ what: 'The job had not ended in time.', kind: 'unreachable' })

const reasons: Partial<Record<Fate, string>> = {
  'may not mount': 'volume /data is not allowlisted',
  'runs out of memory': 'memory limit exceeded',
}

/** A cluster in memory: no processes, no time, the same hard truths. */
export const fakeCluster = (options: FakeClusterOptions = {}): FakeCluster => {
  const { now = Date.now, onReport } = options
  const jobs = new Map<string, Job>()
  const lost = new Map<string, number>()
  const submitted: JobRequest[] = []
  const stopped: string[] = []
  const read = new Map<string, number>()
  let lines = 100
  let closed = false
  const unprepared = new Set<string>()
  const ids = Array.from({ length: options.nodes ?? 6 }, (_, i) => {
    const provider = providers[i % providers.length] ?? 'aws'
    return { id: `${provider}-${Math.floor(i / providers.length) + 1}`, provider }
  })

  const nodeOf = ({ id, provider }: (typeof ids)[number], i: number): ClusterNode => {
    const since = lost.get(id)
    const tail = [`198.51.100.${i % 250} - - [2026-11-24T10:00:00Z] "GET /a HTTP/1.1" 200 10 "-" "curl"`]
    return {
      id,
      provider,
      region: `region-${i % 21}`,
      state: since === undefined ? 'connected' : 'lost',
      ...(since === undefined ? {} : { lostSince: since }),
      cpu: 0.5,
      memoryBytes: 512 * 1024 * 1024,
      labels: { name: id },
      log: { path: '/bacalhau_data/access.log', bytes: lines * lineBytes, lines, tail },
    }
  }

  const inspectionOf = (nodeId: string): string => {
    const at = ids.findIndex(({ id }) => id === nodeId)
    const about = ids[at]
    return about === undefined ? '' : inspectionLine(nodeOf(about, at), !unprepared.has(nodeId), now())
  }

  const change = (job: Job, next: Partial<Pick<Job, 'state' | 'message' | 'executions'>>): void => {
    Object.assign(job, next)
    for (const wake of [...job.wake]) wake()
  }

  const reportOf = (job: Job, node: string): Report => {
    const words = parseSpec(job.request.name, job.request.spec).Tasks[0]?.Engine.Params.Parameters ?? []
    const word = (flag: string): string => words[words.indexOf(flag) + 1] ?? ''
    const key = `${word('--stage')} ${word('--epoch')} ${node}`
    const fresh = lines - (read.get(key) ?? 0)
    read.set(key, lines)
    return {
      node,
      stage: word('--stage'),
      epoch: word('--epoch'),
      lines_read: fresh,
      lines_parsed: Math.max(0, fresh - 3),
      repaired: 0,
      formats: [],
      fields: [],
      notices: [],
      lines_rejected: Math.min(2, fresh),
      lines_blank: Math.min(1, Math.max(0, fresh - 2)),
      rejected: [],
      lines_retried: 0,
      rows: { log_results: Math.max(0, fresh - 3) },
      masked: fresh,
      full_addresses: 0,
      bytes_read: fresh * lineBytes,
      bytes_sent: fresh * 10,
      bytes_unread: 0,
      waiting: 0,
      lines_waiting: 0,
      sent_in_ms: 0,
      chunks: fresh > 0 ? 1 : 0,
      understood: true,
      ms: 5,
    }
  }

  const ended = (job: Job, execution: Execution, fate: Fate): Execution => {
    const base = { ...execution, endedAt: now() }
    if (execution.nodeLost || hasEnded(execution)) return execution
    if (fate === 'exits with 3') return { ...base, state: 'completed', exitCode: 3, message: 'exit code 3: no log' }
    if (fate === 'is refused') return { ...base, state: 'rejected', message: 'rejected bid: too busy' }
    const reason = reasons[fate]
    if (reason !== undefined) return { ...base, state: 'failed', message: reason }
    const report = reportOf(job, execution.nodeId)
    onReport?.(report)
    return { ...base, state: 'completed', exitCode: 0, report }
  }

  const end = (job: Job, fate: Fate): void => {
    if (job.state !== 'running') return
    const executions = job.executions.map((execution) => ended(job, execution, fate))
    const open = executions.some((execution) => !hasEnded(execution))
    const failed = reasons[fate] !== undefined
    change(job, {
      executions,
      state: failed ? 'failed' : open ? 'running' : 'completed',
      message: failed ? 'one or more executions failed' : undefined,
    })
  }

  const begin = (job: Job, fate: Fate): void => {
    if (job.state !== 'pending') return
    if (fate === 'finds no node') {
      change(job, { state: 'failed', message: 'not enough nodes to run job: 0 of 6 nodes, not matching nodes' })
      return
    }
    const takers = job.request.nodes.filter((nodeId) => !cluster.busy.has(nodeId))
    const executions = takers.map(
      (nodeId, i): Execution => ({
        id: `e-${job.id.slice(2)}-${i}`,
        nodeId,
        state: 'running',
        nodeLost: lost.has(nodeId),
        startedAt: now(),
      }),
    )
    change(job, { state: 'running', executions })
    if (fate !== 'runs on') setImmediate(() => setImmediate(() => end(job, fate)))
  }

  const snapshot = ({ id, state, message, executions }: Job): JobSnapshot => ({
    jobId: id,
    state,
    ...(message === undefined ? {} : { message }),
    executions,
  })

  const changeOf = (job: Job, signal: AbortSignal, untilMs: number | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer =
        untilMs === undefined ? undefined : setTimeout(() => reject(late()), Math.max(0, untilMs - Date.now()))
      const done = () => {
        clearTimeout(timer)
        job.wake.delete(done)
        resolve()
      }
      job.wake.add(done)
      signal.addEventListener('abort', () => reject(interrupted()), { once: true })
    })

  async function* watch(submission: { readonly jobId: string }, call: CallOptions): AsyncGenerator<JobSnapshot> {
    const until = call.deadlineMs === undefined ? undefined : Date.now() + call.deadlineMs
    const job = jobs.get(submission.jobId)
    if (job === undefined) throw new AppError({ what: `There is no job ${submission.jobId}.` })
    let last = ''
    for (;;) {
      if (call.signal.aborted) throw interrupted()
      const now = snapshot(job)
      const text = JSON.stringify(now)
      if (text === last) {
        await changeOf(job, call.signal, until)
        continue
      }
      last = text
      yield now
      if (isSettled(now)) return
    }
  }

  const busy = new Set<string>()
  const cluster: FakeCluster = {
    about:
      options.kind === 'bacalhau' ? { kind: 'bacalhau', label: 'fake:1234' } : { kind: 'sandbox', label: 'SIMULATED' },
    fate: options.fate ?? 'completes',
    nodesFail: undefined,
    busy,
    unprepared,
    find: (nodeId) => void lost.delete(nodeId),
    submitted,
    stopped,
    isClosed: () => closed,
    grow: (to) => {
      lines = to
    },
    finish: () => {
      for (const job of jobs.values()) end(job, 'completes')
    },
    lose: (nodeId) => {
      lost.set(nodeId, now())
      for (const job of jobs.values())
        change(job, {
          executions: job.executions.map((one) =>
            one.nodeId === nodeId && !hasEnded(one) ? { ...one, nodeLost: true } : one,
          ),
        })
    },
    nodes: async () => {
      if (cluster.nodesFail !== undefined) throw cluster.nodesFail
      return ids.map(nodeOf)
    },
    keep: async (request) => {
      parseSpec(request.name, request.spec)
      return { command: `sh .bbq/sandbox/${request.name}.sh` }
    },
    submit: async (request) => {
      parseSpec(request.name, request.spec)
      submitted.push(request)
      const id = `j-${jobs.size + 1}`
      const job: Job = { id, request, state: 'pending', message: undefined, executions: [], wake: new Set() }
      jobs.set(id, job)
      const { fate } = cluster
      setImmediate(() => begin(job, fate))
      return { jobId: id, nodes: request.nodes, command: `sh .bbq/sandbox/${request.name}.sh`, submittedAt: now() }
    },
    watch,
    logs: async ({ jobId, executionId }) => {
      const found = jobs.get(jobId)?.executions.find(({ id }) => id === executionId)
      if (found === undefined) throw new AppError({ what: `There is no execution ${executionId}.` })
      const name = jobs.get(jobId)?.request.name ?? ''
      return name.startsWith('bbq-inspect') ? [inspectionOf(found.nodeId)] : [`hello from ${executionId}`, 'a warning']
    },
    stop: async (jobId) => {
      const job = jobs.get(jobId)
      if (job === undefined || isSettled(snapshot(job))) return
      stopped.push(jobId)
      change(job, {
        state: 'stopped',
        executions: job.executions.map((one) =>
          hasEnded(one) ? one : { ...one, state: 'cancelled', message: 'stopped by the user', endedAt: now() },
        ),
      })
    },
    close: async () => {
      closed = true
    },
  }
  return cluster
}
