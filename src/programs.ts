import { fileURLToPath } from 'node:url'

/** Paths of the programs that bbq starts as child processes: sources in a checkout's tests, bundles in dist. */
export interface Programs {
  readonly run: string
  readonly generate: string
  /** Sent with its job as text; only the built one can be. */
  readonly inspect: string
  /** Looks at somebody's own log files on this machine. */
  readonly ownLogs: string
  readonly warehouse: string
  readonly jobs: string
}

const here = import.meta.url
const fromSource = here.endsWith('.ts')
/** The build may put this module into dist/ or into dist/chunks/. */
const dist = new URL(here.includes('/chunks/') ? '../' : './', here)
const path = (source: string, bundle: string): string =>
  fileURLToPath(fromSource ? new URL(source, here) : new URL(bundle, dist))

export const programs: Programs = {
  run: path('../processors/run.ts', './run.mjs'),
  generate: path('../processors/generate.ts', './generate.mjs'),
  inspect: path('../processors/inspect.ts', './inspect.mjs'),
  ownLogs: path('../processors/own-logs.ts', './own-logs.mjs'),
  warehouse: path('./warehouse/duckdb/child.ts', './warehouse.mjs'),
  jobs: path('../jobs/', '../jobs/'),
}
