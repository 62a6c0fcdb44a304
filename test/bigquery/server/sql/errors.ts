import { ApiProblem } from '../problem.ts'
import { placeOf, type Token } from './tokens.ts'

const invalidQuery = (message: string): ApiProblem => new ApiProblem(400, 'invalidQuery', message)

/** What DuckDB says of a statement, in the words and places of BigQuery. */
export const queryProblem = (error: unknown, sql: string, tokens: readonly Token[]): ApiProblem => {
  if (error instanceof ApiProblem) return error
  const text = error instanceof Error ? error.message : String(error)
  const place = (name: string): string => {
    const found = tokens.find(({ value }) => value.toLowerCase() === name.toLowerCase())
    return found === undefined ? '' : ` at ${placeOf(sql, found.at)}`
  }
  const column =
    /Referenced column "([^"]+)" not found|Values list "[^"]*" does not have a column named "([^"]+)"|Table "[^"]*" does not have a column named "([^"]+)"|Referenced table "([^"]+)" not found/.exec(
      text,
    )
  const name = column?.slice(1).find((one) => one !== undefined)
  if (name !== undefined) return invalidQuery(`Unrecognized name: ${name}${place(name)}`)
  const near = /syntax error at or near "([^"]*)"/.exec(text)?.[1]
  if (near !== undefined) return invalidQuery(`Syntax error: Unexpected identifier "${near}"${place(near)}`)
  if (/syntax error at end of input/.test(text))
    return invalidQuery(`Syntax error: Unexpected end of script at ${placeOf(sql, sql.length)}`)
  const grouped = /column "?([^"]+)"? must appear in the GROUP BY clause/.exec(text)?.[1]
  if (grouped !== undefined)
    return invalidQuery(
      `SELECT list expression references column ${grouped} which is neither grouped nor aggregated${place(grouped)}`,
    )
  return invalidQuery((text.split('\n')[0] ?? text).replace(/^\w+ Error: /, ''))
}
