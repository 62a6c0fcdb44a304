import type { CallOptions } from '../warehouse.ts'
import type { Service } from './service.ts'
import { jobsAnswer } from './wire.ts'

/** Ids of the loads of an epoch that are not done; those of other accounts only where the right to list them is there. */
export const runningLoads = async (
  service: Service,
  epoch: string,
  options: CallOptions,
): Promise<readonly string[]> => {
  const page = (allUsers: boolean, pageToken: string) =>
    service.ask(
      {
        method: 'GET',
        path: '/jobs',
        query: {
          projection: 'minimal',
          maxResults: '1000',
          stateFilter: ['pending', 'running'],
          ...(allUsers ? { allUsers: 'true' } : {}),
          ...(pageToken === '' ? {} : { pageToken }),
        },
        shape: jobsAnswer,
        doing: 'list the jobs that load rows',
      },
      options,
      ({ status }) => status === 403,
    )

  const list = async (allUsers: boolean): Promise<readonly string[] | undefined> => {
    const ids: string[] = []
    let pageToken = ''
    do {
      const answer = await page(allUsers, pageToken)
      if (!('value' in answer)) return undefined
      ids.push(...answer.value.jobs.map(({ jobReference: { jobId } }) => jobId))
      pageToken = answer.value.nextPageToken ?? ''
    } while (pageToken !== '')
    return ids
  }

  const ids = (await list(true)) ?? (await list(false)) ?? []
  return ids.filter((id) => id.startsWith('bbq_') && id.includes(`_${epoch}`))
}
