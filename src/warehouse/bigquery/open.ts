import { randomUUID } from 'node:crypto'
import { googleApi } from '../../core/bigquery/endpoint.ts'
import type { Holder } from '../../hold-file.ts'
import type { CallOptions, Warehouse } from '../warehouse.ts'
import { accountOf, openClient } from './client.ts'
import { confirmTables } from './confirm.ts'
import { findCredentials } from './credentials.ts'
import { openHold } from './hold.ts'
import type { Place } from './place.ts'
import { openQueries } from './query.ts'
import { defaultDeadlineMs, openGateway } from './request.ts'
import { resetTables } from './reset.ts'
import { openService } from './service.ts'
import { openStatus } from './status.ts'
import { openTail } from './tail.ts'

export interface BigqueryOptions {
  readonly kind: 'bigquery'
  readonly project: string
  readonly dataset: string
  readonly location: string
  /** The name of log_results in the dataset, where the config renames it. */
  readonly logResultsTable?: string
  /** Make dataset and tables when they are missing. */
  readonly createIfMissing: boolean
  /** Key file of the operator; need not exist. */
  readonly credentialsPath: string
  readonly apiEndpoint?: string
  readonly tokenEndpoint?: string
  /** Where a login of gcloud is looked for. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Who means to write: from `confirm` to `close` nobody else may. */
  readonly writer?: Holder
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A fresh random epoch: 4 to 32 lower-case letters and digits. */
  readonly newEpoch: () => string
}

/** A dataset of BigQuery; nothing is read or asked before the first call. */
export const openBigqueryWarehouse = (options: BigqueryOptions): Warehouse => {
  const { project, dataset, location, logResultsTable = 'log_results', credentialsPath, env, now, newEpoch } = options
  const { apiEndpoint = googleApi, tokenEndpoint, createIfMissing } = options
  const place: Place = { project, dataset, location, logResultsTable }
  const tokens = tokenEndpoint === undefined ? {} : { tokenEndpoint }
  let account: string | undefined
  const gateway = openGateway({
    apiEndpoint,
    project,
    openClient: async () => {
      const credentials = await findCredentials({ path: credentialsPath, env, apiEndpoint, ...tokens })
      account = accountOf(credentials)
      return openClient({ credentials, project, location, apiEndpoint, ...tokens })
    },
    now,
  })
  const service = openService(gateway, { place, apiEndpoint }, () => account)
  const status = openStatus(service, now)
  const tail = openTail(service)
  const hold = options.writer === undefined ? undefined : openHold(service, options.writer, now)
  const queries = openQueries({ service, now, newJobId: () => `bbq_query_${randomUUID()}` })

  /** What is left of the time of a call, however many requests it takes. */
  const within = ({ signal, deadlineMs = defaultDeadlineMs }: CallOptions): CallOptions => {
    const until = now() + deadlineMs
    return {
      signal,
      get deadlineMs() {
        return Math.max(1, until - now())
      },
    }
  }

  return {
    about: { kind: 'bigquery', label: `BigQuery ${project}.${dataset}` },
    confirm: async (tables, call) => {
      const options = within(call)
      const confirmed = await confirmTables(service, tables, { newEpoch: newEpoch(), create: createIfMissing }, options)
      await hold?.take(options)
      return confirmed
    },
    status: (call) => status(within(call)),
    tail: (table, { limit, ...call }) => tail(table, limit, within(call)),
    estimate: (sql, call) => queries.estimate(sql, within(call)),
    query: queries.query,
    reset: (call) => resetTables({ service, now, newEpoch, create: createIfMissing }, call),
    sink: () => ({
      kind: 'bigquery',
      project,
      dataset,
      location,
      ...(options.apiEndpoint === undefined ? {} : { apiEndpoint: options.apiEndpoint }),
      ...tokens,
    }),
    close: async () => {
      await hold?.release()
      gateway.close()
    },
  }
}
