/**
 * A stand-in for BigQuery on loopback, as strict as the documentation says the real one is.
 *
 *   const server = await startStandIn({ now: () => clock })
 *   server.grant('loader', ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser'])
 *   writeFileSync(path, server.keyFile('loader'))                 // a valid key for server.tokenUrl
 *   server.faults.add({ on: 'jobs.insert', nth: 1, do: 'cut after acceptance' })
 *   … the code under test, with api endpoint server.url and token endpoint server.tokenUrl …
 *   expect(server.requests.count('jobs.query', 'jobs.insert.query')).toBe(0)
 *   expect((await server.rowsOf('logs', 'raw_logs')).length).toBe(1000)
 *   await server.close()
 *
 * `startStandIn({ withoutToken: 'owner' })` serves callers without a token, as emulators do; a token that is sent must be good all the same.
 */
import { createServer } from 'node:http'
import { normalise } from '../../../src/core/duckdb-values.ts'
import { openAccounts } from './accounts.ts'
import { openDatabase } from './database.ts'
import { openFaultTable } from './faults.ts'
import { handlersFor } from './handlers.ts'
import { openPermissions } from './permissions.ts'
import { openQuotas } from './quotas.ts'
import { openRequestLog } from './requests.ts'
import { serve } from './serve.ts'
import { storeName } from './tables.ts'
import type { StandIn, StandInOptions } from './types.ts'
import type { Job, World } from './world.ts'

const openWorld = async (options: StandInOptions, requests: () => number): Promise<World> => {
  const { projectId = 'demo', now = Date.now, tokenSeconds = 3600, quotas = {} } = options
  let etags = 0
  return {
    projectId,
    now,
    database: await openDatabase(projectId),
    datasets: new Map(),
    jobs: new Map(),
    requestIds: new Map(),
    accounts: openAccounts(projectId, now, tokenSeconds),
    permissions: openPermissions(requests, options.grantsArriveAfter ?? 0),
    quotas: openQuotas(quotas, now),
    policy: { bindings: [], etag: 'BwX0' },
    projectExists: options.projectExists ?? true,
    apiEnabled: options.apiEnabled ?? true,
    billing: options.billing ?? true,
    resourceManagerEnabled: options.resourceManagerEnabled ?? true,
    operations: new Map(),
    newEtag: () => `"${(etags++).toString(36).padStart(6, '0')}"`,
  }
}

const seenJob = (job: Job) => ({
  id: job.id,
  type: job.type,
  state: job.state,
  location: job.location,
  ...(job.target === undefined ? {} : { table: job.target }),
  ...(job.rowsLoaded === undefined ? {} : { outputRows: job.rowsLoaded }),
  ...(job.error === undefined ? {} : { error: job.error.reason }),
  ...(job.account === undefined ? {} : { account: job.account }),
})

export const startStandIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  let served = 0
  const world = await openWorld(options, () => served)
  const faults = openFaultTable()
  const log = openRequestLog()
  let url = ''
  const desk = {
    world,
    handlers: handlersFor(() => `${url}/token`),
    faults,
    withoutToken: options.withoutToken ?? 'refused',
    seen: (request: Parameters<typeof log.add>[0]) => {
      served += 1
      log.add(request)
    },
  }
  const server = createServer((request, response) => {
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    void serve(desk, request, response)
  })
  // Silence is the test's to give: the server itself ends nothing.
  server.requestTimeout = 0
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const { accounts, permissions } = world
  const tableOf = (dataset: string, id: string) => {
    const table = world.datasets.get(dataset)?.tables.get(id)
    if (table === undefined) throw new Error(`the stand-in has no table ${dataset}.${id}`)
    return table
  }
  return {
    url,
    tokenUrl: `${url}/token`,
    projectId: world.projectId,
    keyFile: (account) => accounts.keyFile(account, `${url}/token`),
    emailOf: accounts.emailOf,
    grant: (account, names, on = 'project') => permissions.add(accounts.emailOf(account), names, on, 'test'),
    ungrant: (account) => permissions.remove('test', accounts.emailOf(account)),
    revoke: accounts.revoke,
    expireTokens: accounts.forgetAll,
    token: (account) => accounts.issue(accounts.emailOf(account)).token,
    get tokens() {
      return [...accounts.issued]
    },
    faults,
    requests: log,
    weigh: (dataset, id, column, bytes) => {
      const table = tableOf(dataset, id)
      table.bytes = { ...table.bytes, [column]: bytes }
    },
    rowsOf: async (dataset, id) => {
      const table = tableOf(dataset, id)
      const { names, rows } = await world.database.run(`SELECT * FROM ${storeName(table)} ORDER BY rowid`)
      return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, normalise(row[index] ?? null)])))
    },
    jobs: () => [...world.jobs.values()].map(seenJob),
    settled: async () => {
      await Promise.all([...world.jobs.values()].filter((job) => !job.held).map((job) => job.finished))
    },
    close: async () => {
      for (const job of world.jobs.values()) job.stop.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await world.database.close()
    },
  }
}
