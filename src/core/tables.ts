/** BigQuery type names; DuckDB's are derived from them. */
type ColumnType = 'STRING' | 'TIMESTAMP' | 'INT64' | 'FLOAT64' | 'RECORD'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly mode: 'NULLABLE' | 'REPEATED'
  readonly fields?: readonly Column[]
  readonly description: string
}

export type TableName = 'raw_logs' | 'log_results' | 'log_aggregates' | 'emergency_logs'

export interface Table {
  readonly name: TableName
  readonly title: string
  /** The column by which new rows are found; the table is partitioned on it. */
  readonly arrival: string
  /** The event time on which the table is clustered, if it has one. */
  readonly eventTime: string
  readonly columns: readonly Column[]
}

const column = (name: string, type: ColumnType, description: string): Column => ({
  name,
  type,
  mode: 'NULLABLE',
  description,
})

const place: readonly Column[] = [
  column('project_id', 'STRING', 'Google Cloud project of the config; sandbox without one'),
  column('region', 'STRING', "The node's region"),
  column('nodeName', 'STRING', 'Id of the node that sent the row'),
  column('hostname', 'STRING', 'Host name of the node'),
  column('provider', 'STRING', 'aws, gcp, azure or other'),
  column('chunk_id', 'STRING', 'Byte range that the row came from; starts with the epoch'),
]

const remoteLogId = column('remote_log_id', 'STRING', 'node/fingerprint/byte offset of the source line')
const syncTime = column('sync_time', 'TIMESTAMP', 'When the chunk was sent, UTC')

export const tables = [
  {
    name: 'raw_logs',
    title: 'Raw lines',
    arrival: 'upload_time',
    eventTime: 'upload_time',
    columns: [
      ...place,
      remoteLogId,
      column('raw_line', 'STRING', 'The line as it stands in the log; invalid UTF-8 becomes U+FFFD'),
      column('upload_time', 'TIMESTAMP', 'When the chunk was sent, UTC'),
    ],
  },
  {
    name: 'log_results',
    title: 'Parsed lines',
    arrival: 'sync_time',
    eventTime: 'timestamp',
    columns: [
      ...place,
      remoteLogId,
      column('timestamp', 'TIMESTAMP', 'Time of the request, UTC'),
      column('version', 'STRING', 'Stage that wrote the row: structured or private'),
      column('message', 'STRING', 'Request and status in words'),
      syncTime,
      column('alert_level', 'STRING', 'INFO, WARNING for 4xx, ERROR for 5xx'),
      column('public_ip', 'STRING', "The node's public address"),
      column('private_ip', 'STRING', "The node's private address"),
      column('ip', 'STRING', "The client's address, without its port"),
      column('user_id', 'STRING', 'Authenticated user'),
      column('method', 'STRING', 'HTTP method'),
      column('path', 'STRING', 'Request target'),
      column('protocol', 'STRING', 'HTTP version'),
      column('status', 'INT64', 'HTTP status'),
      column('bytes', 'INT64', 'Response size in bytes; NULL where the format has none'),
      column('referer', 'STRING', 'Referer header'),
      column('user_agent', 'STRING', 'User-Agent header'),
      column('status_category', 'STRING', 'OK, Redirect, Client Error (4xx), Server Error (5xx), Informational (1xx)'),
      column('host', 'STRING', 'Virtual host that was asked, without its port'),
      column('duration_ms', 'FLOAT64', 'Milliseconds until the answer was sent'),
      column('forwarded_for', 'STRING', 'Clients as a proxy forwarded them'),
    ],
  },
  {
    name: 'log_aggregates',
    title: 'Windows',
    arrival: 'sync_time',
    eventTime: 'time_window',
    columns: [
      ...place,
      column('time_window', 'TIMESTAMP', 'Start of the window of event time, UTC'),
      column('log_count', 'INT64', 'Same as total_count'),
      { name: 'messages', type: 'STRING', mode: 'REPEATED', description: 'At most 5 notable messages, masked' },
      column('ok_count', 'INT64', '2xx'),
      column('redirect_count', 'INT64', '3xx'),
      column('client_error_count', 'INT64', '4xx'),
      column('server_error_count', 'INT64', '5xx'),
      column('total_count', 'INT64', 'All requests, also 1xx'),
      column('total_bytes', 'INT64', 'Response bytes'),
      column('avg_bytes', 'FLOAT64', 'NULL in a partial; true in log_aggregates_merged'),
      {
        name: 'endpoints',
        type: 'RECORD',
        mode: 'REPEATED',
        description: 'At most 1,000 endpoints and (other)',
        fields: [
          column('endpoint', 'STRING', 'Target without its query string, masked'),
          column('count', 'INT64', 'Requests'),
          column('bytes', 'INT64', 'Response bytes'),
        ],
      },
      {
        name: 'statuses',
        type: 'RECORD',
        mode: 'REPEATED',
        description: 'Requests a status',
        fields: [
          column('status', 'INT64', 'HTTP status'),
          column('count', 'INT64', 'Requests'),
          column('bytes', 'INT64', 'Response bytes'),
        ],
      },
      syncTime,
    ],
  },
  {
    name: 'emergency_logs',
    title: 'Emergencies',
    arrival: 'sync_time',
    eventTime: 'timestamp',
    columns: [
      ...place,
      remoteLogId,
      column('timestamp', 'TIMESTAMP', 'Time of the request that raised it, UTC'),
      column('version', 'STRING', 'Stage that wrote the row'),
      column('message', 'STRING', 'Request and status in words, masked'),
      column('alert_level', 'STRING', 'Always EMERGENCY'),
      column('public_ip', 'STRING', "The node's public address, masked"),
      column('private_ip', 'STRING', "The node's private address"),
      column('kind', 'STRING', 'critical error, security alert or system failure'),
      column('reason', 'STRING', 'The rule in words, with its values'),
      column('event_id', 'STRING', 'Hash of the rule and the line that raised it'),
      column('ip', 'STRING', "The client's address, masked"),
      syncTime,
    ],
  },
] as const satisfies readonly Table[]

export const tableNames: readonly TableName[] = tables.map((table) => table.name)

/** The view that merges the partials of log_aggregates. */
export const mergedName = 'log_aggregates_merged'

/** What else lies in a dataset: whoever renames log_results cannot take these names. */
const takenNames = [...tableNames.filter((name) => name !== 'log_results'), mergedName, 'epoch', 'writer']

/** True for a name that a dataset needs itself; file systems and DuckDB tell no upper from lower case. */
export const isTaken = (name: string): boolean => takenNames.includes(name.toLowerCase())

export const findTable = (name: TableName): Table => {
  const found = tables.find((table) => table.name === name)
  if (found === undefined) throw new Error(`no table ${name}`)
  return found
}
