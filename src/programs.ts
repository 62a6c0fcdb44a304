import { fileURLToPath } from 'node:url'

/** Paths of the programs that bbq starts as child processes: sources in a checkout's tests, bundles in dist. */
export interface Programs {
  readonly run: string
  readonly generate: string
  readonly warehouse: string
  readonly jobs: string
}

const fromSource = import.meta.url.endsWith('.ts')
const path = (source: string, bundle: string): string =>
  fileURLToPath(new URL(fromSource ? source : bundle, import.meta.url))

export const programs: Programs = {
  run: path('../processors/run.ts', './run.mjs'),
  generate: path('../processors/generate.ts', './generate.mjs'),
  warehouse: path('./warehouse/duckdb/child.ts', './warehouse.mjs'),
  jobs: path('../jobs/', '../jobs/'),
}
