import { tables } from '../../../../src/core/tables.ts'
import { openOn } from '../under-test.ts'

// Confirms and looks once at a server that its arguments name, and prints what it saw.
const [apiEndpoint = '', tokenEndpoint = '', credentialsPath = ''] = process.argv.slice(2)
const warehouse = openOn({ project: 'demo', apiEndpoint, tokenEndpoint, credentialsPath })
const call = { signal: new AbortController().signal, deadlineMs: 10_000 }
await warehouse.confirm(tables, call)
process.stdout.write(JSON.stringify(await warehouse.status(call)))
await warehouse.close()
