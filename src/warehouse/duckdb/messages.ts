import { z } from 'zod'
import { type Column, type Table, type TableName, tableNames } from '../../core/tables.ts'
import { holderSchema } from '../../hold-file.ts'
import type { QueryResult, Row, TableStatus } from '../warehouse.ts'

const columnSchema: z.ZodType<Column> = z.lazy(() =>
  z.object({
    name: z.string(),
    type: z.enum(['STRING', 'TIMESTAMP', 'INT64', 'FLOAT64', 'RECORD']),
    mode: z.enum(['NULLABLE', 'REPEATED']),
    fields: z.exactOptional(z.array(columnSchema)),
    description: z.string(),
  }),
)

const tableName: z.ZodType<TableName> = z.enum(tableNames)

const tableSchema: z.ZodType<Table> = z.object({
  name: tableName,
  title: z.string(),
  arrival: z.string(),
  eventTime: z.string(),
  columns: z.array(columnSchema),
})

/** What the warehouse's own process is told at its start, as the JSON of its only argument. */
export const settingsSchema = z.object({
  /** Absolute path of the dataset. */
  folder: z.string(),
  logResultsTable: z.string(),
  /** Who means to write. */
  writer: z.exactOptional(holderSchema),
})

export type Settings = z.infer<typeof settingsSchema>

/** One call of the contract. */
const callSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('confirm'), tables: z.array(tableSchema), newEpoch: z.string() }),
  z.object({ method: z.literal('status') }),
  z.object({ method: z.literal('tail'), table: tableName, limit: z.number().int().nonnegative() }),
  z.object({
    method: z.literal('query'),
    sql: z.string(),
    limit: z.number().int().nonnegative(),
    bytes: z.number().int().positive(),
  }),
  z.object({ method: z.literal('reset'), newEpoch: z.string() }),
])

export type Call = z.infer<typeof callSchema>

/** From the program to its process. */
export const requestSchema = z.union([z.object({ id: z.number(), call: callSchema }), z.object({ cancel: z.number() })])

export type Request = z.infer<typeof requestSchema>

const errorSchema = z.object({
  what: z.string(),
  why: z.exactOptional(z.string()),
  next: z.array(z.string()),
  kind: z.enum(['failed', 'usage', 'unreachable', 'refused', 'interrupted']),
})

/** From the process back: what a call came to, or that it ends and what waits is to be asked of the next one. */
export const answerSchema = z.union([
  z.object({ id: z.number(), error: errorSchema }),
  z.object({ id: z.number(), value: z.unknown() }),
  z.object({ leaving: z.literal(true) }),
])

export type Answer = z.infer<typeof answerSchema>

const columns = z.array(z.object({ name: z.string(), type: z.string() }))

// Rows may be many and come from a process of ours: only their outer shape is checked.
const rows = z.custom<QueryResult['rows']>(Array.isArray)

/** What each call gives back. */
export const resultSchemas = {
  confirm: z.object({ epoch: z.string(), created: z.array(z.string()) }),
  status: z.array(
    z.object({
      table: tableName,
      rows: z.number(),
      bytes: z.number(),
      changedAt: z.exactOptional(z.number()),
      strays: z.number(),
    }),
  ) satisfies z.ZodType<TableStatus[]>,
  tail: z.custom<readonly Row[]>(Array.isArray),
  query: z.object({ columns, rows, truncated: z.boolean(), full: z.boolean() }),
  reset: z.object({ epoch: z.string() }),
} as const
