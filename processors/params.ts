import { z } from 'zod'
import { googleApi } from '../src/core/bigquery/endpoint.ts'
import { transformationIds } from '../src/core/private.ts'
import { defaultThresholds } from './rules/thresholds.ts'

/** What a processor is told; every member is a flag of the same name, `chunkBytes` as `--chunk-bytes` or `--chunkBytes`. */
export const paramsSchema = z.object({
  stage: z.string(),
  /** Generation of the dataset; part of every chunk id and of the checkpoint. */
  epoch: z.string().regex(/^[a-z0-9]{4,32}$/),
  /** The node's data folder: node.json and state lie in `.bbq` below it. */
  data: z.string().default('/var/log/app'),
  /** `folder:/absolute/path/to/dataset` or `bigquery:PROJECT/DATASET` */
  sink: z.string(),
  /** Where the dataset of BigQuery lies. */
  location: z.string().default('US'),
  /** Where BigQuery's API answers. */
  apiEndpoint: z.url({ protocol: /^https?$/ }).default(googleApi),
  /** Where tokens are asked for; only beside an API endpoint that is not Google's. */
  tokenEndpoint: z.url({ protocol: /^https?$/ }).optional(),
  /** Key file of the account that loads; `.bbq/credentials.json` in the data folder when not given. */
  credentials: z.string().optional(),
  /** First pause after a load that went wrong in a way that passes, in milliseconds; each further one is twice as long. */
  loadPauseMs: z.coerce.number().int().min(1).default(1000),
  /** A call to the warehouse ends after this time without a byte, in milliseconds. */
  loadSilenceMs: z.coerce.number().int().min(50).default(30_000),
  project: z.string().default('sandbox'),
  /** The name of log_results in the dataset, where the config renames it. */
  logResultsTable: z.string().default('log_results'),
  /** Log file below the data folder; its rotated predecessors belong to it. */
  log: z.string().default('access.log'),
  /** Files to read instead of the log. */
  input: z.array(z.string()).default([]),
  /** Format of the log: auto, a name of the list, or a text from a server's config. */
  format: z.string().default('auto'),
  /** Which address is the client's where a proxy forwards one. */
  client: z.enum(['auto', 'peer', 'forwarded']).default('auto'),
  /** A list of such files, as core/own-files describes it. */
  inputs: z.string().optional(),
  /** True when the stage runs again and again: files that are read instead of the log may be written on. */
  growing: z.stringbool().default(false),
  /** Where the stage runs again and again: how long what is new may wait for more, in milliseconds; a window as long after its end. */
  waitMs: z.coerce.number().int().min(0).optional(),
  /** Bytes of log that do not wait, however new. */
  leastBytes: z.coerce
    .number()
    .int()
    .min(0)
    .default(256 * 1024),
  /** The time at the start, in milliseconds since the epoch, where it is not this machine's. */
  clock: z.coerce.number().optional(),
  windowSeconds: z.coerce.number().int().min(1).max(86_400).default(300),
  maskIpv4: z.coerce.number().int().min(0).max(31).default(24),
  maskIpv6: z.coerce.number().int().min(0).max(127).default(64),
  failedLogins: z.coerce.number().int().min(1).max(1_000_000).default(defaultThresholds.failedLogins),
  failureRequests: z.coerce.number().int().min(1).max(1_000_000_000).default(defaultThresholds.failureRequests),
  failureShare: z.coerce.number().min(0.001).max(1).default(defaultThresholds.failureShare),
  /** What is taken out of every text from the stage private on, as words with commas between. */
  private: z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(',').filter((word) => word !== '') : given),
      z.array(z.enum(transformationIds)).min(1),
    )
    .default([...transformationIds]),
  /** Upper bound of a chunk in bytes. */
  chunkBytes: z.coerce
    .number()
    .int()
    .min(1024)
    .default(32 * 1024 * 1024),
  /** Memory that DuckDB may use, in MiB. */
  memoryMb: z.coerce.number().int().min(64).default(256),
  /** Take the lines again that earlier runs refused, instead of the log. */
  retry: z.stringbool().default(false),
  /** The run ends when this process is gone. */
  parentPid: z.coerce.number().int().positive().optional(),
})

export type Params = z.infer<typeof paramsSchema>
