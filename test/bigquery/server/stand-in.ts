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
import type { StandIn, StandInOptions } from './types.ts'

export const startStandIn = (_options: StandInOptions = {}): Promise<StandIn> =>
  Promise.reject(new Error('the stand-in is not built yet'))
