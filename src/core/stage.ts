import type { TableName } from './tables.ts'

/** A relation that the byte pass hands to DuckDB; only those that a stage names are made. */
export type RelationName = 'lines' | 'events' | 'masked' | 'counts' | 'alerts'

/** Rows as the pass makes them: each column of the table has what the relation has under its name. */
interface RowsOutput {
  readonly table: TableName
  readonly relation: RelationName
  /** What stands in the column `version`, where the table has it. */
  readonly version: string
}

/** Whatever DuckDB can make of a relation. */
export interface SqlOutput {
  readonly table: TableName
  readonly relation: RelationName
  /** SELECT over the relation; its columns are the table's, in any order. */
  readonly select: string
}

export type StageOutput = RowsOutput | SqlOutput

export interface CannedQuery {
  readonly id: string
  readonly title: string
  /** What the answer shows, in one sentence. */
  readonly why: string
  /** Portable SQL; tables as placeholders such as `{log_aggregates}`, the epoch as `{epoch}`. */
  readonly sql: string
  /** Drawn as bars over the first column when a person asks for a chart. */
  readonly chart?: { readonly label: string; readonly value: string }
}

export type SegmentTone = 'plain' | 'muted' | 'bad' | 'good'

/** A piece of an example line and how it is to be shown. */
export interface Segment {
  readonly text: string
  readonly tone: SegmentTone
}

export interface BeforeAfter {
  readonly before: readonly Segment[]
  readonly after: readonly Segment[]
}

/** How lines are read: a format, `auto` by default, and whose address is the client. */
export interface LogsRead {
  readonly format: string
  readonly client: 'auto' | 'peer' | 'forwarded'
}

/** One chapter of the demo. Adding one is a file and a line in `processors/stages/index.ts`. */
export interface Stage {
  readonly id: string
  /** A word or two, for the rail. */
  readonly title: string
  /** One sentence: what the audience takes away. */
  readonly summary: string
  /** One sentence: how. */
  readonly why: string
  readonly outputs: readonly StageOutput[]
  readonly queries: readonly CannedQuery[]
  /** What a presenter may say, one thought a line. */
  readonly notes: readonly string[]
  /** Shows what the stage makes of one real log line, which is read as the config says. */
  readonly beforeAfter: (line: string, logs?: LogsRead) => BeforeAfter
}
