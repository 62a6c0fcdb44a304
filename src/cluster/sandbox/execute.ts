import { mkdir, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseReport } from '../../core/report.ts'
import { exitMessage } from '../exit-message.ts'
import { type Child, startChild } from './child.ts'
import { type CommandContext, commandOf, installRuntime, type Mount, mountsOf, taskEnv } from './command.ts'
import { failNode, isGone, type NodeFailure, readFailure } from './fail.ts'
import { type Ending, endExecution, isOpen, type LiveExecution, type LiveJob } from './job.ts'

export interface ExecuteContext extends CommandContext {
  readonly now: () => number
}

/** Runs one execution to its end. One on a node that is lost stays open; one that was stopped meanwhile is left alone. */
export const execute = async (job: LiveJob, execution: LiveExecution, context: ExecuteContext): Promise<void> => {
  const end = (ending: Ending): void => endExecution(job, execution, ending, context.now())
  if (job.stopping || !isOpen(execution)) return
  const failure = await readFailure(execution.node.dir)
  if (isGone(failure)) return markLost(execution)
  const refusal = refusalOf(job, failure)
  if (refusal !== undefined) return end(refusal)
  const mounts = mountsOf(job.task, execution.node)
  const problem = typeof mounts === 'string' ? mounts : await mountProblem(mounts, failure)
  if (problem !== undefined || typeof mounts === 'string')
    return end({ state: 'failed', message: `calculating resource usage of job: ${problem}` })

  execution.state = 'running'
  execution.startedAt = context.now()
  const limit = job.task.Timeouts.ExecutionTimeout
  const timer =
    limit === undefined ? undefined : setTimeout(() => timeOut(job, execution, limit, context.now()), limit * 1_000)
  try {
    await runProgram(job, execution, mounts, failure, context, end)
  } catch (thrown) {
    end({ state: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
  } finally {
    clearTimeout(timer)
  }
}

const runProgram = async (
  job: LiveJob,
  execution: LiveExecution,
  mounts: readonly Mount[],
  failure: NodeFailure | undefined,
  context: ExecuteContext,
  end: (ending: Ending) => void,
): Promise<void> => {
  if (failure?.kind === 'slow') await sleep(failure.delay_ms, undefined, { ref: false })
  const command = commandOf(job.task, execution.node, mounts, { jobId: job.id, executionId: execution.id }, context)
  await installRuntime(command.argv, context.programs)
  if (job.stopping || !isOpen(execution) || execution.lost) return
  const argv = failure?.kind === 'exit' ? failingProgram(failure.code, failure.reason) : command.argv
  const child = startChild({ ...command, argv })
  execution.child = child
  if (failure?.kind === 'killed' || failure?.kind === 'memory') child.kill()
  if (failure?.kind === 'lost') await failNode(execution.node.dir, { ...failure, happened: true })
  const exitCode = await child.done
  if (job.stopping || execution.lost) return
  if (isGone(await readFailure(execution.node.dir))) return markLost(execution)
  if (failure?.kind === 'memory') return end({ state: 'failed', message: 'memory limit exceeded' })
  if (exitCode === 127 && neverStarted(child))
    return end({ state: 'failed', message: `failed to start container: ${child.errors().at(-1) ?? 'no such program'}` })
  const report = parseReport(child.stdout())
  end({ state: 'completed', exitCode, message: exitMessage(exitCode, child.errors()), report })
}

/** True when nothing but the starter itself had something to say. */
const neverStarted = (child: Child): boolean =>
  child.stdout() === '' && child.errors().every((line) => /^(nice:|spawn )/.test(line) || line.includes('ENOENT'))

const failingProgram = (code: number, reason = 'told to fail'): readonly string[] => [
  'sh',
  '-c',
  'echo "$1" >&2; exit "$0"',
  String(code),
  reason,
]

/** The node of an open execution is gone: its program with it, and no news come. */
export const markLost = (execution: LiveExecution): void => {
  if (!isOpen(execution) || execution.lost) return
  execution.lost = true
  execution.child?.kill()
}

const timeOut = (job: LiveJob, execution: LiveExecution, seconds: number, now: number): void => {
  if (execution.lost) return
  endExecution(job, execution, { state: 'failed', message: `Execution timed out after ${seconds}s` }, now)
  execution.child?.stop()
}

const refusalOf = (job: LiveJob, failure: NodeFailure | undefined): Ending | undefined => {
  if (failure?.kind === 'refused')
    return { state: 'rejected', message: `rejected bid: ${failure.reason ?? 'this node takes no jobs'}` }
  const forwarded = Object.entries(taskEnv(job.task)).find(([, value]) => value.startsWith('env:'))
  if (forwarded === undefined) return undefined
  const [name, value] = forwarded
  const wanted = value.slice('env:'.length)
  return {
    state: 'rejected',
    message: `rejected bid: this node does not resolve environment variable ${name}: environment variable '${wanted}' is not in allowed patterns`,
  }
}

const mountProblem = async (
  mounts: readonly Mount[],
  failure: NodeFailure | undefined,
): Promise<string | undefined> => {
  if (failure?.kind === 'mount') return failure.reason ?? 'volume /bacalhau_data is not allowlisted'
  for (const { source, create } of mounts) {
    if (create) {
      const made = await mkdir(source, { recursive: true }).then(
        () => true,
        () => false,
      )
      if (!made) return `volume ${source} cannot be made`
    } else if ((await stat(source).catch(() => undefined)) === undefined)
      return `volume ${source} does not exist and creation is not allowed`
  }
  return undefined
}
