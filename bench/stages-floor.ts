import { DuckDBInstance } from '@duckdb/node-api'
import { type FloorKind, floorStatements } from './stages-floor-sql.ts'

/** usage: stages-floor STAGE same|lean LOG FOLDER; prints the milliseconds of the statements alone, without the program's start. */
const [, , stage = '', kind = 'same', log = '', folder = ''] = process.argv
const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
await connection.run("SET threads = 2; SET TimeZone = 'UTC'")
const began = performance.now()
for (const statement of floorStatements(stage, kind as FloorKind, log, folder)) await connection.run(statement)
process.stdout.write(`${JSON.stringify({ ms: performance.now() - began })}\n`)
