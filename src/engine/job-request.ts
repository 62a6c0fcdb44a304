import { posix, resolve } from 'node:path'
import type { JobRequest } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import { isGoogle } from '../core/bigquery/endpoint.ts'
import { chunkBytesFor } from '../core/bigquery/plan-loads.ts'
import { ownFilesPath } from '../core/own-files.ts'
import { keptBits } from '../core/private.ts'
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
  /** Take the lines again that earlier runs refused, instead of the logs. */
  readonly retry?: boolean
  /** The nodes read files of somebody's own, each those in its list. */
  readonly ownFiles?: boolean | undefined
  /** The pace, where the stage runs again and again: such files may be written on, and what is new may wait. */
  readonly everyMs?: number | undefined
  /** Ids of the nodes that may run it; all by default. */
  readonly only?: readonly string[]
}

/** Where a task sees the dataset that is a folder. */
const warehouseTarget = '/warehouse'

/** Where a simulated node sees the uploader's key file; a real one has its own, sealed for it. */
const credentialsTarget = '/credentials.json'

/** MiB that the program itself needs beside DuckDB, and the least that DuckDB is given. */
const programMb = 256
const leastDuckdbMb = 64

/** MiB that DuckDB may use in a task of this config. */
export const duckdbMb = ({ cluster }: Config): number => Math.max(leastDuckdbMb, cluster.memory_mb - programMb)

const file = (source: string, target: string) => ({
  Target: target,
  Source: { Type: 'local', Params: { SourcePath: source } },
})

const parameters = (options: JobOptions): readonly string[] => {
  const { stage, config, epoch, ownFiles, everyMs } = options
  return [
    ...['--stage', stage.id],
    ...['--epoch', epoch],
    ...['--data', dataTarget],
    ...sinkParameters(options),
    ...['--project', config.project.id ?? 'sandbox'],
    ...['--log-results-table', config.bigquery.table_name],
    ...['--log', config.logs.path],
    ...['--format', config.logs.format],
    ...['--client', config.logs.client],
    ...['--window-seconds', `${config.stages.window_seconds}`],
    ...['--mask-ipv4', `${config.stages.mask_ipv4 ?? keptBits[config.stages.privacy].ipv4}`],
    ...['--mask-ipv6', `${config.stages.mask_ipv6 ?? keptBits[config.stages.privacy].ipv6}`],
    ...['--private', config.stages.private.join(',')],
    ...['--failed-logins', `${config.stages.failed_logins}`],
    ...['--failure-requests', `${config.stages.failure_requests}`],
    ...['--failure-share', `${config.stages.failure_share}`],
    ...['--memory-mb', `${duckdbMb(config)}`],
    ...(options.retry === true ? ['--retry', 'true'] : []),
    ...(ownFiles ? ['--inputs', posix.join(dataTarget, ownFilesPath)] : []),
    ...(ownFiles && everyMs !== undefined ? ['--growing', 'true'] : []),
    ...(everyMs === undefined ? [] : waitParameters(options, everyMs)),
  ]
}

const linesSeconds = 10

/** Of lines the run that is nearest to their age sends them; where the sink has a quota, its pace is what they wait for. */
const waitParameters = ({ stage, config, sink }: JobOptions, everyMs: number): readonly string[] => {
  const { lines_seconds, windows_seconds, size_kb } = config.waiting
  const usual = sink.kind === 'bigquery' ? 0 : linesSeconds
  const waitMs = stage.outputs.some(({ relation }) => relation === 'counts')
    ? windows_seconds * 1000
    : Math.max(0, (lines_seconds ?? usual) * 1000 - everyMs / 2)
  return ['--wait-ms', `${Math.round(waitMs)}`, '--least-bytes', `${size_kb * 1024}`]
}

/** Simulated nodes are given the key file itself, where the endpoint asks for one. */
const needsKeyFile = ({ config, sink }: JobOptions): boolean =>
  config.cluster.kind === 'sandbox' &&
  sink.kind === 'bigquery' &&
  (sink.apiEndpoint === undefined || isGoogle(sink.apiEndpoint) || sink.tokenEndpoint !== undefined)

const sinkParameters = (options: JobOptions): readonly string[] => {
  const { sink } = options
  if (sink.kind === 'folder') return ['--sink', `folder:${warehouseTarget}`]
  const { project, dataset, location, apiEndpoint, tokenEndpoint } = sink
  return [
    ...['--sink', `bigquery:${project}/${dataset}`, '--location', location],
    ...(apiEndpoint === undefined ? [] : ['--api-endpoint', apiEndpoint]),
    ...(tokenEndpoint === undefined ? [] : ['--token-endpoint', tokenEndpoint]),
    ...(needsKeyFile(options) ? ['--credentials', credentialsTarget] : []),
    ...['--chunk-bytes', `${chunkBytesFor(options.nodes.length, options.config.cluster.memory_mb)}`],
  ]
}

const sinkSources = (options: JobOptions): readonly unknown[] => {
  const { sink, config } = options
  if (sink.kind === 'folder') {
    const folder =
      config.cluster.kind === 'sandbox'
        ? sink.path
        : posix.join(config.warehouse.node_path ?? config.warehouse.path, config.bigquery.dataset_name)
    return [directory(folder, warehouseTarget, 'write')]
  }
  return needsKeyFile(options) ? [file(resolve(config.cluster.uploader_credentials), credentialsTarget)] : []
}

/** The job that runs one stage on the nodes; pure. */
export const jobRequest = (options: JobOptions): JobRequest => {
  const { stage, config, nodes, template, runtime, id } = options
  const name = `bbq-${stage.id}-${id}`
  const spec = renderTemplate(template, {
    name,
    image: config.cluster.image,
    runtime,
    parameters: parameters(options),
    input_sources: [directory(dataFolder(config), dataTarget, 'write'), ...sinkSources(options)],
    constraints: options.only === undefined ? [] : [{ Key: 'name', Operator: 'in', Values: options.only }],
    network: networkOf(config),
    cpu: `${config.cluster.cpu}`,
    memory: `${config.cluster.memory_mb}Mb`,
  })
  return { name, spec, nodes }
}
