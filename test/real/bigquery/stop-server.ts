import { stopServer } from '../../../scripts/bigquery/server.ts'
import { plan } from './server.ts'

/** Ends the BigQuery server that tests of this run have started, and removes its tables; the installed program stays. */
export const setup = (): (() => Promise<void>) => () => stopServer(plan, true)
