import type { JobRequest } from '../../cluster/cluster.ts'
import type { LogsParts } from '../jobs/logs-parts.ts'
import { dataFolder, dataTarget, directory, programPath, renderTemplate } from '../jobs/template.ts'

export interface EdgeWish {
  /** Ids of the nodes that are expected to run it. */
  readonly nodes: readonly string[]
  /** Hash of the program that lies on them. */
  readonly runtime: string
  /** DuckDB SQL over `logs` and `lines`. */
  readonly sql: string
  /** Rows of a node's answer at most. */
  readonly limit: number
}

/** The job that puts one query to the log of every node. */
export const edgeJob = async (
  { config, template, newId }: LogsParts,
  { nodes, runtime, sql, limit }: EdgeWish,
): Promise<JobRequest> => {
  const name = `bbq-edge-${newId()}`
  const spec = renderTemplate(await template('edge'), {
    name,
    image: config.cluster.image,
    program: programPath(runtime),
    // SQL may begin with a comment, which would look like a flag of its own
    parameters: ['--data', dataTarget, '--log', config.logs.path, '--limit', `${limit}`, `--sql=${sql}`],
    input_sources: [directory(dataFolder(config), dataTarget, 'read')],
  })
  return { name, spec, nodes }
}
