import { setTimeout as pause } from 'node:timers/promises'
import { tables } from '../../core/tables.ts'
import type { CallOptions } from '../warehouse.ts'
import { confirmTables, confirmView, tableBody } from './confirm.ts'
import { epochOf, epochTable, settleEpoch } from './epoch.ts'
import { nameIn } from './place.ts'
import { defaultDeadlineMs, stopped } from './request.ts'
import type { Service } from './service.ts'
import { deleteTable, findTableInfo, insertTable } from './tables.ts'
import { jobsAnswer, type WireTable } from './wire.ts'

const longestWaitMs = 60_000
const lookEveryMs = 1_000

export interface ResetParts {
  readonly service: Service
  readonly now: () => number
  readonly newEpoch: string
  readonly create: boolean
}

/**
 * Sets a new epoch, so that loaders stop, waits a minute at most for loads of the old one, and empties the tables.
 * A table is removed and made again as it was: that costs nothing and needs no billing account, unlike TRUNCATE and DELETE, which are
 * DML; loads that come too late then fail or count as strays. The daily count of changes belongs to the name and goes on.
 */
export const resetTables = async (
  { service, now, newEpoch, create }: ResetParts,
  { signal, deadlineMs = longestWaitMs + defaultDeadlineMs }: CallOptions,
): Promise<{ readonly epoch: string }> => {
  const until = now() + deadlineMs
  const options = (): CallOptions => ({ signal, deadlineMs: Math.max(1, until - now()) })
  const old = epochOf(await findTableInfo(service, epochTable, options()))
  if (old === undefined) {
    const { epoch } = await confirmTables(service, tables, { newEpoch, create }, options())
    return { epoch }
  }
  await settleEpoch(service, newEpoch, options(), true)
  const waitUntil = Math.min(now() + longestWaitMs, until - defaultDeadlineMs / 2)
  while ((await runningLoads(service, old, options())) > 0 && now() < waitUntil) {
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw stopped()
  }
  await Promise.all(
    tables.map(async (table) => {
      const name = nameIn(service.place, table.name)
      const found = await findTableInfo(service, name, options())
      if (found === undefined || found.numRows === 0) return
      await deleteTable(service, name, options())
      await insertTable(service, name, { ...tableBody(table, newEpoch), ...kept(found) }, options())
    }),
  )
  // another program may have made what was removed, with an epoch of its own: that one holds then
  const { epoch } = await confirmTables(service, tables, { newEpoch, create: true }, options())
  await confirmView(service, epoch, options())
  return { epoch }
}

const keptKeys = [
  'description',
  'friendlyName',
  'schema',
  'timePartitioning',
  'clustering',
  'labels',
  'expirationTime',
  'requirePartitionFilter',
  'encryptionConfiguration',
] as const

/** What is somebody's own about a table: columns, description, labels, expiry. */
const kept = (found: WireTable): Readonly<Record<string, unknown>> =>
  Object.fromEntries(keptKeys.flatMap((key) => (found[key] === undefined ? [] : [[key, found[key]]])))

/** Loads of an epoch that are not done; those of other accounts only where the right to list them is there. */
const runningLoads = async (service: Service, epoch: string, options: CallOptions): Promise<number> => {
  const list = (allUsers: boolean) =>
    service.ask(
      {
        method: 'GET',
        path: '/jobs',
        query: {
          projection: 'minimal',
          maxResults: '1000',
          stateFilter: ['pending', 'running'],
          ...(allUsers ? { allUsers: 'true' } : {}),
        },
        shape: jobsAnswer,
        doing: 'list the jobs that load rows',
      },
      options,
      ({ status }) => status === 403,
    )
  const all = await list(true)
  const found = 'value' in all ? all : await list(false)
  if (!('value' in found)) return 0
  return found.value.jobs.filter(
    ({ jobReference: { jobId } }) => jobId.startsWith('bbq_') && jobId.includes(`_${epoch}`),
  ).length
}
