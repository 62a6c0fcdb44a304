import { invalid } from '../problem.ts'
import { commaParts, type Node, wordOf } from './tokens.ts'
import { typeAt } from './types.ts'

type Emit = (items: readonly Node[]) => string

type Writer = (items: readonly Node[], emit: Emit) => string

/** A function whose arguments are simply written into a new form. */
const form =
  (write: (...parts: readonly string[]) => string): Writer =>
  (items, emit) =>
    write(...commaParts(items).map(emit))

const renamed = (name: string): Writer => form((...parts) => `${name}(${parts.join(', ')})`)

const cast =
  (word: string): Writer =>
  (items, emit) => {
    const as = items.findLastIndex((item) => wordOf(item) === 'AS')
    return `${word}(${emit(items.slice(0, as))} AS ${typeAt(items, as + 1).sql})`
  }

interface Aggregate {
  readonly call: string
  readonly first: string
  readonly limit: string | undefined
  readonly ignoreNulls: boolean
}

/** The pieces of an aggregate's brackets that DuckDB has elsewhere. */
const aggregateOf = (items: readonly Node[], emit: Emit): Aggregate => {
  const limitAt = items.findLastIndex((item) => wordOf(item) === 'LIMIT')
  const limited = limitAt < 0 ? items : items.slice(0, limitAt)
  const nullsAt = limited.findIndex(
    (item, index) => wordOf(item) === 'NULLS' && ['IGNORE', 'RESPECT'].includes(wordOf(limited[index - 1])),
  )
  const rest = nullsAt < 0 ? limited : [...limited.slice(0, nullsAt - 1), ...limited.slice(nullsAt + 1)]
  const orderAt = rest.findIndex((item) => wordOf(item) === 'ORDER')
  const value = orderAt < 0 ? rest : rest.slice(0, orderAt)
  return {
    call: emit(rest),
    first: emit(wordOf(value[0]) === 'DISTINCT' ? value.slice(1) : value),
    limit: limitAt < 0 ? undefined : emit(items.slice(limitAt + 1)),
    ignoreNulls: nullsAt >= 0 && wordOf(limited[nullsAt - 1]) === 'IGNORE',
  }
}

const listed = ({ call, first, limit, ignoreNulls }: Aggregate): string => {
  const list = `list(${call})${ignoreNulls ? ` FILTER (WHERE ${first} IS NOT NULL)` : ''}`
  return limit === undefined ? list : `list_slice(${list}, 1, ${limit})`
}

const part = (text: string): string => `'${text.replaceAll(/["\s]/g, '').toLowerCase()}'`

const timeFormat = (text: string): string => text.replaceAll('%F', '%Y-%m-%d').replaceAll('%T', '%H:%M:%S')

const truncated = form((x, unit = 'DAY') => `date_trunc(${part(unit.replace(/\(.*/, ''))}, ${x})`)

