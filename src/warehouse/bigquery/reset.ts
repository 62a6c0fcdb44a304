import { setTimeout as pause } from 'node:timers/promises'
import { tables } from '../../core/tables.ts'
import type { CallOptions, Emptied } from '../warehouse.ts'
import { confirmTables, tableBody } from './confirm.ts'
import { settleEpoch } from './epoch.ts'
import { giveBack, grantsOf } from './grants.ts'
import { nameIn } from './place.ts'
import { defaultDeadlineMs, stopped } from './request.ts'
import { type RunningLoads, runningLoads } from './running-loads.ts'
import type { Service } from './service.ts'
import { deleteTable, findTableInfo, insertTable } from './tables.ts'
import type { WireTable } from './wire.ts'

const longestWaitMs = 60_000
const lookEveryMs = 1_000
/** For a table that is being removed and made again, whatever time is left. */
const finishMs = 20_000
const mostNamed = 5

export interface ResetParts {
  readonly service: Service
  readonly now: () => number
  readonly newEpoch: () => string
  readonly create: boolean
}

/**
 * Sets a passing epoch, so that loaders stop, waits a minute at most for loads of the old one, empties the tables, and sets the epoch that
 * holds: whoever began under the passing one has to begin again, because its rows may have been removed with the others.
 * A table is removed and made again as it was: that costs nothing and needs no billing account, unlike TRUNCATE and DELETE, which are
 * DML; loads that come too late then fail or count as strays. The daily count of changes belongs to the name and goes on.
 */
export const resetTables = async (
  { service, now, newEpoch, create }: ResetParts,
  { signal, deadlineMs = longestWaitMs + defaultDeadlineMs }: CallOptions,
): Promise<Emptied> => {
  const until = now() + deadlineMs
  const options = (): CallOptions => ({ signal, deadlineMs: Math.max(1, until - now()) })
  const final = newEpoch()
  // before anything is removed: tables that are not what they must be are refused
  const { epoch: old } = await confirmTables(service, tables, { newEpoch: newEpoch(), create }, options())
  await settleEpoch(service, newEpoch(), options(), true)
  const waitUntil = Math.min(now() + longestWaitMs, until - defaultDeadlineMs / 2)
  let running = await runningLoads(service, old, options())
  while (running.ids.length > 0 && now() < waitUntil) {
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw stopped()
    running = await runningLoads(service, old, options())
  }
  const lost = await Promise.all(
    tables.map(async (table) => {
      const name = nameIn(service.place, table.name)
      const found = await findTableInfo(service, name, options())
      if (found === undefined || found.numRows === 0) return []
      const grants = await grantsOf(service, name, options())
      // what is removed is made again, even when somebody stops meanwhile
      const finishing = { signal: new AbortController().signal, deadlineMs: Math.max(finishMs, until - now()) }
      await deleteTable(service, name, finishing)
      await insertTable(service, name, { ...tableBody(table, final), ...kept(found) }, finishing)
      return giveBack(service, name, grants, finishing)
    }),
  )
  await settleEpoch(service, final, options(), true)
  const { epoch } = await confirmTables(service, tables, { newEpoch: final, create: true }, options())
  const notices = [...notWaitedFor(running), ...lost.flat()]
  return { epoch, ...(notices.length === 0 ? {} : { notices }) }
}

const notWaitedFor = ({ ids, ofAll }: RunningLoads): readonly string[] => {
  const unseen = ofAll
    ? []
    : [
        'Loads of other accounts were not waited for, because listing them takes roles/bigquery.resourceViewer; rows of theirs that still come are counted as strays.',
      ]
  if (ids.length === 0) return unseen
  const named = ids.slice(0, mostNamed).join(', ')
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : ''
  return [...unseen, `Not waited for, and counted as strays if they still load: the jobs ${named}${more}.`]
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
