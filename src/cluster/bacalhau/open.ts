import { join, resolve } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { ShownJob } from '../../core/job.ts'
import type { CallOptions, Cluster, JobRequest } from '../cluster.ts'
import { submitArguments, submitLine, writeJobFile } from '../job-file.ts'
import type { OpenClusterOptions } from '../options.ts'
import { parseSpec } from '../spec.ts'
import { notUnderstood, saysAlreadyEnded } from './errors.ts'
import { linkTo, serverVersionOf } from './link.ts'
import { createReadLogs } from './logs.ts'
import { decodeNodes } from './nodes.ts'
import { nodesArguments, watchJob } from './watch.ts'

const usualPollMs = 1_000

/** A Bacalhau cluster, driven by its CLI; opens once the CLI and the orchestrator have told their versions. */
export const openBacalhau = async (options: OpenClusterOptions): Promise<Cluster> => {
  const { selector, pollMs = usualPollMs } = options.bacalhau ?? {}
  const stateDir = resolve(options.stateDir)
  const opening = { signal: options.signal ?? new AbortController().signal }
  const link = await linkTo(options, opening)
  await serverVersionOf(link, opening)
  const { cli, profile } = link
  const context = { cli, profile, pollMs, now: options.now }
  const readLogs = createReadLogs(context)
  const closed = new AbortController()
  const within = (call: CallOptions): CallOptions => ({
    ...call,
    signal: AbortSignal.any([call.signal, closed.signal]),
  })

  const keep = async (request: JobRequest): Promise<ShownJob> => {
    parseSpec(request.name, request.spec)
    await writeJobFile(stateDir, request)
    const path = join(options.stateDir, 'jobs', `${request.name}.yaml`)
    return { command: link.shellPrefix + submitLine(path, profile) }
  }

  return {
    about: { kind: 'bacalhau', label: link.endpoint, access: link.access },
    async nodes(call) {
      return decodeNodes(await cli(nodesArguments(profile, selector), within(call)))
    },
    keep,
    async submit(request, call) {
      const shown = await keep(request)
      const stdout = await cli([...submitArguments, ...profile], { ...within(call), input: request.spec })
      return {
        jobId: jobIdIn(stdout),
        nodes: request.nodes,
        ...shown,
        submittedAt: options.now(),
      }
    },
    watch: (job, call) => watchJob(job.jobId, context, within(call)),
    logs: ({ jobId, executionId }, call) => readLogs(jobId, executionId, within(call)),
    async stop(jobId, call) {
      try {
        await cli(['job', 'stop', jobId, '--quiet', ...profile], within(call))
      } catch (thrown) {
        if (!saysAlreadyEnded(thrown)) throw thrown
      }
    },
    async close() {
      closed.abort()
    },
  }
}

const jobIdIn = (stdout: string): string => {
  const id = /^j-[0-9a-f-]{36}$/m.exec(stdout)?.[0]
  if (id !== undefined) return id
  throw stdout.trim() === ''
    ? new AppError({
        what: 'The job was sent, and no id came back.',
        next: ['Look for it: bacalhau job list --limit 0'],
      })
    : notUnderstood('job run', `It was: ${stdout.trim().slice(0, 200)}`)
}
