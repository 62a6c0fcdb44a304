import { DuckDBInstance } from '@duckdb/node-api'
import { floorSelect } from './stages-floor-sql.ts'

/** usage: stages-floor STAGE LOG PARQUET; prints the milliseconds of the statement alone, without the program's start. */
const [, , stage = '', log = '', parquet = ''] = process.argv
const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
await connection.run("SET threads = 2; SET TimeZone = 'UTC'")
const began = performance.now()
await connection.run(`COPY (${floorSelect(stage, log)}) TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`)
process.stdout.write(`${JSON.stringify({ ms: performance.now() - began })}\n`)
