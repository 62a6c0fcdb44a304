import { z } from 'zod'
import { outcomeStates } from '../core/job.ts'
import { reportSchema } from '../core/report.ts'
import type { DayLoads } from './cost/ledger.ts'
import type { StageRun, State } from './state.ts'

const totalsSchema = reportSchema.omit({
  node: true,
  stage: true,
  epoch: true,
  dead: true,
  understood: true,
  ms: true,
  error: true,
})

const nodeSchema = z.object({
  id: z.string(),
  provider: z.enum(['aws', 'gcp', 'azure', 'other']),
  region: z.string(),
  state: z.enum(outcomeStates),
  reason: z.string().exactOptional(),
  executionId: z.string().exactOptional(),
  report: reportSchema.extend({ error: z.string().exactOptional() }).exactOptional(),
  startedAt: z.number().exactOptional(),
  endedAt: z.number().exactOptional(),
})

const runSchema = z.object({
  stageId: z.string(),
  requestedAt: z.number(),
  /** Missing while its job was under way. */
  endedAt: z.number().exactOptional(),
  job: z
    .object({
      jobId: z.string(),
      nodes: z.array(z.string()),
      command: z.string(),
      clusterCommand: z.string().exactOptional(),
      submittedAt: z.number(),
    })
    .exactOptional(),
  nodes: z.array(nodeSchema),
  totals: totalsSchema,
  before: totalsSchema,
  runs: z.number().int().nonnegative(),
  ms: z.number().nonnegative(),
})

const fileSchema = z.object({
  version: z.literal(1),
  epoch: z.string(),
  /** The cluster that they ran on, as it is called on screen. */
  cluster: z.string().exactOptional(),
  /** Milliseconds since the epoch of the last change. */
  at: z.number(),
  /** Id of the furthest step. */
  reached: z.string(),
  runs: z.array(runSchema),
  /** Load jobs of the last day on which there were any. */
  loads: z.object({ day: z.iso.date(), jobs: z.number().int().nonnegative() }).exactOptional(),
})

export interface RunsFile {
  readonly epoch: string
  readonly cluster?: string
  readonly at: number
  readonly reached: string
  readonly runs: readonly StageRun[]
  readonly loads?: DayLoads
}

/** What runs.json holds, or undefined when it is missing, cut off or of another version. */
export const parseRuns = (text: string | undefined): RunsFile | undefined => {
  if (text === undefined) return undefined
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text))
    if (!parsed.success) return undefined
    return { ...parsed.data, runs: parsed.data.runs.flatMap(restored) }
  } catch {
    return undefined
  }
}

/** A run whose job was under way is so still, as far as is known; its job's id is what tells its news apart. */
const restored = (run: z.infer<typeof runSchema>): StageRun | readonly [] => {
  if (run.endedAt !== undefined) return { ...run, phase: 'ended' }
  return run.job === undefined ? [] : { ...run, phase: 'running', requestId: run.job.jobId, adopted: true }
}

/** Text of runs.json: every finished run of this epoch, and those whose job is under way. */
export const renderRuns = (file: RunsFile): string =>
  `${JSON.stringify({ version: 1, ...file, runs: file.runs.flatMap(toStored) }, null, 1)}\n`

const toStored = (run: StageRun): unknown[] => {
  const underWay = run.phase === 'running' && run.job !== undefined
  if (run.requestedAt === undefined || (run.endedAt === undefined && !underWay)) return []
  const { stageId, requestedAt, endedAt, job, totals, before, runs, ms } = run
  const nodes = run.nodes.map(({ progress: _, ...node }) => node)
  return [{ stageId, requestedAt, endedAt, job, nodes, totals, before, runs, ms }]
}

/** A run whose job cannot be followed any more: what its nodes had reported by then holds. */
export const abandoned = (run: StageRun, at: number, reason: string): StageRun => {
  const { requestId: _, adopted: __, ...rest } = run
  const open = (state: string): boolean => state === 'waiting' || state === 'running'
  const nodes = run.nodes.map((node) => (open(node.state) ? { ...node, state: 'stopped' as const, reason } : node))
  return { ...rest, phase: 'ended', endedAt: at, nodes }
}

/** Where a walk had got to, as a title for the first screen. */
export const stoppedAfter = (file: RunsFile, steps: State['steps']): string | undefined => {
  const step = steps.find(({ id }) => id === file.reached)
  return step === undefined ? undefined : [step.digit, step.title].filter((word) => word !== undefined).join(' ')
}
