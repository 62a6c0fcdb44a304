import type { JobRequest } from '../../cluster/cluster.ts'
import { type LogsParts, logTarget, onlyOn } from './logs-parts.ts'
import { dataFolder, dataTarget, directory, renderTemplate } from './template.ts'

export interface Peek {
  readonly node: string
  readonly lines: number
  /** Which end of the log is shown. */
  readonly end: 'head' | 'tail'
}

/** The job that prints the first or last lines of one node's log. */
export const peekJob = async (
  { config, template, newId }: LogsParts,
  { node, lines, end }: Peek,
): Promise<JobRequest> => {
  const name = `bbq-peek-${newId()}`
  const spec = renderTemplate(await template('logs-peek'), {
    name,
    image: config.cluster.image,
    command: [end, '-n', `${lines}`, logTarget(config)],
    constraints: onlyOn([node]),
    input_sources: [directory(dataFolder(config), dataTarget, 'read')],
  })
  return { name, spec, nodes: [node] }
}
