import { afterEach, describe, expect, test } from 'vitest'
import type { CallOptions, Cluster, JobRequest, SubmittedJob } from '../../src/cluster/cluster.ts'
import { AppError } from '../../src/core/errors.ts'
import { hasEnded, isSettled, type JobSnapshot, outcomeOf } from '../../src/core/job.ts'

/** What the job that a harness sends comes to. */
export type Scenario =
  | 'completes'
  | 'exits with 3'
  | 'runs on'
  | 'loses a node'
  | 'is refused'
  | 'may not mount'
  | 'finds no node'
  | 'runs out of memory'

export interface OpenedScenario {
  readonly cluster: Cluster
  readonly request: JobRequest
  /** Makes the scenario happen once the job runs. */
  readonly onRunning?: () => Promise<void>
  readonly dispose: () => Promise<void>
}

const watchAll = async (
  cluster: Cluster,
  job: SubmittedJob,
  call: CallOptions,
  onSnapshot: (snapshot: JobSnapshot) => Promise<void> | void = () => {},
): Promise<readonly JobSnapshot[]> => {
  const all: JobSnapshot[] = []
  for await (const snapshot of cluster.watch(job, call)) {
    all.push(snapshot)
    await onSnapshot(snapshot)
  }
  return all
}

const last = (all: readonly JobSnapshot[]): JobSnapshot => {
  const snapshot = all.at(-1)
  if (snapshot === undefined) throw new Error('no snapshot came')
  return snapshot
}

const outcomes = (job: JobSnapshot) => job.executions.map((execution) => outcomeOf(execution, job))

const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(AppError)
  return thrown as AppError
}

export interface ContractOptions {
  /** Milliseconds that a job may take, a node's loss with it. */
  readonly deadlineMs?: number
}

