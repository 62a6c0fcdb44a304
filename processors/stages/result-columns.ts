/** The select behind log_results, over `events` or `masked`; `version` says which stage wrote the row. */
export const resultSelect = (relation: 'events' | 'masked', version: string): string => `SELECT
  remote_log_id, "timestamp", '${version}'::ENUM('${version}') AS version, message,
  CASE WHEN status >= 500 THEN 'ERROR'::alert_level
       WHEN status >= 400 THEN 'WARNING'::alert_level
       ELSE 'INFO'::alert_level END AS alert_level,
  ip, user_id, method, path, protocol, status, bytes, referer, user_agent, host, duration_ms, forwarded_for,
  CASE WHEN status BETWEEN 200 AND 299 THEN 'OK'::status_category
       WHEN status BETWEEN 300 AND 399 THEN 'Redirect'::status_category
       WHEN status BETWEEN 400 AND 499 THEN 'Client Error'::status_category
       WHEN status BETWEEN 500 AND 599 THEN 'Server Error'::status_category
       ELSE 'Informational'::status_category END AS status_category
FROM ${relation}`