const writers: Readonly<Record<string, Writer>> = {
  CAST: cast('CAST'),
  SAFE_CAST: cast('TRY_CAST'),
  ARRAY_AGG: (items, emit) => listed(aggregateOf(items, emit)),
  ARRAY_CONCAT_AGG: (items, emit) => `flatten(${listed({ ...aggregateOf(items, emit), ignoreNulls: true })})`,
  STRING_AGG: (items, emit) => {
    const { call, limit } = aggregateOf(items, emit)
    if (limit !== undefined) throw invalid('The stand-in does not translate STRING_AGG with LIMIT.')
    return `string_agg(${commaParts(items).length > 1 ? call : `${call}, ','`})`
  },
  COUNTIF: renamed('count_if'),
  LOGICAL_OR: renamed('bool_or'),
  LOGICAL_AND: renamed('bool_and'),
  REGEXP_CONTAINS: renamed('regexp_matches'),
  REGEXP_EXTRACT: form((x, pattern) => `nullif(regexp_extract(${x}, ${pattern}), '')`),
  ARRAY_LENGTH: renamed('len'),
  ARRAY_CONCAT: renamed('list_concat'),
  ARRAY_REVERSE: renamed('list_reverse'),
  GENERATE_ARRAY: renamed('generate_series'),
  CHAR_LENGTH: renamed('length'),
  BYTE_LENGTH: renamed('strlen'),
  SPLIT: form((x, by = "','") => `string_split(${x}, ${by})`),
  DIV: form((a, b) => `((${a}) // (${b}))`),
  SAFE_DIVIDE: form((a, b) => `((${a})::DOUBLE / nullif((${b})::DOUBLE, 0))`),
  TO_JSON_STRING: form((x) => `CAST(to_json(${x}) AS VARCHAR)`),
  JSON_VALUE: renamed('json_extract_string'),
  GENERATE_UUID: form(() => 'uuid()::VARCHAR'),
  RAND: form(() => 'random()'),
  TIMESTAMP: form((x) => `CAST(${x} AS TIMESTAMPTZ)`),
  DATE: form((...parts) => (parts.length === 3 ? `make_date(${parts.join(', ')})` : `CAST(${parts[0]} AS DATE)`)),
  CURRENT_TIMESTAMP: form(() => 'now()'),
  CURRENT_DATE: form(() => 'current_date'),
  TIMESTAMP_TRUNC: truncated,
  DATE_TRUNC: truncated,
  TIMESTAMP_ADD: form((x, interval) => `(${x} + ${interval})`),
  TIMESTAMP_SUB: form((x, interval) => `(${x} - ${interval})`),
  DATE_ADD: form((x, interval) => `CAST(${x} + ${interval} AS DATE)`),
  DATE_SUB: form((x, interval) => `CAST(${x} - ${interval} AS DATE)`),
  TIMESTAMP_DIFF: form((a, b, unit = 'SECOND') => `date_sub(${part(unit)}, ${b}, ${a})`),
  TIMESTAMP_MICROS: form((x) => `make_timestamptz((${x})::BIGINT)`),
  TIMESTAMP_MILLIS: form((x) => `make_timestamptz((${x})::BIGINT * 1000)`),
  TIMESTAMP_SECONDS: form((x) => `make_timestamptz((${x})::BIGINT * 1000000)`),
  UNIX_MICROS: renamed('epoch_us'),
  UNIX_MILLIS: form((x) => `(epoch_us(${x}) // 1000)`),
  UNIX_SECONDS: form((x) => `(epoch_us(${x}) // 1000000)`),
  FORMAT_TIMESTAMP: form((format = '', x) => `strftime(${x}, ${timeFormat(format)})`),
  EXTRACT: (items, emit) =>
    wordOf(items[0]) === 'DATE' ? `CAST(${emit(items.slice(2))} AS DATE)` : `CAST(extract(${emit(items)}) AS BIGINT)`,
}

/** GoogleSQL's functions that have the same name and meaning in DuckDB; words before a bracket that are no function are among them. */
const same = new Set(
  `ABS ANY_VALUE APPROX_COUNT_DISTINCT ARRAY_TO_STRING AVG CEIL CEILING CHR COALESCE CONCAT CORR COUNT CUME_DIST DENSE_RANK ENDS_WITH EXISTS EXP
  FIRST_VALUE FLOOR GREATEST IF IFNULL LAG LAST_VALUE LEAD LEAST LEFT LENGTH LN LOG LOG10 LOWER LPAD LTRIM MAX MAX_BY MD5 MIN MIN_BY MOD NTH_VALUE
  NTILE NULLIF PERCENT_RANK POW POWER RANK REGEXP_REPLACE REPEAT REPLACE REVERSE RIGHT ROUND ROW_NUMBER RPAD RTRIM SIGN SQRT STARTS_WITH
  STDDEV STRPOS SUBSTR SUBSTRING SUM TRIM TRUNC UPPER VARIANCE
  ALL AND ANY AS BETWEEN BY CASE CROSS CUBE DISTINCT ELSE EXCEPT FROM GROUPING HAVING IN INTERSECT INTO INTERVAL IS JOIN LIKE LIMIT NOT OFFSET ON
  OR ORDER OVER PARTITION QUALIFY ROLLUP SELECT SETS SOME THEN UNION UNNEST USING VALUES WHEN WHERE WINDOW WITH`.split(
    /\s+/,
  ),
)

/** The SQL of a function call, or undefined for a name that stays as it is. */
export const callOf = (name: string, items: readonly Node[], emit: Emit): string | undefined =>
  writers[name]?.(items, emit)

export const isKnownFunction = (name: string): boolean => name in writers || same.has(name)
