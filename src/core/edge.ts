import { z } from 'zod'
import type { PlainValue } from './plain-value.ts'

/** Rows of one node's answer at most. */
export const mostEdgeRows = 10_000

/** Bytes of one node's answer at most, as JSON. */
export const mostEdgeBytes = 8 * 1024 * 1024

const columnsSchema = z.object({
  type: z.literal('columns'),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

/** What a node prints about a query over its log, a JSON line each: columns, rows, end; or why there is no answer. */
export const edgeLineSchema = z.discriminatedUnion('type', [
  columnsSchema,
  z.object({ type: z.literal('row'), values: z.custom<readonly PlainValue[]>(Array.isArray) }),
  z.object({
    type: z.literal('end'),
    rows: z.number(),
    /** True when at least one more row exists. */
    truncated: z.boolean(),
    /** True when it is cut because it holds as many bytes as it may. */
    full: z.boolean(),
    ms: z.number(),
    lines_read: z.number(),
    lines_parsed: z.number(),
    bytes_read: z.number(),
  }),
  z.object({ type: z.literal('error'), what: z.string(), why: z.string().optional() }),
])

export type EdgeLine = z.infer<typeof edgeLineSchema>

/** What a merge is told on stdin, a JSON line each: a node's columns, then its rows. */
export const mergeLineSchema = z.discriminatedUnion('type', [
  columnsSchema,
  z.object({ type: z.literal('row'), values: z.custom<readonly PlainValue[]>(Array.isArray) }),
])

export type MergeLine = z.infer<typeof mergeLineSchema>
