import { type Execution, type JobSnapshot, outcomeOf } from '../../core/job.ts'
import { noTotals } from '../../core/report.ts'
import type { Event } from '../events.ts'
import { idleRun } from '../initial-state.ts'
import type { RunNode, StageRun, State } from '../state.ts'
import { addTotals, sumReports } from '../totals.ts'

type Runs = State['runs']

const update = (runs: Runs, stageId: string, change: (run: StageRun) => StageRun): Runs => {
  const run = runs[stageId]
  if (run === undefined) return runs
  const next = change(run)
  return next === run ? runs : { ...runs, [stageId]: next }
}

/**
 * What every stage did: the last run in full, earlier ones as sums. An answer to an older request is ignored. `known` are the nodes
 * of the cluster, for an execution on one that joined after the job was sent.
 */
export const reduceRuns = (runs: Runs, event: Event, known: State['nodes']['rows']): Runs => {
  switch (event.type) {
    case 'opening/succeeded':
      return Object.fromEntries([
        ...Object.keys(runs).map((id) => [id, idleRun(id)] as const),
        ...event.runs.filter(({ stageId }) => stageId in runs).map((run) => [run.stageId, run] as const),
      ])
    case 'launch/requested':
      return update(runs, event.stageId, (run) => requested(run, event))
    case 'launch/accepted':
    case 'launch/progressed':
    case 'launch/finished':
    case 'launch/failed':
      return update(runs, event.stageId, (run) =>
        run.requestId === event.requestId ? reduceRun(run, event, known) : run,
      )
    case 'keep/started':
      return update(runs, event.stageId, (run) => ({ ...run, keep: { everyMs: event.everyMs } }))
    case 'keep/scheduled':
      return update(runs, event.stageId, (run) =>
        run.keep === undefined ? run : { ...run, keep: { everyMs: run.keep.everyMs, nextAt: event.nextAt } },
      )
    case 'keep/stopped':
      return update(runs, event.stageId, ({ keep: _, ...run }) => run)
    default:
      return runs
  }
}

const requested = (run: StageRun, event: Extract<Event, { type: 'launch/requested' }>): StageRun => ({
  stageId: run.stageId,
  phase: 'launching',
  requestId: event.requestId,
  requestedAt: event.now,
  nodes: event.nodes,
  totals: noTotals,
  // what waited then is read or waits still: only the newest run tells
  before: { ...addTotals(run.before, run.totals), waiting: 0, lines_waiting: 0, sent_in_ms: 0 },
  runs: run.runs,
  ms: run.ms,
  ...(run.keep === undefined ? {} : { keep: { everyMs: run.keep.everyMs } }),
})

type RunEvent = Extract<Event, { type: 'launch/accepted' | 'launch/progressed' | 'launch/finished' | 'launch/failed' }>

const reduceRun = (run: StageRun, event: RunEvent, known: State['nodes']['rows']): StageRun => {
  switch (event.type) {
    case 'launch/accepted':
      return { ...run, phase: 'running', job: event.job }
    case 'launch/progressed':
      return run.phase === 'ended' ? run : progressed(run, event.snapshot, known)
    case 'launch/finished':
      return {
        ...run,
        phase: 'ended',
        endedAt: event.now,
        runs: run.runs + 1,
        ms: run.ms + took(run, event.now),
        nodes: run.nodes.map((node) => givenUp(node, run.snapshot?.message ?? 'the job ended before this node did')),
      }
    case 'launch/failed':
      return {
        ...run,
        phase: 'ended',
        endedAt: event.now,
        ms: run.ms + took(run, event.now),
        problem: event.problem,
        nodes: run.nodes.map((node) => givenUp(node, event.problem.what)),
      }
  }
}

const took = (run: StageRun, now: number): number => Math.max(0, now - (run.requestedAt ?? now))

const givenUp = ({ silentSince: _, ...node }: RunNode, reason: string): RunNode =>
  node.state === 'waiting' || node.state === 'running' ? { ...node, state: 'stopped', reason } : node

const progressed = (run: StageRun, snapshot: JobSnapshot, known: State['nodes']['rows']): StageRun => {
  const byNode = new Map(snapshot.executions.map((execution) => [execution.nodeId, execution]))
  const expected = new Set(run.nodes.map(({ id }) => id))
  const late = [...byNode.keys()].filter((id) => !expected.has(id)).map((id) => lateNode(id, known))
  // a job that goes once more to nodes that were busy says nothing of the others
  const asked = new Set(run.job?.nodes)
  const nodes = [...run.nodes, ...late].map((node) => {
    const execution = byNode.get(node.id)
    return execution === undefined && !asked.has(node.id) ? node : nodeIn(snapshot, execution, node)
  })
  return { ...run, phase: 'running', snapshot, nodes, totals: sumReports(nodes.map(({ report }) => report)) }
}

const lateNode = (id: string, known: State['nodes']['rows']): RunNode => {
  const { provider, region } = known.find((row) => row.id === id) ?? { provider: 'other' as const, region: 'unknown' }
  return { id, provider, region, state: 'waiting' }
}

const nodeIn = (snapshot: JobSnapshot, execution: Execution | undefined, node: RunNode): RunNode => {
  const { id, provider, region } = node
  const base = { id, provider, region, ...outcomeOf(execution, snapshot) }
  if (execution === undefined) return base
  const { report, progress, startedAt, endedAt, silentSince } = execution
  return {
    ...base,
    executionId: execution.id,
    ...(silentSince === undefined ? {} : { silentSince }),
    ...(report === undefined ? {} : { report }),
    ...(progress === undefined ? {} : { progress }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}
