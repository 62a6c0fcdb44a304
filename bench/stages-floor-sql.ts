/**
 * The floor: what a good author of SQL writes for a stage, in bare DuckDB. The log is read as one text column, split by string
 * functions and written ordered, as ZSTD Parquet. It rejects without telling, keeps no offsets and claims nothing.
 * `same` writes the stage's own columns: remote_log_id by line number, addresses masked in every text column (IPv4 only), windows
 * with endpoints, statuses and messages, and the 5xx lines as emergencies. `lean` leaves remote_log_id NULL, masks the first field only, and
 * writes five columns of a window and no emergencies.
 */
export type FloorKind = 'same' | 'lean'

/** Statements to run one after another; those that write name `folder`. */
export const floorStatements = (stage: string, kind: FloorKind, log: string, folder: string): readonly string[] => {
  const copy = (select: string, table: string): string =>
    `COPY (${select}) TO '${folder}/${table}.parquet' (FORMAT parquet, COMPRESSION zstd)`
  const from = (select: string): string => `${fields(log)} ${select}`
  const place = placeOf(kind)
  switch (stage) {
    case 'raw':
      return [copy(from(`SELECT ${place}, line AS raw_line, now() AS upload_time FROM lines`), 'raw_logs')]
    case 'structured':
      return [copy(from(results(place, 'structured', 'ip', (column) => column)), 'log_results')]
    case 'private':
      return [
        copy(
          from(results(place, 'private', maskedIp('ip'), kind === 'same' ? maskedText : (column) => column)),
          'log_results',
        ),
      ]
    case 'aggregated':
      return kind === 'lean'
        ? [copy(from(leanWindows), 'log_aggregates')]
        : [
            `CREATE TEMP TABLE counted AS ${from(counted)}`,
            copy(windows(place), 'log_aggregates'),
            copy(emergencies(place), 'emergency_logs'),
          ]
    default:
      throw new Error(`no floor for ${stage}`)
  }
}

const fields = (log: string): string => `WITH lines AS (
    SELECT line FROM read_csv('${log}', auto_detect = false, header = false, delim = '\x01\x02\x03\x04', quote = '',
      escape = '', comment = '', strict_mode = false, columns = {'line': 'VARCHAR'}, force_not_null = ['line'], ignore_errors = true)
  ), quoted AS (SELECT string_split(line, '"') AS q FROM lines),
  words AS (
    SELECT q, string_split(q[1], ' ') AS a, string_split(q[2], ' ') AS r, string_split(q[3], ' ') AS b FROM quoted
  ), fields AS (
    SELECT a[1] AS ip, nullif(a[3], '-') AS user_id, try_cast(substr(a[4], 2, strlen(a[4]) - 2) AS TIMESTAMPTZ) AS ts,
      r[1] AS method, r[2] AS path, r[3] AS protocol, try_cast(b[2] AS SMALLINT) AS status,
      coalesce(try_cast(b[3] AS BIGINT), 0) AS bytes, nullif(q[4], '-') AS referer, nullif(q[6], '-') AS user_agent
    FROM words
  )`

const placeOf = (kind: FloorKind): string => `'sandbox' AS project_id, 'us-east-1' AS region, 'aws-1' AS "nodeName",
  'host' AS hostname, 'aws' AS provider, 'epoch-0123456789abcdef' AS chunk_id,
  ${kind === 'same' ? "'aws-1/access.log/' || row_number() OVER ()" : 'NULL::VARCHAR'} AS remote_log_id`

const words = `CASE status WHEN 200 THEN ' 200 OK' WHEN 302 THEN ' 302 Found' WHEN 304 THEN ' 304 Not Modified'
  WHEN 401 THEN ' 401 Unauthorized' WHEN 404 THEN ' 404 Not Found' WHEN 500 THEN ' 500 Internal Server Error'
  ELSE ' ' || status END`

const maskedIp = (ip: string): string => `CASE WHEN contains(${ip}, ':')
  THEN array_to_string(string_split(split_part(${ip}, '::', 1), ':')[1:4], ':') || '::'
  ELSE regexp_replace(${ip}, '[0-9]+$', '0') END`

const maskedText = (column: string): string =>
  `regexp_replace(${column}, '([0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}[.])[0-9]{1,3}', '\\10', 'g')`

