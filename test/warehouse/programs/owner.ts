import { programs } from '../../../src/programs.ts'
import { openWarehouse } from '../../../src/warehouse/open.ts'

// A program that has a warehouse open and then only lives on; tells its parent when the first answer came.
const warehouse = await openWarehouse({
  kind: 'duckdb',
  path: process.argv[2] ?? '',
  dataset: 'd',
  programs,
  nodePath: process.execPath,
  now: Date.now,
  newEpoch: () => 'abcd',
})
await warehouse.status({ signal: new AbortController().signal })
process.stdout.write('open\n')
setInterval(() => undefined, 1_000)
