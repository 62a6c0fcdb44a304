import type { CallOptions } from '../warehouse.ts'
import type { Service } from './service.ts'
import { jobsAnswer } from './wire.ts'

/** Loads that are not done. */
export interface RunningLoads {
  readonly ids: readonly string[]
  /** Whether those of other accounts are among them, which takes the right to list them. */
  readonly ofAll: boolean
}

/** Ids of the loads of an epoch that are not done. */
export const runningLoads = async (service: Service, epoch: string, options: CallOptions): Promise<RunningLoads> => {
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

  const all = await list(true)
  const ids = all ?? (await list(false)) ?? []
  return { ids: ids.filter((id) => id.startsWith('bbq_') && id.includes(`_${epoch}`)), ofAll: all !== undefined }
}
