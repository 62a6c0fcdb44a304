import { z } from 'zod'
import type { Cluster, JobRequest } from '../cluster/cluster.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import type { ClusterNode } from '../core/node.ts'

export interface NodeSelection {
  /** Every one of these labels must be there: `cloud_provider=aws`. */
  readonly labels: readonly string[]
  /** Only these nodes, where given. */
  readonly ids?: readonly string[]
}

const unknownNode = (id: string, known: readonly string[]): AppError => {
  const nearest = nearestPath(id, known)
  return new AppError({
    what: `There is no node ${id}.`,
    ...(nearest === undefined ? {} : { why: `The nearest one is ${nearest}.` }),
    next: ['bbq nodes lists them.'],
    kind: 'usage',
  })
}

const split = (label: string): readonly [string, string] => {
  const at = label.indexOf('=')
  return [label.slice(0, at), label.slice(at + 1)]
}

const chosen = (all: readonly ClusterNode[], { labels, ids }: NodeSelection): readonly ClusterNode[] => {
  const labelled = all.filter((node) => labels.map(split).every(([key, value]) => node.labels[key] === value))
  for (const id of ids ?? [])
    if (!labelled.some((node) => node.id === id))
      throw unknownNode(
        id,
        labelled.map((node) => node.id),
      )
  return ids === undefined ? labelled : labelled.filter((node) => ids.includes(node.id))
}

/** The line is written as JSON, which is YAML too. */
const line = /^Constraints: (\[.*\])$/m

const constraintsSchema = z.array(z.unknown())

const constraints = (given: string, { labels, ids }: NodeSelection): string =>
  JSON.stringify([
    ...constraintsSchema.parse(JSON.parse(given)),
    ...labels.map(split).map(([Key, value]) => ({ Key, Operator: '=', Values: [value] })),
    ...(ids === undefined ? [] : [{ Key: 'name', Operator: 'in', Values: ids }]),
  ])

/** The job, constrained to the selected nodes. */
const narrowed = (request: JobRequest, selection: NodeSelection): JobRequest => {
  const given = line.exec(request.spec)?.[1]
  if (given === undefined)
    throw new AppError({
      what: 'The job was not sent: its spec has no line "Constraints: []" in which the selected nodes could be named.',
      next: ['Put that line back into its template in the folder jobs.'],
      kind: 'usage',
    })
  return { ...request, spec: request.spec.replace(line, () => `Constraints: ${constraints(given, selection)}`) }
}

/** The same cluster with only these nodes: others are not listed, and a job is constrained to them. */
export const selectNodes = (cluster: Cluster, selection: NodeSelection): Cluster => ({
  ...cluster,
  nodes: async (options) => chosen(await cluster.nodes(options), selection),
  keep: (request, options) => cluster.keep(narrowed(request, selection), options),
  submit: (request, options) => cluster.submit(narrowed(request, selection), options),
})
