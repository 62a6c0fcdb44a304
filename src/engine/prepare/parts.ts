import type { Cluster } from '../../cluster/cluster.ts'
import type { Config } from '../../config/config.ts'

/** What preparation sends to nodes, and reads from this machine. */
export interface PrepareFiles {
  /** Text of a template of the folder jobs: `inspect`, `install`, `prepare`. */
  template(name: string): Promise<string>
  /** Text of the program that looks at a node. */
  inspector(): Promise<string>
  /** The one program that every node gets, compressed by brotli. */
  program(): Promise<Uint8Array>
  /** Text of the uploader's key file; undefined when there is none and none is needed. */
  keyFile(): Promise<string | undefined>
}

/** What the steps of a preparation share. */
export interface PrepareParts {
  readonly cluster: Cluster
  readonly config: Config
  readonly files: PrepareFiles
  /** Hash of the program, by which nodes know it. */
  readonly runtime: string
  readonly newId: () => string
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>
}
