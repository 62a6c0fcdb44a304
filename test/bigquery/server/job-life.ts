import type { FaultKind } from './faults.ts'
import { ApiProblem, duplicate, type JobError, jobErrorOf } from './problem.ts'
import type { Job, World } from './world.ts'

export const jobKey = (location: string, id: string): string => `${location}.${id}`

const stopped: JobError = { reason: 'stopped', message: 'Job execution was cancelled: User requested cancellation' }

const messages: Readonly<Record<string, string>> = {
  backendError: 'Error encountered during execution. Retrying may solve the problem.',
  internalError: 'An internal error occurred and the request could not be completed.',
  jobBackendError: 'The job was created successfully but failed with an internal error.',
  jobInternalError: 'The job was created successfully but failed with an internal error.',
  jobRateLimitExceeded: 'Exceeded rate limits: too many table update operations for this table',
  rateLimitExceeded: 'Exceeded rate limits: too many table update operations for this table',
  quotaExceeded: 'Quota exceeded: Your table exceeded quota for partition modifications',
  invalid: 'Error while reading data, error message: Input file is not in Parquet format.',
  notFound: 'Not found: Table',
  accessDenied: 'Access Denied: Permission bigquery.tables.updateData denied on table',
  bytesBilledLimitExceeded: 'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.',
  stopped: stopped.message,
}

type NewJob = Pick<Job, 'id' | 'location' | 'type' | 'account' | 'configuration' | 'target' | 'dryRun'>

/** Refuses an id that was ever accepted, whatever became of it. */
export const checkFree = (world: World, location: string, id: string): void => {
  if (world.jobs.has(jobKey(location, id))) throw duplicate(`Job ${world.projectId}:${location}.${id}`)
}

/**
 * Accepts a job: from here on its id is taken, whatever becomes of it. The work goes on beside the answer, all or nothing;
 * it is not begun at all when a fault fails or holds the job.
 */
export const acceptJob = (
  world: World,
  facts: NewJob,
  fault: FaultKind | undefined,
  work: (job: Job) => Promise<void>,
): Job => {
  if (!facts.dryRun) checkFree(world, facts.location, facts.id)
  const stop = new AbortController()
  let finish = (): void => undefined
  const job: Job = {
    ...facts,
    created: world.now(),
    ended: undefined,
    state: 'RUNNING',
    error: undefined,
    held: false,
    polls: 0,
    start: undefined,
    stop,
    finished: new Promise((resolve) => {
      finish = resolve
    }),
    statistics: {},
    result: undefined,
    rowsLoaded: undefined,
  }
  const end = (error: JobError | undefined): void => {
    if (job.state === 'DONE') return
    job.state = 'DONE'
    job.held = false
    job.error = error
    job.ended = world.now()
    finish()
  }
  const run = (): void => {
    job.held = false
    work(job).then(
      () => end(undefined),
      (error: unknown) => end(stop.signal.aborted ? stopped : jobErrorOf(error)),
    )
  }
  stop.signal.addEventListener('abort', () => {
    if (job.held) end(stopped)
  })
  if (!facts.dryRun) world.jobs.set(jobKey(facts.location, facts.id), job)

  const polls = /^RUNNING for (\d+) polls$/.exec(fault ?? '')?.[1]
  const failing = /^job fails with (\w+)$/.exec(fault ?? '')?.[1]
  if (failing !== undefined) setImmediate(() => end({ reason: failing, message: messages[failing] ?? failing }))
  else if (fault === 'stay RUNNING' || fault === 'stay PENDING') {
    job.held = true
    job.state = fault === 'stay PENDING' ? 'PENDING' : 'RUNNING'
  } else if (polls !== undefined && Number(polls) > 0) {
    job.held = true
    job.polls = Number(polls)
    job.start = run
  } else run()
  return job
}

/** The job of an id and a location; a wrong location, or none where it must be told, reads as not found. */
export const findJob = (world: World, id: string, location: string | null): Job => {
  const places = location === null ? ['US', 'EU'] : [location]
  const found = places
    .map((place) => [...world.jobs.values()].find((job) => job.id === id && job.location === placeName(place)))
    .find((job) => job !== undefined)
  if (found === undefined)
    throw new ApiProblem(404, 'notFound', `Not found: Job ${world.projectId}:${placeName(location ?? 'US')}.${id}`)
  return found
}

const placeName = (place: string): string => (/^(us|eu)$/i.test(place) ? place.toUpperCase() : place.toLowerCase())

/** Somebody asked how a job goes; one that waits for its last question starts now. */
export const countPoll = (job: Job): void => {
  const { start } = job
  if (start === undefined) return
  job.polls -= 1
  if (job.polls > 0) return
  // two that ask in one moment must not start it twice
  job.start = undefined
  setImmediate(start)
}

/** A job in the words of the API. */
export const describeJob = (world: World, job: Job, state: Job['state'] = job.state): object => ({
  kind: 'bigquery#job',
  etag: `"${job.id.length}-${state}"`,
  id: `${world.projectId}:${job.location}.${job.id}`,
  selfLink: `/bigquery/v2/projects/${world.projectId}/jobs/${job.id}?location=${job.location}`,
  ...(job.account === undefined ? {} : { user_email: job.account }),
  configuration: { jobType: job.type, ...job.configuration },
  jobReference: { projectId: world.projectId, jobId: job.id, location: job.location },
  status: {
    state,
    ...(job.error === undefined || state !== 'DONE' ? {} : { errorResult: job.error, errors: [job.error] }),
  },
  statistics: {
    creationTime: String(job.created),
    startTime: String(job.created),
    ...(state === 'DONE' && job.ended !== undefined ? { endTime: String(job.ended) } : {}),
    ...(state === 'DONE' || job.dryRun ? job.statistics : {}),
  },
})
