import { posix } from 'node:path'
import type { JobRequest } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import type { Stage } from '../core/stage.ts'
import type { Sink } from '../warehouse/warehouse.ts'
import { dataFolder, dataTarget, directory, networkOf, renderTemplate } from './jobs/template.ts'

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
  /** Ids of the nodes that may run it; all by default. */
  readonly only?: readonly string[]
}

/** Where a task sees the dataset. */
const warehouseTarget = '/warehouse'

/** MiB that the program itself needs beside DuckDB, and the least that DuckDB is given. */
const programMb = 256
const leastDuckdbMb = 64

/** MiB that DuckDB may use in a task of this config. */
export const duckdbMb = ({ cluster }: Config): number => Math.max(leastDuckdbMb, cluster.memory_mb - programMb)

/** Each file of `--input` is mounted by itself, so that its own path cannot be taken for one of the task's. */
const inputTarget = (i: number): string => `/input/${i}`

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
  ...['--memory-mb', `${duckdbMb(config)}`],
  ...inputs.flatMap((_, i) => ['--input', inputTarget(i)]),
]

const warehouseFolder = ({ config, sink }: JobOptions): string =>
  config.cluster.kind === 'sandbox'
    ? sink.path
    : posix.join(config.warehouse.node_path ?? config.warehouse.path, config.bigquery.dataset_name)

/** The job that runs one stage on the nodes; pure. */
export const jobRequest = (options: JobOptions): JobRequest => {
  const { stage, config, nodes, template, runtime, id } = options
  const name = `bbq-${stage.id}-${id}`
  const spec = renderTemplate(template, {
    name,
    image: config.cluster.image,
    runtime,
    parameters: parameters(options),
    input_sources: [
      directory(dataFolder(config), dataTarget, 'write'),
      directory(warehouseFolder(options), warehouseTarget, 'write'),
      ...(options.inputs ?? []).map(inputFile),
    ],
    constraints: options.only === undefined ? [] : [{ Key: 'name', Operator: 'in', Values: options.only }],
    network: networkOf(config),
    cpu: `${config.cluster.cpu}`,
    memory: `${config.cluster.memory_mb}Mb`,
  })
  return { name, spec, nodes }
}
