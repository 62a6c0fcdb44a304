import { z } from 'zod'
import type { CallOptions, Cluster, JobRequest } from '../../cluster/cluster.ts'
import { jsonLinesIn } from '../../core/json.ts'
import { askNodes, type NodeAnswer } from './ask-nodes.ts'
import { type LogsParts, onlyOn } from './logs-parts.ts'
import { dataFolder, dataTarget, directory, renderTemplate } from './template.ts'

interface LogFile {
  readonly name: string
  readonly bytes: number
}

/** The log of one node, with its rotated predecessors. */
export interface NodeLogs {
  readonly id: string
  readonly files: readonly LogFile[]
  /** True while a generator writes there. */
  readonly growing: boolean
  /** Why the node did not answer. */
  readonly reason?: string
}

/** What was removed from one node. */
export interface CleanedNode {
  readonly id: string
  readonly removed: readonly string[]
  readonly reason?: string
}

const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('file'), name: z.string(), bytes: z.number() }),
  z.object({ type: z.literal('removed'), name: z.string() }),
  z.object({ type: z.literal('generator'), age_ms: z.number() }),
  z.object({ type: z.literal('end') }),
])

type Line = z.infer<typeof lineSchema>

/** A generator says every second that it lives; one that was silent for longer, in milliseconds, was killed. */
const silentMs = 5_000

const linesIn = ({ lines }: NodeAnswer): readonly Line[] => jsonLinesIn(lines, lineSchema)

/** Without its last line an answer may have been cut. */
const reasonOf = ({ state, reason }: NodeAnswer, lines: readonly Line[]): string | undefined => {
  if (state !== 'answered') return reason ?? state
  return lines.some(({ type }) => type === 'end') ? undefined : 'its answer was not understood'
}

const cleanJob = async (
  { config, template, newId }: LogsParts,
  what: 'list' | 'remove',
  nodes: readonly string[],
  names: readonly string[] = [],
): Promise<JobRequest> => {
  const name = `bbq-clean-${newId()}`
  const spec = renderTemplate(await template('logs-clean'), {
    name,
    image: config.cluster.image,
    parameters: [what, dataTarget, config.logs.path, ...names],
    constraints: onlyOn(nodes),
    input_sources: [directory(dataFolder(config), dataTarget, what === 'list' ? 'read' : 'write')],
  })
  return { name, spec, nodes }
}

/** What lies on the nodes of `logs.path` and its rotated predecessors; in the order given. */
export const listLogs = async (
  parts: LogsParts,
  cluster: Cluster,
  nodes: readonly string[],
  options: CallOptions,
): Promise<readonly NodeLogs[]> => {
  const request = await cleanJob(parts, 'list', nodes)
  const answers = await askNodes({ cluster, request }, options)
  return answers.map((answer): NodeLogs => {
    const lines = linesIn(answer)
    const reason = reasonOf(answer, lines)
    return {
      id: answer.nodeId,
      files: lines.flatMap((line) => (line.type === 'file' ? [{ name: line.name, bytes: line.bytes }] : [])),
      growing: lines.some((line) => line.type === 'generator' && line.age_ms < silentMs),
      ...(reason === undefined ? {} : { reason }),
    }
  })
}

/** Nodes with the same files share a job. */
const byNames = (all: readonly NodeLogs[]): readonly (readonly NodeLogs[])[] =>
  Object.values(Object.groupBy(all, ({ files }) => JSON.stringify(files.map(({ name }) => name)))).flatMap((group) =>
    group === undefined ? [] : [group],
  )

/** Removes from every node exactly the files that are listed for it; in the order given. */
export const removeLogs = async (
  parts: LogsParts,
  cluster: Cluster,
  listed: readonly NodeLogs[],
  options: CallOptions,
): Promise<readonly CleanedNode[]> => {
  const remove = async (group: readonly NodeLogs[]): Promise<readonly CleanedNode[]> => {
    const names = group[0]?.files.map(({ name }) => name) ?? []
    const ids = group.map(({ id }) => id)
    const request = await cleanJob(parts, 'remove', ids, names)
    const answers = await askNodes({ cluster, request }, options)
    return answers.map((answer): CleanedNode => {
      const lines = linesIn(answer)
      const reason = reasonOf(answer, lines)
      const removed = lines.flatMap((line) => (line.type === 'removed' ? [line.name] : []))
      return { id: answer.nodeId, removed, ...(reason === undefined ? {} : { reason }) }
    })
  }
  const cleaned = (await Promise.all(byNames(listed).map(remove))).flat()
  return listed.flatMap(({ id }) => cleaned.find((one) => one.id === id) ?? [])
}
