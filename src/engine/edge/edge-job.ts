import type { JobRequest } from '../../cluster/cluster.ts'
import { duckdbMb } from '../job-request.ts'
import { type LogsParts, onlyOn } from '../jobs/logs-parts.ts'
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
  /** Bytes of it at most. */
  readonly bytes: number
  /** Only these take it: an earlier job left them out. */
  readonly only?: readonly string[]
}

/** So much fits beside a log generator on a node that offers half a CPU. */
const mostCpu = 0.4

/** The job that puts one query to the log of every node. */
export const edgeJob = async (
  { config, template, newId }: LogsParts,
  { nodes, runtime, sql, limit, bytes, only }: EdgeWish,
): Promise<JobRequest> => {
  const name = `bbq-edge-${newId()}`
  const spec = renderTemplate(await template('edge'), {
    name,
    image: config.cluster.image,
    program: programPath(runtime),
    constraints: only === undefined ? [] : onlyOn(only),
    parameters: [
      ...['--data', dataTarget],
      ...['--log', config.logs.path],
      ...['--format', config.logs.format],
      ...['--client', config.logs.client],
      ...['--limit', `${limit}`],
      ...['--bytes', `${bytes}`],
      ...['--memory-mb', `${duckdbMb(config)}`],
      // SQL may begin with a comment, which would look like a flag of its own
      `--sql=${sql}`,
    ],
    cpu: `${Math.min(config.cluster.cpu, mostCpu)}`,
    memory: `${config.cluster.memory_mb}Mb`,
    input_sources: [directory(dataFolder(config), dataTarget, 'read')],
  })
  return { name, spec, nodes }
}
