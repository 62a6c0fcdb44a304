import { AppError } from '../../core/errors.ts'
import type { Failure } from './failure.ts'
import { namesIn, type Place } from './place.ts'

/** Refuses what cannot be a query before it is sent anywhere. */
export const mustRead = (sql: string): void => {
  const body = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;)+/, '')
  if (body.trim() === '')
    throw new AppError({ what: 'There is no query to run.', next: ['Type a SELECT.'], kind: 'usage' })
  const word = (/^\w+/.exec(body)?.[0] ?? '').toUpperCase()
  if (writers.has(word)) throw onlyReads(word)
}

const writers: ReadonlySet<string> = new Set(
  'ALTER ASSERT BEGIN CALL COMMIT CREATE DECLARE DELETE DROP EXECUTE EXPORT GRANT INSERT LOAD MERGE REVOKE ROLLBACK SET TRUNCATE UPDATE UNDROP'.split(
    ' ',
  ),
)

/** What is said of a statement that would do more than read. */
export const onlyReads = (what: string): AppError =>
  new AppError({
    what: `Queries only read; ${what} does not run here.`,
    next: ['Use one SELECT or WITH.'],
    kind: 'refused',
  })

/** What BigQuery says of a person's SQL, with the line where it is wrong; undefined when it is about something else. */
export const sqlError = (failure: Failure, sql: string, place: Place): AppError | undefined => {
  const { reason, message, status } = failure
  const missingTable = status === 404 && /^not found: table/i.test(message)
  if (reason !== 'invalidQuery' && reason !== 'invalid' && !missingTable) return undefined
  const at = /\[(\d+):(\d+)\]/.exec(message)
  const line = at === null ? lineOf(message, sql) : Number(at[1])
  const code = line === undefined ? '' : (sql.split('\n')[line - 1] ?? '').trim()
  const column = at === null ? '' : `, column ${at[2]}`
  return new AppError({
    what: line === undefined ? 'The query has an error.' : `The query has an error in line ${line}${column}: ${code}`,
    why: `${message.replace(/ at \[\d+:\d+\]/, '')}.`.replace(/([.!?])\.$/, '$1'),
    next: [`Tables: ${namesIn(place).join(', ')}.`],
    kind: 'usage',
    cause: failure,
  })
}

/** Not every server says where: then the line in which the name it complains of stands first. */
const lineOf = (message: string, sql: string): number | undefined => {
  const name = /(?:name|function|column|type not found|Table)[: ]+"?`?(?:[\w-]+:)?(?:[\w-]+\.)*(\w+)/i.exec(
    message,
  )?.[1]
  if (name === undefined) return undefined
  const index = sql.split('\n').findIndex((line) => new RegExp(`\\b${name}\\b`, 'i').test(line))
  return index === -1 ? undefined : index + 1
}