const results = (place: string, version: string, ip: string, text: (column: string) => string): string => `SELECT
  ${place}, ts AS "timestamp", '${version}' AS version,
  method || ' ' || ${text('path')} || ${words} AS message, now() AS sync_time,
  CASE WHEN status >= 500 THEN 'ERROR' WHEN status >= 400 THEN 'WARNING' ELSE 'INFO' END AS alert_level,
  '203.0.113.9' AS public_ip, '10.0.0.7' AS private_ip, ${ip} AS ip, user_id, method, ${text('path')} AS path, protocol,
  status::BIGINT AS status, bytes, ${text('referer')} AS referer, ${text('user_agent')} AS user_agent,
  CASE WHEN status BETWEEN 200 AND 299 THEN 'OK' WHEN status BETWEEN 300 AND 399 THEN 'Redirect'
    WHEN status BETWEEN 400 AND 499 THEN 'Client Error' WHEN status BETWEEN 500 AND 599 THEN 'Server Error'
    ELSE 'Informational' END AS status_category
  FROM fields WHERE ts IS NOT NULL AND status IS NOT NULL`

const leanWindows = `SELECT time_bucket(INTERVAL 5 MINUTE, ts) AS time_window, count(*) AS total_count,
  count(*) FILTER (status BETWEEN 400 AND 499) AS client_error_count,
  count(*) FILTER (status BETWEEN 500 AND 599) AS server_error_count, sum(bytes)::BIGINT AS total_bytes
  FROM fields WHERE ts IS NOT NULL AND status IS NOT NULL GROUP BY 1`

const counted = `SELECT time_bucket(INTERVAL 5 MINUTE, ts) AS time_window, status, split_part(path, '?', 1) AS endpoint,
  count(*) AS n, sum(bytes)::BIGINT AS bytes,
  list({'ts': ts, 'ip': ip, 'message': method || ' ' || path || ' ' || status}) FILTER (status >= 500) AS errors
  FROM fields WHERE ts IS NOT NULL AND status IS NOT NULL GROUP BY ALL`

const count = (from: number, name: string): string =>
  `coalesce(sum(n) FILTER (status BETWEEN ${from} AND ${from + 99}), 0)::BIGINT AS ${name}`

const windows = (place: string): string => `WITH endpoint_lists AS (
    SELECT time_window, list({'endpoint': endpoint, 'count': n, 'bytes': bytes} ORDER BY n DESC) AS endpoints
    FROM (SELECT time_window, endpoint, sum(n)::BIGINT AS n, sum(bytes)::BIGINT AS bytes FROM counted GROUP BY ALL) GROUP BY 1
  ), status_lists AS (
    SELECT time_window, list({'status': status, 'count': n, 'bytes': bytes} ORDER BY status) AS statuses
    FROM (SELECT time_window, status, sum(n)::BIGINT AS n, sum(bytes)::BIGINT AS bytes FROM counted GROUP BY ALL) GROUP BY 1
  ), message_lists AS (
    SELECT time_window, list(DISTINCT errors[1].message)[1:5] AS messages FROM counted WHERE len(errors) > 0 GROUP BY 1
  ), totals AS (
    SELECT time_window, sum(n)::BIGINT AS total_count, ${count(200, 'ok_count')}, ${count(300, 'redirect_count')},
      ${count(400, 'client_error_count')}, ${count(500, 'server_error_count')}, sum(bytes)::BIGINT AS total_bytes
    FROM counted GROUP BY 1
  )
  SELECT ${place}, *, now() AS sync_time
  FROM totals JOIN endpoint_lists USING (time_window) JOIN status_lists USING (time_window)
  LEFT JOIN message_lists USING (time_window)`

const emergencies = (place: string): string => `SELECT ${place}, e.ts AS "timestamp", 'aggregated' AS version,
  ${maskedText('e.message')} AS message, 'EMERGENCY' AS alert_level, '203.0.113.0' AS public_ip, '10.0.0.7' AS private_ip,
  'critical error' AS kind, 'status ' || status AS reason, md5(e.message || e.ts) AS event_id,
  ${maskedIp('e.ip')} AS ip, now() AS sync_time
  FROM (SELECT status, unnest(errors) AS e FROM counted WHERE status >= 500)`
