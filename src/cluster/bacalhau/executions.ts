import { z } from 'zod'
import type { Execution, ExecutionState, JobState } from '../../core/job.ts'
import { parseProgress, parseReport } from '../../core/report.ts'
import { exitMessage } from '../exit-message.ts'
import { decode } from './json.ts'

const names = [
  'Undefined',
  'New',
  'AskForBid',
  'AskForBidAccepted',
  'AskForBidRejected',
  'BidAccepted',
  'Running',
  'Publishing',
  'BidRejected',
  'Completed',
  'Failed',
  'Cancelled',
] as const
const desiredNames = ['Pending', 'Running', 'Stopped'] as const

/** States are numbers in 1.9; names are taken too. */
const stateSchema = z.object({ StateType: z.union([z.number(), z.string()]), Message: z.string().optional() })

const executionSchema = z.object({
  ID: z.string(),
  NodeID: z.string(),
  DesiredState: stateSchema,
  ComputeState: stateSchema,
  RunOutput: z
    .object({
      Stdout: z.string().default(''),
      StdoutTruncated: z.boolean().default(false),
      stderr: z.string().default(''),
      StderrTruncated: z.boolean().default(false),
      ExitCode: z.number().default(0),
      ErrorMsg: z.string().default(''),
    })
    .nullish(),
  CreateTime: z.number(),
  ModifyTime: z.number(),
})

type ExecutionRecord = z.infer<typeof executionSchema>

/** An execution and what was kept of its output. */
export interface DecodedExecution {
  readonly execution: Execution
  /** Both streams, stderr first; `cut` where it was too long to be kept whole. */
  readonly output: { readonly text: string; readonly cut: boolean }
}

/** What `job executions --output json` tells; `connected` are the ids of the nodes that can still send news. */
export const decodeExecutions = (stdout: string, connected: ReadonlySet<string>): readonly DecodedExecution[] =>
  decode(
    'job executions',
    stdout,
    z
      .array(executionSchema)
      .nullable()
      .transform((all) => all ?? []),
  ).map((record) => decodeExecution(record, connected))

const decodeExecution = (record: ExecutionRecord, connected: ReadonlySet<string>): DecodedExecution => {
  const state = executionState(record)
  const open = state === 'pending' || state === 'running'
  const output = record.RunOutput
  const errors = (output?.stderr ?? '').split('\n')
  const exitCode = state === 'completed' ? output?.ExitCode : undefined
  const message =
    state === 'completed'
      ? output?.ErrorMsg || exitMessage(exitCode ?? 0, errors)
      : open
        ? undefined
        : record.ComputeState.Message || record.DesiredState.Message
  const report = state === 'completed' ? parseReport(output?.Stdout ?? '') : undefined
  const progress = parseProgress(output?.stderr ?? '')
  const execution: Execution = {
    id: record.ID,
    nodeId: record.NodeID,
    state,
    nodeLost: open && !connected.has(record.NodeID),
    startedAt: milliseconds(record.CreateTime),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(message === undefined ? {} : { message }),
    ...(report === undefined ? {} : { report }),
    ...(progress === undefined ? {} : { progress }),
    ...(open ? {} : { endedAt: milliseconds(record.ModifyTime) }),
  }
  return { execution, output: keptOf(output) }
}

const keptOf = (output: ExecutionRecord['RunOutput']): DecodedExecution['output'] => {
  const { Stdout = '', stderr = '', StdoutTruncated = false, StderrTruncated = false } = output ?? {}
  const between = stderr === '' || stderr.endsWith('\n') ? '' : '\n'
  return { text: stderr + between + Stdout, cut: StdoutTruncated || StderrTruncated }
}

const milliseconds = (nanoseconds: number): number => Math.floor(nanoseconds / 1e6)

/** An ops execution stays New from its start to its end: that it runs is read from what is desired. */
const executionState = ({ ComputeState, DesiredState }: ExecutionRecord): ExecutionState => {
  const compute = name(names, ComputeState.StateType)
  switch (compute) {
    case 'Completed':
      return 'completed'
    case 'Failed':
      return 'failed'
    case 'Cancelled':
      return 'cancelled'
    case 'AskForBidRejected':
    case 'BidRejected':
      return 'rejected'
    case 'BidAccepted':
    case 'Running':
    case 'Publishing':
      return 'running'
    default:
      return name(desiredNames, DesiredState.StateType) === 'Pending' ? 'pending' : 'running'
  }
}

const name = (all: readonly string[], value: number | string): string =>
  typeof value === 'string' ? value : (all[value] ?? 'Undefined')

const jobSchema = z.object({
  Job: z.object({ State: z.object({ StateType: z.string(), Message: z.string().optional() }) }),
})

const jobStates: Readonly<Record<string, JobState>> = {
  Undefined: 'pending',
  Pending: 'pending',
  Queued: 'queued',
  Running: 'running',
  Completed: 'completed',
  Failed: 'failed',
  Stopped: 'stopped',
}

/** The job's own state out of `job describe --output json`. */
export const decodeJob = (stdout: string): { readonly state: JobState; readonly message?: string } => {
  const { StateType, Message } = decode('job describe', stdout, jobSchema).Job.State
  const state = jobStates[StateType] ?? 'pending'
  return Message === undefined || Message === '' ? { state } : { state, message: Message }
}
