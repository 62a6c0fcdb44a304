import { isDeepStrictEqual } from 'node:util'
import type { JobRequest } from '../../cluster/cluster.ts'
import type { Config } from '../../config/config.ts'
import { generatorKnobsSchema } from '../../core/generator.ts'
import type { LogsParts } from './logs-parts.ts'
import { dataFolder, dataTarget, directory, programPath, renderTemplate } from './template.ts'

export interface GeneratorWish {
  /** Ids of the nodes that are expected to run it. */
  readonly nodes: readonly string[]
  /** Hash of the program that lies on them. */
  readonly runtime: string
  /** Lines a second of all nodes together. */
  readonly rate: number
  /** Lines that an empty log begins with. */
  readonly fill: number
}

/** Cores that the template asks of a node for as long as the generator runs. */
export const generatorCpu = 0.1

/** Every execution that is listed repeats the spec: a node that is not named takes a place of its own choice. */
const mostNamed = 100

const unusualKnobs = ({ generator }: Config): string => {
  const usual = new Map<string, unknown>(Object.entries(generatorKnobsSchema.parse({})))
  const chosen = Object.entries(generator).filter(
    ([name, value]) => name !== 'rate' && !isDeepStrictEqual(value, usual.get(name)),
  )
  return JSON.stringify(Object.fromEntries(chosen))
}

/** The job that keeps the logs of nodes growing until it is stopped. */
export const generatorJob = async (
  { config, template, newId }: LogsParts,
  { nodes, runtime, rate, fill }: GeneratorWish,
): Promise<JobRequest> => {
  const name = `bbq-logs-${newId()}`
  const knobs = unusualKnobs(config)
  const spec = renderTemplate(await template('logs-generator'), {
    name,
    image: config.cluster.image,
    program: programPath(runtime),
    parameters: [
      ...['--data', dataTarget],
      ...['--log', config.logs.path],
      ...['--rate', `${Number((rate / nodes.length).toFixed(3))}`],
      ...['--seed', `${config.demo.seed}`],
      ...['--fill', `${fill}`],
      ...['--nodes', nodes.slice(0, mostNamed).join(',')],
      ...(knobs === '{}' ? [] : ['--knobs', knobs]),
    ],
    input_sources: [directory(dataFolder(config), dataTarget, 'write')],
  })
  return { name, spec, nodes }
}