/** What every cluster holds to. */
export const clusterContract = (
  name: string,
  open: (scenario: Scenario) => Promise<OpenedScenario>,
  { deadlineMs = 20_000 }: ContractOptions = {},
): void => {
  const call: CallOptions = { signal: new AbortController().signal, deadlineMs }
  const toDispose: (() => Promise<void>)[] = []
  const opened = async (scenario: Scenario): Promise<OpenedScenario> => {
    const given = await open(scenario)
    toDispose.push(async () => {
      await given.cluster.close()
      await given.dispose()
    })
    return given
  }
  afterEach(async () => {
    await Promise.all(toDispose.splice(0).map((dispose) => dispose()))
  })

  /** Sends the scenario's job and returns every snapshot. */
  const run = async (scenario: Scenario) => {
    const { cluster, request, onRunning } = await opened(scenario)
    const job = await cluster.submit(request, call)
    let told = false
    const all = await watchAll(cluster, job, call, async (snapshot) => {
      if (told || !snapshot.executions.some(({ state }) => state === 'running')) return
      told = true
      await onRunning?.()
    })
    return { cluster, request, job, all, end: last(all) }
  }

  describe(`${name} keeps the contract of a cluster`, () => {
    test('lists nodes with a cloud, a region and a state', async () => {
      const { cluster } = await opened('completes')
      const nodes = await cluster.nodes(call)
      expect(nodes.length).toBeGreaterThan(2)
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length)
      expect(new Set(nodes.map(({ provider }) => provider))).toEqual(new Set(['aws', 'gcp', 'azure']))
      for (const node of nodes) {
        expect(node.region).not.toBe('')
        expect(node.state).toBe('connected')
        expect(node.cpu).toBeGreaterThan(0)
      }
    })

    test('runs a job to its end, one execution a node', async () => {
      const { job, request, end, all } = await run('completes')
      expect(job.jobId).toMatch(/^j-/)
      expect(job.nodes).toEqual(request.nodes)
      expect(job.command).not.toMatch(/\n/)
      expect(end.state).toBe('completed')
      expect(end.executions.map(({ nodeId }) => nodeId).sort()).toEqual([...request.nodes].sort())
      for (const execution of end.executions) {
        expect(execution).toMatchObject({ state: 'completed', exitCode: 0, nodeLost: false })
        expect(execution.endedAt).toBeGreaterThanOrEqual(execution.startedAt ?? Number.NaN)
      }
      expect(all.slice(0, -1).some(isSettled)).toBe(false)
    })

    test('tells equal snapshots once', async () => {
      const { all } = await run('completes')
      const texts = all.map((snapshot) => JSON.stringify(snapshot))
      expect(texts.filter((text, index) => text === texts[index - 1])).toEqual([])
    })

    test('calls a non-zero exit completed, and its outcome a failure with the code', async () => {
      const { end } = await run('exits with 3')
      expect(end.state).toBe('completed')
      for (const execution of end.executions) expect(execution).toMatchObject({ state: 'completed', exitCode: 3 })
      for (const outcome of outcomes(end)) {
        expect(outcome.state).toBe('failed')
        expect(outcome.reason).toContain('3')
      }
    })

    test('knows no exit code before the end, and stops without a report', async () => {
      const { cluster, request } = await opened('runs on')
      const job = await cluster.submit(request, call)
      let stopping = false
      const all = await watchAll(cluster, job, call, async (snapshot) => {
        if (stopping || !snapshot.executions.some(({ state }) => state === 'running')) return
        stopping = true
        await cluster.stop(job.jobId, call)
      })
      const open = all.flatMap(({ executions }) => executions.filter((execution) => !hasEnded(execution)))
      expect(open.length).toBeGreaterThan(0)
      for (const execution of open) {
        expect(execution.exitCode).toBeUndefined()
        expect(execution.report).toBeUndefined()
      }
      const end = last(all)
      expect(end.state).toBe('stopped')
      await cluster.stop(job.jobId, call)
      const after = last(await watchAll(cluster, job, call))
      for (const execution of after.executions) {
        expect(execution.state).toBe('cancelled')
        expect(execution.exitCode).toBeUndefined()
        expect(execution.report).toBeUndefined()
      }
    })

    test('leaves the execution of a lost node open, and settles all the same', async () => {
      const { cluster, end } = await run('loses a node')
      expect(end.state).toBe('running')
      const lost = end.executions.filter(({ nodeLost }) => nodeLost)
      expect(lost.length).toBe(1)
      for (const execution of lost) {
        expect(hasEnded(execution)).toBe(false)
        expect(execution.exitCode).toBeUndefined()
        expect(outcomeOf(execution, end).state).toBe('lost')
      }
      const node = (await cluster.nodes(call)).find(({ id }) => id === lost[0]?.nodeId)
      expect(node?.state).toBe('lost')
      expect(node?.lostSince).toBeGreaterThan(0)
    })

    test('completes a job whose nodes refused it', async () => {
      const { end } = await run('is refused')
      expect(end.state).toBe('completed')
      for (const execution of end.executions) expect(execution).toMatchObject({ state: 'rejected' })
      for (const { state, reason } of outcomes(end)) {
        expect(state).toBe('failed')
        expect(reason).toContain('rejected bid')
      }
    })

    test.each([
      ['may not mount', /is not allowlisted/],
      ['runs out of memory', /memory limit exceeded/],
    ] as const)('fails a job that %s, with the reason a node', async (scenario, reason) => {
      const { end } = await run(scenario)
      expect(end.state).toBe('failed')
      expect(end.message).toContain('one or more executions failed')
      const failed = end.executions.filter(({ state }) => state === 'failed')
      expect(failed.length).toBeGreaterThan(0)
      for (const execution of failed) {
        expect(execution.message).toMatch(reason)
        expect(execution.exitCode).toBeUndefined()
        expect(execution.report).toBeUndefined()
      }
    })

    test('fails a job that no node may run', async () => {
      const { end } = await run('finds no node')
      expect(end.state).toBe('failed')
      expect(end.executions).toEqual([])
      expect(end.message).toContain('not matching nodes')
    })

    test('keeps a job for the person to send, and sends nothing itself', async () => {
      const { cluster, request } = await opened('completes')
      const shown = await cluster.keep(request, call)
      expect(shown.command).toContain(request.name)
      const job = await cluster.submit(request, call)
      expect(isSettled(last(await watchAll(cluster, job, call)))).toBe(true)
    })

    test('refuses a spec that would block the nodes, and one that is not valid', async () => {
      const { cluster, request } = await opened('completes')
      const big = await failureOf(cluster.submit({ ...request, spec: `# ${'x'.repeat(900_000)}` }, call))
      expect(big.kind).toBe('refused')
      const typo = await failureOf(cluster.submit({ ...request, spec: request.spec.replace('{', '{"Foo": 1,') }, call))
      expect(typo.kind).toBe('usage')
      expect(typo.why).toContain("unknown field: 'Foo' in 'Job'")
    })

    test('reads what an execution printed, and says so when there is none of that id', async () => {
      const { cluster, job, end } = await run('completes')
      const id = end.executions[0]?.id ?? ''
      const lines = await cluster.logs({ jobId: job.jobId, executionId: id }, call)
      expect(lines.join('\n')).toContain('hello from')
      expect(lines.join('\n')).toContain('a warning')
      const error = await failureOf(cluster.logs({ jobId: job.jobId, executionId: 'e-none' }, call))
      expect(error.what).toContain('e-none')
    })

    test('ends a watch that is given up, or too late', async () => {
      const { cluster, request } = await opened('runs on')
      const job = await cluster.submit(request, call)
      const controller = new AbortController()
      const givenUp = async () => {
        for await (const _ of cluster.watch(job, { signal: controller.signal })) controller.abort()
      }
      expect((await failureOf(givenUp())).kind).toBe('interrupted')
      const late = async () => {
        for await (const _ of cluster.watch(job, { ...call, deadlineMs: 1 }));
      }
      expect((await failureOf(late())).kind).toBe('unreachable')
    })
  })
}
