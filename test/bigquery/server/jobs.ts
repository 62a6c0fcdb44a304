import { needOnProject } from './allow.ts'
import { countPoll, describeJob, findJob } from './job-life.ts'
import { accessDenied } from './problem.ts'
import { pageToken, startOf, wholeOf } from './tabledata.ts'
import { type Call, type Handler, type Job, ok } from './world.ts'

/** Whoever made a job may see and stop it; others need more. */
export const jobOf = (call: Call, permission: string): Job => {
  const { world, account, params, query } = call
  const job = findJob(world, params['job'] ?? '', query.get('location'))
  if (job.account !== account && !world.permissions.may(account, permission))
    throw accessDenied(
      `Job ${world.projectId}:${job.location}.${job.id}: The user does not have ${permission} permission.`,
    )
  return job
}

export const getJob: Handler = (call) => {
  const job = jobOf(call, 'bigquery.jobs.get')
  const answer = ok(describeJob(call.world, job))
  countPoll(job)
  return answer
}

/** Asks a job to stop; a load is stopped only before it begins to write. */
export const cancelJob: Handler = async (call) => {
  const job = jobOf(call, 'bigquery.jobs.update')
  if (job.state !== 'DONE') job.stop.abort()
  await Promise.race([job.finished, new Promise((resolve) => setTimeout(resolve, 1000).unref())])
  return ok({ kind: 'bigquery#jobCancelResponse', job: describeJob(call.world, job) })
}

/** Answers of this many jobs at most, whatever was asked. */
const mostJobs = 50

/** The project's jobs, latest first, in pages: all of them, or those of the account. */
export const listJobs: Handler = (call) => {
  const { world, account, query } = call
  if (query.get('allUsers') === 'true') needOnProject(call, 'bigquery.jobs.list')
  const states = query.getAll('stateFilter').map((state) => state.toUpperCase())
  const jobs = [...world.jobs.values()]
    .filter((job) => query.get('allUsers') === 'true' || job.account === account)
    .filter((job) => states.length === 0 || states.includes(job.state))
    .filter((job) => job.created >= Number(query.get('minCreationTime') ?? 0))
  const start = startOf('jobs', query.get('pageToken'))
  const end = start + Math.min(wholeOf(query.get('maxResults'), mostJobs), mostJobs)
  return ok({
    kind: 'bigquery#jobList',
    jobs: jobs
      .reverse()
      .slice(start, end)
      .map((job) => ({ ...describeJob(world, job), state: job.state })),
    ...(end < jobs.length ? { nextPageToken: pageToken('jobs', end) } : {}),
  })
}
