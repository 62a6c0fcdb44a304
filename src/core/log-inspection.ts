import { z } from 'zod'

const nodeSchema = z.object({
  name: z.string(),
  /** Absolute paths. */
  files: z.array(z.string()),
  /** Absolute paths and patterns that stand for the files: of a pattern, what rotation makes of its files later belongs to it too. */
  patterns: z.array(z.string()),
  bytes: z.number().nonnegative(),
  lines: z.number().int().nonnegative(),
  /** Whether `lines` is an estimate, because only head and tail of a file were read. */
  about: z.boolean(),
  /** Times of its first and last line, in milliseconds since the epoch. */
  first: z.number().nullable(),
  last: z.number().nullable(),
  /** The formats of the lines that were understood, by their titles, the commonest first. */
  formats: z.array(z.string()),
  /** What a person should know of these lines. */
  notices: z.array(z.string()),
  /** Of the lines that were looked at, those that were understood. */
  understood: z.number().int().nonnegative(),
  looked: z.number().int().nonnegative(),
  /** A line to show: the first one that was understood, else the first. */
  sample: z.string().nullable(),
})

const problemSchema = z.object({
  what: z.string(),
  why: z.string().exactOptional(),
  next: z.array(z.string()),
  /** Nothing is wrong: it is good to know. */
  note: z.literal(true).exactOptional(),
})

export const inspectionSchema = z.object({ nodes: z.array(nodeSchema), problems: z.array(problemSchema) })

/** What was found of one node's log files. */
export type InspectedNode = z.infer<typeof nodeSchema>

/** What was found of somebody's own log files, and what stands in their way. */
export type LogInspection = z.infer<typeof inspectionSchema>

/** Log files as a person named them: a file, a folder or a glob, and the node that they stand for. */
export interface LogInput {
  readonly name: string
  readonly pattern: string
}

/** What the program that looks at log files is asked. */
export const inspectionRequestSchema = z.object({
  inputs: z.array(z.object({ name: z.string(), pattern: z.string() })),
  /** All that was typed: where that is one path, its blanks belong to it. */
  typed: z.string().exactOptional(),
  /** What a relative path is relative to. */
  folder: z.string(),
  /** What `~` stands for. */
  home: z.string(),
  /** How the lines are read, as the config says. */
  format: z.string(),
  client: z.enum(['auto', 'peer', 'forwarded']),
})
