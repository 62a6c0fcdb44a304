import { posix } from 'node:path'
import type { JobRequest } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import type { Stage } from '../core/stage.ts'
import type { Sink } from '../warehouse/warehouse.ts'

export interface JobOptions {
  readonly stage: Stage
  readonly config: Config
  readonly epoch: string
  readonly sink: Sink
  /** Ids of the nodes that are expected to run it. */
  readonly nodes: readonly string[]
  /** Text of jobs/stage.yaml. */
  readonly template: string
  /** Hash of the processor program. */
  readonly runtime: string
  /** Makes the name unique. */
  readonly id: string
  readonly inputs?: readonly string[]
}

/** Where a task sees its node's data folder, and the dataset. */
const dataTarget = '/var/log/app'
const warehouseTarget = '/warehouse'

/** Each file of `--input` is mounted by itself, so that its own path cannot be taken for one of the task's. */
const inputTarget = (i: number): string => `/input/${i}`

const bare = /^[A-Za-z0-9._:/-]+$/

/** Fills `{{.name}}` in: words stand as they are, everything else as JSON, which is YAML too. An unknown name is an error. */
export const renderTemplate = (template: string, values: Readonly<Record<string, unknown>>): string =>
  template.replaceAll(/\{\{\.(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the job template names ${name}, which nothing fills in`)
    return typeof value === 'string' && bare.test(value) ? value : JSON.stringify(value)
  })

const directory = (source: string, target: string) => ({
  Target: target,
  Source: { Type: 'localDirectory', Params: { SourcePath: source, ReadWrite: true } },
})

const inputFile = (source: string, i: number) => ({
  Target: inputTarget(i),
  Source: { Type: 'local', Params: { SourcePath: source } },
})

const parameters = ({ stage, config, epoch, inputs = [] }: JobOptions): readonly string[] => [
  ...['--stage', stage.id],
  ...['--epoch', epoch],
  ...['--data', dataTarget],
  ...['--sink', `folder:${warehouseTarget}`],
  ...['--project', config.project.id ?? 'sandbox'],
  ...['--log-results-table', config.bigquery.table_name],
  ...['--log', config.logs.path],
  ...['--window-seconds', `${config.stages.window_seconds}`],
  ...['--mask-ipv4', `${config.stages.mask_ipv4}`],
  ...['--mask-ipv6', `${config.stages.mask_ipv6}`],
  ...inputs.flatMap((_, i) => ['--input', inputTarget(i)]),
]

const folders = ({ config, sink }: JobOptions): { readonly data: string; readonly warehouse: string } =>
  config.cluster.kind === 'sandbox'
    ? { data: '/bacalhau_data', warehouse: sink.path }
    : {
        data: config.cluster.data,
        warehouse: posix.join(config.warehouse.node_path ?? config.warehouse.path, config.bigquery.dataset_name),
      }

/** The job that runs one stage on the nodes; pure. */
export const jobRequest = (options: JobOptions): JobRequest => {
  const { stage, config, nodes, template, runtime, id } = options
  const name = `bbq-${stage.id}-${id}`
  const { data, warehouse } = folders(options)
  const spec = renderTemplate(template, {
    name,
    image: config.cluster.image,
    runtime,
    parameters: parameters(options),
    input_sources: [
      directory(data, dataTarget),
      directory(warehouse, warehouseTarget),
      ...(options.inputs ?? []).map(inputFile),
    ],
    network: config.cluster.network === 'host' ? 'Host' : 'Bridge',
  })
  return { name, spec, nodes }
}
