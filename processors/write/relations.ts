import { quoteText } from '../../src/core/duckdb-types.ts'
import type { RelationName } from '../../src/core/stage.ts'
import { timeOf } from './sql.ts'

/** SQL of `counts`, `messages` and `alerts`, whose rows come as objects. */
export const objectRelations = (idPrefix: string): Readonly<Record<string, string>> => ({
  counts: `SELECT ${timeOf('window_us')} AS time_window, status, endpoint, n, bytes FROM pass_counts`,
  messages: `SELECT ${timeOf('window_us')} AS time_window, position, message FROM pass_messages`,
  alerts: `SELECT ${quoteText(idPrefix)} || off AS remote_log_id, ${timeOf('ts_us')} AS "timestamp", message, kind, reason,
    event_id, ip FROM pass_alerts`,
})

/** Relations whose rows hold no full client address. */
export const isMasked = (relation: RelationName): boolean => relation !== 'lines' && relation !== 'events'

/** SQL of `lines`, `events` and `masked`, which lie as a file of pages. */
export const pagesRelation = (path: string): string => `SELECT * FROM read_parquet(${quoteText(path)})`
