/**
 * The floor: what a good author of SQL writes for a stage. The log is read as one text column, split by string functions and
 * written ordered, as ZSTD Parquet with the stage's columns. It does less than the stage: no offsets (remote_log_id is NULL),
 * no dead letters, no masking but of the first field, and of the windows five columns only.
 */
export const floorSelect = (stage: string, log: string): string => {
  const select = selects[stage]
  if (select === undefined) throw new Error(`no floor for ${stage}`)
  return `WITH lines AS (
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
  ) ${select}`
}

const place = `'sandbox' AS project_id, 'us-east-1' AS region, 'aws-1' AS "nodeName", 'host' AS hostname, 'aws' AS provider,
  'epoch-0123456789abcdef' AS chunk_id, NULL::VARCHAR AS remote_log_id`

const words = `CASE status WHEN 200 THEN ' 200 OK' WHEN 302 THEN ' 302 Found' WHEN 304 THEN ' 304 Not Modified'
  WHEN 401 THEN ' 401 Unauthorized' WHEN 404 THEN ' 404 Not Found' WHEN 500 THEN ' 500 Internal Server Error'
  ELSE ' ' || status END`

const results = (version: string, ip: string): string => `SELECT ${place}, ts AS "timestamp", '${version}' AS version,
  method || ' ' || path || ${words} AS message, now() AS sync_time,
  CASE WHEN status >= 500 THEN 'ERROR' WHEN status >= 400 THEN 'WARNING' ELSE 'INFO' END AS alert_level,
  '203.0.113.9' AS public_ip, '10.0.0.7' AS private_ip, ${ip} AS ip, user_id, method, path, protocol,
  status::BIGINT AS status, bytes, referer, user_agent,
  CASE WHEN status BETWEEN 200 AND 299 THEN 'OK' WHEN status BETWEEN 300 AND 399 THEN 'Redirect'
    WHEN status BETWEEN 400 AND 499 THEN 'Not Found' WHEN status BETWEEN 500 AND 599 THEN 'SystemError'
    ELSE 'Unknown' END AS status_category
  FROM fields WHERE ts IS NOT NULL AND status IS NOT NULL`

const maskedIp = `CASE WHEN contains(ip, ':')
  THEN array_to_string(string_split(split_part(ip, '::', 1), ':')[1:4], ':') || '::'
  ELSE regexp_replace(ip, '[0-9]+$', '0') END`

const selects: Readonly<Record<string, string>> = {
  raw: `SELECT ${place}, line AS raw_line, now() AS upload_time FROM lines`,
  structured: results('structured', 'ip'),
  private: results('private', maskedIp),
  aggregated: `SELECT time_bucket(INTERVAL 5 MINUTE, ts) AS time_window, count(*) AS total_count,
    count(*) FILTER (status BETWEEN 400 AND 499) AS not_found_count,
    count(*) FILTER (status BETWEEN 500 AND 599) AS system_error_count, sum(bytes)::BIGINT AS total_bytes
    FROM fields WHERE ts IS NOT NULL AND status IS NOT NULL GROUP BY 1`,
}
