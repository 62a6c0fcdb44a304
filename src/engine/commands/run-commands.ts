import type { SubmittedJob } from '../../cluster/cluster.ts'
import { AppError } from '../../core/errors.ts'
import type { Commands } from '../commands.ts'
import { type Context, openSession, sourceOf } from '../context.ts'
import { isUnderWay } from '../selectors/runs.ts'
import type { StageRun } from '../state.ts'
import { wait } from '../wait.ts'
import { loadPace } from './load-pace.ts'
import { followAgain, previewStage, runStage, type StageWish, stageOf, stopJob } from './run-stage.ts'
import { saveRuns } from './save-runs.ts'

const leastPauseMs = 1_000
/** How long a reset waits for jobs that were stopped. */
const settleMs = 60_000

export type RunCommands = Pick<
  Commands,
  'runStage' | 'previewStage' | 'stopStage' | 'keepRunning' | 'stopKeeping' | 'reset'
> & {
  /** Stops every pace, and every job that this program sent; what an earlier one left running goes on. */
  readonly stopOwn: () => Promise<void>
  /** Follows the jobs that an earlier program left running. */
  readonly adopt: () => void
}

interface Needs {
  /** Reads nodes and tables now. */
  readonly look: () => Promise<void>
  /** Resolves once the screen is not paused. */
  readonly whenResumed: () => Promise<void>
}

/** Commands that run stages on the cluster. */
export const createRunCommands = (context: Context, { look, whenResumed }: Needs): RunCommands => {
  const { ports, calls, put } = context
  const stops = new Map<string, AbortController>()
  /** Stages that the person has stopped. */
  const halts = new Set<string>()
  const active = new Set<Promise<unknown>>()
  const paces = new Map<string, AbortController>()

  const settle = async (): Promise<void> => {
    await saveRuns(context)
    await look()
  }

  const follow = async (stageId: string, job: SubmittedJob): Promise<StageRun> => {
    try {
      return await followAgain(context, stageId, job)
    } finally {
      await settle()
    }
  }

  const adopted = new Map<string, Promise<StageRun>>()
  const adopt = (): void => {
    for (const { stageId, job } of Object.values(context.runs()).filter(isUnderWay)) {
      if (job === undefined) continue
      const run = calls.track(follow(stageId, job))
      adopted.set(stageId, run)
      active.add(run)
      const forget = () => {
        adopted.delete(stageId)
        active.delete(run)
      }
      run.then(forget, forget)
    }
  }

  const runOnce = async (
    stageId: string,
    {
      signal,
      ...how
    }: { readonly signal?: AbortSignal | undefined } & Partial<Pick<StageWish, 'everyMs' | 'retry'>> = {},
  ): Promise<StageRun> => {
    const own = new AbortController()
    // what an earlier program sent is followed to its end; then this run takes what is new
    await adopted.get(stageId)?.catch(() => undefined)
    if (isUnderWay(context.runs()[stageId])) return runStage(context, stageId)
    stops.set(stageId, own)
    halts.delete(stageId)
    const all = signal === undefined ? own.signal : AbortSignal.any([own.signal, signal])
    try {
      return await runStage(context, stageId, { ...how, signal: all, halted: () => halts.has(stageId) })
    } finally {
      stops.delete(stageId)
      await settle()
    }
  }

  const keepGoing = async (stageId: string, everyMs: number, signal: AbortSignal, onRun?: (run: StageRun) => void) => {
    while (!signal.aborted) {
      await whenResumed()
      const startedAt = ports.clock()
      const run = await runOnce(stageId, { signal, everyMs }).catch(() => context.runs()[stageId])
      if (run !== undefined) onRun?.(run)
      if (signal.aborted) return
      const pause = Math.max(leastPauseMs, startedAt + everyMs - ports.clock())
      put({ type: 'keep/scheduled', stageId, nextAt: ports.clock() + pause })
      await wait(ports.timers, pause, signal)
    }
  }

  const stopStage = async (stageId: string): Promise<void> => {
    const session = openSession(context)
    const run = context.runs()[stageId]
    if (!isUnderWay(run)) return
    halts.add(stageId)
    if (run?.job === undefined) stops.get(stageId)?.abort()
    else await stopJob(context, session, run.job.jobId)
  }

  const stopRuns = async (which: (run: StageRun) => boolean): Promise<void> => {
    for (const pace of paces.values()) pace.abort()
    const session = context.session()
    if (session === undefined) return
    const runs = Object.values(context.runs()).filter((run) => isUnderWay(run) && which(run))
    for (const { stageId } of runs) halts.add(stageId)
    await Promise.all(
      runs.map(({ stageId, job }) =>
        job === undefined ? stops.get(stageId)?.abort() : stopJob(context, session, job.jobId),
      ),
    )
  }

  return {
    runStage: (stageId, options) => {
      const run = calls.track(runOnce(stageId, options))
      active.add(run)
      const forget = () => active.delete(run)
      run.then(forget, forget)
      return run
    },
    previewStage: (stageId) => calls.track(previewStage(context, stageId)),
    stopStage,
    stopOwn: () => stopRuns(({ adopted: left }) => left !== true),
    adopt,
    keepRunning: async (stageId, options = {}) => {
      const stage = stageOf(context, stageId)
      const session = openSession(context)
      if (paces.has(stageId))
        throw new AppError({
          what: `Stage ${stage.title} is kept running already.`,
          next: ['f stops it.'],
          kind: 'refused',
        })
      const { signal, onRun } = options
      const everyMs = loadPace(context, session, stage, options.everyMs)
      const own = new AbortController()
      paces.set(stageId, own)
      put({ type: 'keep/started', stageId, everyMs })
      const all = signal === undefined ? own.signal : AbortSignal.any([own.signal, signal])
      try {
        await keepGoing(stageId, everyMs, all, onRun)
      } finally {
        paces.delete(stageId)
        put({ type: 'keep/stopped', stageId })
      }
    },
    stopKeeping: (stageId) => paces.get(stageId)?.abort(),
    reset: async () => {
      const session = openSession(context)
      await stopRuns(() => true)
      await calls.call('Stopping the jobs', settleMs, () => Promise.allSettled(active)).catch(() => undefined)
      const emptied = await calls.call('The warehouse', 90_000, (call) => session.warehouse.reset(call))
      const { epoch } = emptied
      const renewed = { ...session, epoch }
      context.setSession(renewed)
      put({ type: 'opening/succeeded', source: sourceOf(renewed), runs: [], now: ports.clock() })
      await saveRuns(context)
      await look()
      return emptied
    },
  }
}
