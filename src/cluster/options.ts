import type { GeneratorPlan } from '../core/generator.ts'
import type { OwnNode } from '../core/own-files.ts'
import type { Programs } from '../programs.ts'
import type { Cluster } from './cluster.ts'

export interface BacalhauOptions {
  /** Path of the CLI; by default the `bacalhau` of the PATH. */
  readonly command?: string
  /** Host, host:port or URL of the API; by default what the environment or the CLI's own config says. */
  readonly api?: string
  /** Profile of the CLI; an address wins over it. */
  readonly profile?: string
  /** https, also where the address does not say so. */
  readonly tls?: boolean
  /** Path of the certificate authority's file. */
  readonly caFile?: string
  /** Takes any certificate. */
  readonly insecure?: boolean
  /** Path of a file that holds the API key. */
  readonly apiKeyFile?: string
  readonly username?: string
  /** Path of a file that holds the user's password. */
  readonly passwordFile?: string
  /** Label selector, for example `cloud_provider=aws`; only such nodes are listed. */
  readonly selector?: string
  /** Milliseconds between two looks at a running job. */
  readonly pollMs?: number
}

export interface OpenClusterOptions {
  readonly kind: Cluster['about']['kind']
  /** The state folder as the person gave it; shown in command lines. */
  readonly stateDir: string
  readonly programs: Programs
  /** Node that runs processors and the generator. */
  readonly nodePath: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Sandbox: removes the nodes and fills new logs. */
  readonly fresh: boolean
  /** Sandbox: keeps all logs growing until it is closed. */
  readonly live: boolean
  /** Sandbox: lines a node to fill with. */
  readonly lines: number
  readonly seed: number
  /** Sandbox: how the generator behaves, where not by its defaults. */
  readonly generator?: GeneratorPlan['knobs']
  /** Sandbox: the nodes' log, below the data folder; `access.log` by default. */
  readonly log?: string
  readonly now: () => number
  /** Ends the opening early; what is open is ended by close(). */
  readonly signal?: AbortSignal
  readonly bacalhau?: BacalhauOptions
  /** Sandbox: nodes over log files of somebody's own instead of the simulated ones. */
  readonly inputs?: readonly OwnNode[]
  /** Executions that may run at once; by default one a core. */
  readonly parallel?: number
}
