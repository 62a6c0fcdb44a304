import type { JobRequest, SubmittedJob } from '../../cluster/cluster.ts'
import { AppError, toAppError } from '../../core/errors.ts'
import type { JobSnapshot, ShownJob } from '../../core/job.ts'
import type { ClusterNode } from '../../core/node.ts'
import type { Stage } from '../../core/stage.ts'
import { type Context, openSession, type Session } from '../context.ts'
import { idleRun } from '../initial-state.ts'
import { jobRequest } from '../job-request.ts'
import { busyPausesMs } from '../jobs/ask-patiently.ts'
import { toProblem } from '../problem.ts'
import { isUnderWay } from '../selectors/runs.ts'
import type { RunNode, StageRun } from '../state.ts'
import { wait } from '../wait.ts'
import { leftOut } from './left-out.ts'
import { saveRuns } from './save-runs.ts'

const listMs = 15_000
const submitMs = 60_000
/** A little longer than the job's own limit, so that the cluster's word comes first. */
const jobMs = 960_000

/** The stage of that id, or an AppError of kind usage. */
export const stageOf = (context: Context, stageId: string): Stage => {
  const { stages } = context.ports
  const found = stages.find(({ id }) => id === stageId)
  if (found !== undefined) return found
  throw new AppError({
    what: `There is no stage ${stageId}.`,
    next: [`The stages are ${stages.map(({ id }) => id).join(', ')}.`],
    kind: 'usage',
  })
}

const toRunNode = ({ id, provider, region, state }: ClusterNode): RunNode =>
  state === 'connected'
    ? { id, provider, region, state: 'waiting' }
    : { id, provider, region, state: 'skipped', reason: 'not connected when the job was sent' }

/** The nodes as last seen; asked again when nothing was seen yet. */
const nodesNow = async ({ calls, getState }: Context, { cluster }: Session): Promise<readonly ClusterNode[]> => {
  const { rows, failure } = getState().nodes
  return rows.length > 0 && failure === undefined
    ? rows
    : calls.call('The cluster', listMs, (call) => cluster.nodes(call))
}

export interface StageWish {
  /** Ends the run early. */
  readonly signal?: AbortSignal
  /** True once the person has stopped the stage: it is not sent again to nodes that were busy. */
  readonly halted?: () => boolean
  /** Takes the lines again that earlier runs refused, instead of the logs. */
  readonly retry?: boolean
  /** The pace at which it is sent again and again. */
  readonly everyMs?: number | undefined
}

/** Sends a stage's job and follows it until it has settled; what happens is told event by event. */
export const runStage = async (
  context: Context,
  stageId: string,
  { signal, halted = () => false, everyMs, retry = false }: StageWish = {},
): Promise<StageRun> => {
  const { ports, put, inbox, runs } = context
  const stage = stageOf(context, stageId)
  const session = openSession(context)
  if (isUnderWay(runs()[stageId]))
    throw new AppError({
      what: `Stage ${stage.title} is running already.`,
      next: ['Wait for its end, then run it again: it takes only what is new.'],
      kind: 'refused',
    })
  const requestId = ports.newId()
  const about = { stageId, requestId }
  put({ type: 'launch/requested', ...about, nodes: context.getState().nodes.rows.map(toRunNode), now: ports.clock() })
  let job: SubmittedJob | undefined
  try {
    let wanted: readonly string[] | undefined
    for (let tries = 0; ; tries++) {
      job = await submit(context, session, { stage, requestId, wanted, tries, everyMs, retry, signal })
      put({ type: 'launch/accepted', ...about, job })
      await saveRuns(context)
      wanted = await leftOut(context, session, job, await follow(context, session, { job, about, signal }))
      const pauseMs = busyPausesMs[tries]
      if (wanted.length === 0 || pauseMs === undefined || halted()) break
      await wait(ports.timers, pauseMs, signal)
      if (halted() || signal?.aborted === true) break
    }
    put({ type: 'launch/finished', ...about, now: ports.clock() })
    return runs()[stageId] ?? idleRun(stageId)
  } catch (thrown) {
    if (job !== undefined) await stopJob(context, session, job.jobId)
    put({ type: 'launch/failed', ...about, problem: toProblem(thrown), now: ports.clock() })
    throw toAppError(thrown)
  } finally {
    inbox.flush()
  }
}

/** Follows a job that an earlier program sent until it has settled; it is not stopped when it cannot be followed. */
export const followAgain = async (context: Context, stageId: string, job: SubmittedJob): Promise<StageRun> => {
  const { ports, put, inbox, runs } = context
  const about = { stageId, requestId: runs()[stageId]?.requestId ?? '' }
  try {
    await follow(context, openSession(context), { job, about, signal: undefined })
    put({ type: 'launch/finished', ...about, now: ports.clock() })
    return runs()[stageId] ?? idleRun(stageId)
  } catch (thrown) {
    put({ type: 'launch/failed', ...about, problem: toProblem(thrown), now: ports.clock() })
    throw toAppError(thrown)
  } finally {
    inbox.flush()
  }
}

