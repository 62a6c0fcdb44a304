import type { Cluster } from '../cluster/cluster.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'

const unknownNode = (id: string, known: readonly string[]): AppError => {
  const nearest = nearestPath(id, known)
  return new AppError({
    what: `There is no node ${id}.`,
    ...(nearest === undefined ? {} : { why: `The nearest one is ${nearest}.` }),
    next: ['bbq nodes lists them.'],
    kind: 'usage',
  })
}

const open = /^Constraints: \[\]$/m

/** The same cluster with only these nodes: others are not listed, and a job is constrained to them. */
export const selectNodes = (cluster: Cluster, ids: readonly string[]): Cluster => ({
  ...cluster,
  nodes: async (options) => {
    const all = await cluster.nodes(options)
    for (const id of ids)
      if (!all.some((node) => node.id === id))
        throw unknownNode(
          id,
          all.map((node) => node.id),
        )
    return all.filter((node) => ids.includes(node.id))
  },
  submit: (request, options) => {
    if (!open.test(request.spec))
      throw new AppError({
        what: 'The job was not sent: its spec has no line "Constraints: []" that --nodes could fill in.',
        next: ['Put that line back into jobs/stage.yaml.'],
        kind: 'usage',
      })
    const constraint = `Constraints: [{Key: name, Operator: in, Values: ${JSON.stringify(ids)}}]`
    return cluster.submit({ ...request, spec: request.spec.replace(open, () => constraint) }, options)
  },
})
