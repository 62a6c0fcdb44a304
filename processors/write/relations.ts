import { quoteText } from '../../src/core/duckdb-types.ts'
import type { RelationName } from '../../src/core/stage.ts'
import { requestInWords, statusWords } from '../../src/core/status.ts'
import { eventFields, lineFields, rareFields } from '../pass/output.ts'
import { timeOf } from './sql.ts'
import { type FieldTableName, tempTables } from './temp-tables.ts'

const numbers: Readonly<Partial<Record<string, string>>> = {
  off: 'BIGINT',
  ts_us: 'BIGINT',
  status: 'SMALLINT',
  bytes: 'BIGINT',
  duration_ms: 'DOUBLE',
}

const typesOf = (fields: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(fields.map((field) => [field, numbers[field] ?? 'VARCHAR']))

export const fieldRelationNames = ['lines', 'events', 'masked'] as const
export type FieldRelationName = (typeof fieldRelationNames)[number]

export interface FieldFile {
  readonly path: string
  readonly rows: number
  /** True where some of them have the fields that most leave out. */
  readonly hasRare: boolean
  /** How many rows lie in the temp table beside it. */
  readonly exact: number
}

/** DuckDB's way to read a field file: no quoting, no guessing, an empty or missing field is NULL unless it is kept; 1 MiB of bad bytes become 3 MiB of text. */
const readFields = (path: string, types: Readonly<Record<string, string>>, keptEmpty?: string): string => {
  const columns = Object.entries(types).map(([field, type]) => `${quoteText(field)}: ${quoteText(type)}`)
  const kept = keptEmpty === undefined ? '' : `force_not_null = [${quoteText(keptEmpty)}],`
  return `read_csv(${quoteText(path)}, auto_detect = false, header = false, delim = E'\\x1f', quote = '', escape = '', comment = '',
    strict_mode = false, null_padding = true, buffer_size = 4000000, max_line_size = 3500000, ${kept} columns = {${columns.join(', ')}})`
}

/** The commonest first: DuckDB tries them in order. */
const common = [200, 304, 302, 301, 404, 401, 403, 500, 503, 502]
const named = Array.from({ length: 500 }, (_, i) => i + 100).filter((status) => statusWords(status) !== String(status))
const ordered = [...common, ...named.filter((status) => !common.includes(status))]
const words = `CASE status ${ordered
  .map((status) => `WHEN ${status} THEN ${quoteText(requestInWords('', status))}`)
  .join(' ')} ELSE ' ' || status END`
const madeMessage = `method || ' ' || path || ${words}`

const eventColumns = eventFields.slice(1).filter((field) => field !== 'ts_us' && field !== 'status')

/** Rows of a field file; what none of them has is no column of it. */
const readEvents = (file: FieldFile): string => {
  const types = typesOf(eventFields)
  if (file.hasRare) return readFields(file.path, types)
  const absent = rareFields.map((field) => `NULL::${types[field]} AS ${field}`)
  const present = typesOf(eventFields.slice(0, -rareFields.length))
  return `(SELECT *, ${absent.join(', ')} FROM ${readFields(file.path, present)})`
}

const eventsOf = (idPrefix: string, source: string, message: string): string =>
  `SELECT ${quoteText(idPrefix)} || off AS remote_log_id, ${timeOf('ts_us')} AS "timestamp", ${message} AS message,
    status::BIGINT AS status, ${eventColumns.join(', ')} FROM ${source}`

/** The field file and the rows that took the exact path; the one without rows is left out. */
const both = (file: FieldFile, fromFile: string, fromTable: string): string => {
  const parts = [file.rows > 0 ? fromFile : '', file.exact > 0 || file.rows === 0 ? fromTable : '']
  return parts.filter((part) => part !== '').join(' UNION ALL ')
}

/** SQL of `events` and `masked`. */
const eventsRelation = (relation: string, idPrefix: string, file: FieldFile): string =>
  both(
    file,
    eventsOf(idPrefix, readEvents(file), madeMessage),
    eventsOf(idPrefix, `exact_${relation}`, `coalesce(message, ${madeMessage})`),
  )

/** SQL of `lines`. */
const linesRelation = (idPrefix: string, file: FieldFile): string => {
  const from = (source: string): string =>
    `SELECT ${quoteText(idPrefix)} || off AS remote_log_id, raw_line FROM ${source}`
  return both(file, from(readFields(file.path, typesOf(lineFields), 'raw_line')), from('exact_lines'))
}

/** SQL of a relation whose rows come mostly as a field file. */
export const fieldRelation = (relation: FieldRelationName, idPrefix: string, file: FieldFile): string =>
  relation === 'lines' ? linesRelation(idPrefix, file) : eventsRelation(relation, idPrefix, file)

/** SQL of `counts`, `messages` and `alerts`, whose rows come as objects. */
export const objectRelations = (
  idPrefix: string,
  files: Readonly<Record<FieldTableName, FieldFile>>,
): Readonly<Record<string, string>> => {
  const source = (table: FieldTableName): string => {
    const file = files[table]
    const columns = tempTables[table].columns
    return `(${both(file, `FROM ${readFields(file.path, columns)}`, `FROM ${table}`)})`
  }
  return {
    counts: `SELECT ${timeOf('window_us')} AS time_window, status, endpoint, n, bytes FROM ${source('pass_counts')}`,
    messages: `SELECT ${timeOf('window_us')} AS time_window, position, message FROM pass_messages`,
    alerts: `SELECT ${quoteText(idPrefix)} || off AS remote_log_id, ${timeOf('ts_us')} AS "timestamp", message, kind, reason,
      event_id, ip FROM ${source('pass_alerts')}`,
  }
}

/** Relations whose rows hold no full client address. */
export const isMasked = (relation: RelationName): boolean => relation !== 'lines' && relation !== 'events'
