import type { JobRequest } from '../../cluster/cluster.ts'
import { dataFolder, dataTarget, directory, programPath, renderTemplate } from '../jobs/template.ts'
import type { PrepareParts } from './parts.ts'

interface JobOptions {
  readonly name: 'inspect' | 'install' | 'prepare'
  readonly nodes: readonly string[]
  readonly parameters: readonly string[]
  /** Beside the node's data folder. */
  readonly sources?: readonly unknown[]
}

/** A file that travels in the job itself. */
export const inlineFile = (target: string, type: string, content: Uint8Array) => ({
  Target: target,
  Source: { Type: 'inline', Params: { URL: `data:${type};base64,${Buffer.from(content).toString('base64')}` } },
})

/** A file that the node's host fetches, in a folder of the task. */
export const download = (target: string, url: string) => ({
  Target: target,
  Source: { Type: 'urlDownload', Params: { URL: url } },
})

/** A job that prepares these nodes, or looks at them. */
export const prepareJob = async (
  { config, files, runtime, newId }: PrepareParts,
  { name, nodes, parameters, sources = [] }: JobOptions,
): Promise<JobRequest> => {
  const id = `bbq-${name}-${newId()}`
  const spec = renderTemplate(await files.template(name), {
    name: id,
    image: config.cluster.image,
    program: name === 'inspect' ? await files.inspector() : programPath(runtime),
    parameters,
    constraints: [{ Key: 'name', Operator: 'in', Values: nodes }],
    input_sources: [directory(dataFolder(config), dataTarget, 'write'), ...sources],
  })
  return { name: id, spec, nodes }
}
