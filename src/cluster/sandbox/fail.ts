import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * How a node is told to fail from its next run on, for rehearsals and tests; `<node>/.bbq/fail.json`.
 * `mount`: the data folder is not allowed. `refused`: the bid is rejected. `exit`: the program ends with a code.
 * `killed`: the program is killed and reports nothing. `memory`: the same by the memory limit. `slow`: it starts late.
 * `lost`: the node is gone as soon as its program runs, or (`when: now`) at once.
 */
export const nodeFailureSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mount'), reason: z.string().optional() }),
  z.object({ kind: z.literal('refused'), reason: z.string().optional() }),
  z.object({
    kind: z.literal('exit'),
    code: z.number().int().min(1).max(255).default(1),
    reason: z.string().optional(),
  }),
  z.object({ kind: z.literal('killed'), reason: z.string().optional() }),
  z.object({ kind: z.literal('memory'), reason: z.string().optional() }),
  z.object({
    kind: z.literal('lost'),
    when: z.enum(['now', 'run']).default('run'),
    /** Set once a node that is to be lost while it works was lost. */
    happened: z.boolean().default(false),
    reason: z.string().optional(),
  }),
  z.object({
    kind: z.literal('slow'),
    delay_ms: z.number().nonnegative().default(3_000),
    reason: z.string().optional(),
  }),
])

export type NodeFailure = z.infer<typeof nodeFailureSchema>

const fileOf = (nodeDir: string): string => join(nodeDir, '.bbq', 'fail.json')

/** Tells the node in that folder to fail from now on. */
export const failNode = async (nodeDir: string, failure: z.input<typeof nodeFailureSchema>): Promise<void> => {
  const file = fileOf(nodeDir)
  await mkdir(join(nodeDir, '.bbq'), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.part`, `${JSON.stringify(failure)}\n`)
  await rename(`${file}.part`, file)
}

/** Lets the node work again. */
export const healNode = (nodeDir: string): Promise<void> => rm(fileOf(nodeDir), { force: true })

/** What the node was told, and since when (milliseconds since the epoch); a file that says nothing known counts as none. */
export const readFailure = async (nodeDir: string): Promise<(NodeFailure & { readonly since: number }) | undefined> => {
  try {
    const [text, stats] = await Promise.all([readFile(fileOf(nodeDir), 'utf8'), stat(fileOf(nodeDir))])
    const parsed = nodeFailureSchema.safeParse(JSON.parse(text))
    return parsed.success ? { ...parsed.data, since: Math.round(stats.mtimeMs) } : undefined
  } catch {
    return undefined
  }
}

/** True for a node that is gone, and not only about to be. */
export const isGone = (failure: NodeFailure | undefined): boolean =>
  failure?.kind === 'lost' && (failure.when === 'now' || failure.happened)

/** Tells a new node what the one that it replaces was told; what happened to that one is forgotten. */
export const inheritFailure = async (oldDir: string, newDir: string): Promise<void> => {
  const failure = await readFailure(oldDir)
  if (failure === undefined) return
  const { since: _, ...told } = failure
  await failNode(newDir, told.kind === 'lost' ? { ...told, happened: false } : told)
}

/** Milliseconds since the epoch at which a lost node was last heard of, or undefined while it is connected. */
export const lostSince = async (nodeDir: string): Promise<number | undefined> => {
  const failure = await readFailure(nodeDir)
  return isGone(failure) ? failure?.since : undefined
}