interface Submission {
  readonly stage: Stage
  readonly requestId: string
  /** Only these nodes, which an earlier try left out. */
  readonly wanted: readonly string[] | undefined
  readonly tries: number
  readonly retry?: boolean
  readonly everyMs?: number | undefined
  readonly signal: AbortSignal | undefined
}

/** Notes whose rows will be sent, before there is a job that could send one. */
const noteRows = async ({ ports, config }: Context, { cluster, epoch, inputs }: Session): Promise<void> => {
  const { kind, ownFiles } = cluster.about
  // what came through a pipe cannot be read again
  const nodes = inputs?.flatMap(({ name, files }) => (files.length === 0 ? [] : [{ name, files }])) ?? []
  await ports.holdings.note(config(), epoch, {
    rows: kind === 'sandbox' && ownFiles !== true && inputs === undefined ? 'demo' : 'own',
    at: ports.clock(),
    ...(nodes.length === 0 ? {} : { nodes }),
  })
}

const requestOf = async (
  context: Context,
  session: Session,
  { stage, requestId, wanted, tries, everyMs, retry = false }: Omit<Submission, 'signal'>,
): Promise<JobRequest> => {
  const { ports, put } = context
  const nodes = await nodesNow(context, session)
  if (context.getState().nodes.rows !== nodes)
    put({ type: 'nodes/received', rows: nodes, now: ports.clock(), missed: true })
  const connected = nodes.filter(({ state }) => state === 'connected').map(({ id }) => id)
  const here = wanted ?? connected
  if (here.length === 0)
    throw new AppError({
      what: `Stage ${stage.title} was not sent: none of the ${nodes.length} nodes is connected.`,
      next: ['Look at the screen Nodes (9), then run the stage again with r.'],
      kind: 'unreachable',
    })
  await noteRows(context, session)
  return jobRequest({
    stage,
    config: context.config(),
    epoch: session.epoch,
    sink: session.warehouse.sink(),
    nodes: here,
    template: await ports.template('stage'),
    runtime: ports.runtime,
    id: tries === 0 ? requestId : `${requestId}-${tries + 1}`,
    ...(wanted === undefined ? {} : { only: wanted }),
    ...(retry ? { retry } : {}),
    ownFiles: session.cluster.about.ownFiles,
    everyMs,
  })
}

/** Keeps the job of a stage as a file and resolves with the lines that send it; nothing is sent. */
export const previewStage = async (context: Context, stageId: string): Promise<ShownJob> => {
  const stage = stageOf(context, stageId)
  const session = openSession(context)
  const given = { stage, requestId: context.ports.newId(), wanted: undefined, tries: 0 }
  const request = await requestOf(context, session, given)
  return context.calls.call('The cluster', listMs, (call) => session.cluster.keep(request, call))
}

const submit = async (context: Context, session: Session, given: Submission): Promise<SubmittedJob> => {
  const { calls } = context
  const { signal } = given
  const request = await requestOf(context, session, given)
  return calls.call(
    'Sending the job',
    submitMs,
    async (call) => {
      const job = await session.cluster.submit(request, call)
      // nobody waits for it any more, so nobody would stop it
      if (call.signal.aborted) await stopJob(context, session, job.jobId)
      return job
    },
    signal,
  )
}

interface Following {
  readonly job: SubmittedJob
  readonly about: { readonly stageId: string; readonly requestId: string }
  readonly signal: AbortSignal | undefined
}

/** Tells what becomes of a job; resolves with the last that was told of it alone. */
const follow = (
  context: Context,
  { cluster }: Session,
  { job, about, signal }: Following,
): Promise<JobSnapshot | undefined> =>
  context.calls.call(
    'The job',
    jobMs,
    async (call) => {
      let last: JobSnapshot | undefined
      for await (const snapshot of cluster.watch(job, call)) {
        if (call.signal.aborted) return last
        last = snapshot
        context.put({ type: 'launch/progressed', ...about, snapshot })
      }
      return last
    },
    signal,
  )

/** Ends a job on the cluster, also while the engine is on its way out; a cluster that cannot be asked is left alone. */
export const stopJob = async (context: Context, { cluster }: Session, jobId: string): Promise<void> => {
  const controller = new AbortController()
  const stopTimer = context.ports.timers.after(5_000, () => controller.abort())
  const late = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  try {
    await Promise.race([cluster.stop(jobId, { signal: controller.signal, deadlineMs: 5_000 }), late])
  } catch {
    // its executions end by the job's own time limit
  } finally {
    stopTimer()
  }
}
