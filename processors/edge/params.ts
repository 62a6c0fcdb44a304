import { parseArgs } from 'node:util'
import { z } from 'zod'
import { mostEdgeBytes, mostEdgeRows } from '../../src/core/edge.ts'
import { AppError } from '../../src/core/errors.ts'

const rows = z.coerce.number().int().min(1).max(mostEdgeRows).default(mostEdgeRows)

const paramsSchema = z.object({
  /** The node's data folder; nothing is written there. */
  data: z.string().default('/var/log/app'),
  /** Log file below the data folder; its rotated predecessors belong to it. */
  log: z.string().default('access.log'),
  /** How its lines are read, as a stage reads them. */
  format: z.string().default('auto'),
  client: z.enum(['auto', 'peer', 'forwarded']).default('auto'),
  sql: z.string(),
  /** Rows at most. */
  limit: rows,
  /** Bytes at most. */
  bytes: z.coerce.number().int().min(1).max(mostEdgeBytes).default(mostEdgeBytes),
  /** Upper bound of a chunk in bytes. */
  'chunk-bytes': z.coerce
    .number()
    .int()
    .min(1024)
    .default(32 * 1024 * 1024),
  /** Memory that DuckDB may use, in MiB. */
  'memory-mb': z.coerce.number().int().min(64).default(256),
  /** True: the answers of nodes come on stdin, and the query is over them. */
  merge: z.boolean().default(false),
  /** The run ends when this process is gone. */
  'parent-pid': z.coerce.number().int().positive().optional(),
})

export type EdgeParams = z.infer<typeof paramsSchema>

const text = { type: 'string' } as const

/** Reads `--flag=value`, which SQL that begins with a comment needs; throws an AppError of kind `usage`. */
export const parseEdge = (argv: readonly string[]): EdgeParams => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        data: text,
        log: text,
        format: text,
        client: text,
        sql: text,
        limit: text,
        bytes: text,
        'chunk-bytes': text,
        'memory-mb': text,
        merge: { type: 'boolean' },
        'parent-pid': text,
      },
    })
    return paramsSchema.parse(values)
  } catch (cause) {
    const why =
      cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : String(cause)
    throw new AppError({ what: 'The query was asked for with wrong flags.', why, kind: 'usage', cause })
  }
}
