import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import type { CallOptions, Cluster, JobRequest } from '../../../src/cluster/cluster.ts'
import { AppError } from '../../../src/core/errors.ts'
import type { JobSnapshot } from '../../../src/core/job.ts'
import { openTiny, type Tiny } from './open-tiny.ts'

export const call: CallOptions = { signal: new AbortController().signal, deadlineMs: 20_000 }
const toDispose: (() => Promise<void>)[] = []

/** A sandbox that is closed and removed after the test. */
export const tiny = async (...given: Parameters<typeof openTiny>): Promise<Tiny> => {
  const opened = await openTiny(...given)
  toDispose.push(async () => {
    await opened.cluster.close()
    await opened.dispose()
  })
  return opened
}

/** Sends the job and returns its last snapshot. */
export const run = async (
  cluster: Cluster,
  request: JobRequest,
  onSnapshot: (snapshot: JobSnapshot) => unknown = () => {},
): Promise<JobSnapshot> => {
  let end: JobSnapshot | undefined
  for await (const snapshot of cluster.watch(await cluster.submit(request, call), call)) {
    end = snapshot
    await onSnapshot(snapshot)
  }
  if (end === undefined) throw new Error('no snapshot came')
  return end
}

/** The AppError that it ends in. */
export const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const thrown = await promise.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(AppError)
  return thrown as AppError
}

export const nodeDir = (stateDir: string, id: string): string => join(stateDir, 'nodes', id)

afterEach(async () => {
  await Promise.all(toDispose.splice(0).map((dispose) => dispose()))
})
