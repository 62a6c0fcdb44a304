import { z } from 'zod'

/** A file of somebody's own, as the node that reads it is told of it. */
const ownFileSchema = z.object({
  /** Absolute. */
  path: z.string(),
  /** True where a pattern found it: what a rotation copies or packs meanwhile is found twice. */
  found: z.literal(true).exactOptional(),
  /** Of the copy of a stream: how it is called, and its content's hash, by which alone it is known again. */
  stream: z.object({ name: z.string(), sha256: z.string() }).exactOptional(),
})

export type OwnFile = z.infer<typeof ownFileSchema>

/** The list in the data folder of a node that reads somebody's own files. */
export const ownFilesPath = '.bbq/files.json'

/** What that list holds. */
export const ownFilesSchema = z.object({
  /** The paths and patterns that name them. */
  patterns: z.array(z.string()),
  /** What these named when the stage was sent, in the order of reading. */
  files: z.array(ownFileSchema),
})

/** Somebody's own log files as a node of that name. */
export interface OwnNode {
  readonly name: string
  /** Absolute paths, and patterns such as `/var/log/nginx/access.log*`. */
  readonly files: readonly string[]
  /** Copies of what came on standard input or through a pipe. */
  readonly streams?: readonly OwnFile[]
}

/** The node of files that were given without a name. */
export const localNode = 'local'
