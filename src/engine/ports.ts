import type { Cluster } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import type { Question } from '../config/questions.ts'
import type { LogInput, LogInspection } from '../core/log-inspection.ts'
import type { OwnNode } from '../core/own-files.ts'
import type { Stage } from '../core/stage.ts'
import type { WarehouseSetup } from '../warehouse/setup.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { Merge } from './edge/ask-edge.ts'
import type { Holdings } from './holdings.ts'
import type { GeneratorBook } from './jobs/generators.ts'
import type { PrepareFiles } from './prepare/parts.ts'
import type { OpenProofFolder } from './prepare/prove-folder.ts'
import type { Before } from './state.ts'

/** Timers of the engine, so that tests need no real time; each returns how to stop it. */
export interface Timers {
  every(ms: number, callback: () => void): () => void
  after(ms: number, callback: () => void): () => void
}

/** Whose runs: those of nodes, or those over somebody's own log files. */
export type RunsOf = 'nodes' | 'own logs'

/** The few files that the engine reads and writes itself. */
export interface Files {
  /** Text of the record of runs, or undefined while there is none; runs over somebody's own logs have one of their own. */
  readRuns(of: RunsOf): Promise<string | undefined>
  writeRuns(of: RunsOf, text: string): Promise<void>
  /** Writes an export beside the person's other files and returns its path as a person may type it. */
  writeExport(name: string, text: string): Promise<string>
}

type InspectLogs = (
  inputs: readonly LogInput[],
  options: {
    readonly signal: AbortSignal
    readonly deadlineMs?: number
    /** All that was typed: where that is one path, its blanks belong to it. */
    readonly typed?: string
  },
) => Promise<LogInspection>

interface OpenCluster {
  readonly config: Config
  /** Simulated nodes: removed and filled anew. */
  readonly fresh: boolean
  /** Simulated nodes: logs keep growing. */
  readonly live: boolean
  /** Somebody's own log files instead of simulated nodes. */
  readonly inputs?: readonly OwnNode[]
  readonly signal: AbortSignal
}

/** Everything that the engine needs from outside. */
export interface Ports {
  readonly openCluster: (options: OpenCluster) => Promise<Cluster>
  readonly openWarehouse: (options: { readonly config: Config; readonly signal: AbortSignal }) => Promise<Warehouse>
  /** What the warehouse needs outside of this machine; closed by who opened it. */
  readonly openSetup?: (config: Config) => Promise<WarehouseSetup>
  readonly config: Config
  /** The config of the demo on this machine: simulated nodes and DuckDB, whatever `config` connects. */
  readonly local: Config
  /** Writes answers (texts by key) into config.yaml and reads it again. */
  readonly saveConfig: (
    answers: Readonly<Record<string, string>>,
  ) => Promise<{ readonly file: string; readonly config: Config }>
  readonly questions: readonly Question[]
  /** What config.yaml says already, as answers. */
  readonly answers: Readonly<Record<string, string>>
  readonly stages: readonly Stage[]
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Letters and digits, unique in the state folder: part of job names. */
  readonly newId: () => string
  readonly timers: Timers
  readonly files: Files
  /** Text of a template of the folder jobs, by its name: `stage`. */
  readonly template: (name: string) => Promise<string>
  /** What a preparation of nodes sends. */
  readonly prepareFiles: (config: Config) => PrepareFiles
  /** The warehouse's folder here, in which nodes prove that it is theirs too. */
  readonly proofFolder?: OpenProofFolder
  /** Merges what nodes answered, by a second query. */
  readonly merge: Merge
  /** Log generators that were started from this state folder. */
  readonly generators: GeneratorBook
  /** Hash of the processor program, by which nodes know it. */
  readonly runtime: string
  /** Simulated nodes that the demo here offers. */
  readonly nodeCount: number
  /** The state folder as the person gave it. */
  readonly stateDir: string
  /** What the state folder holds already. */
  readonly before?: Before
  /** Notes of whose rows the state folder holds. */
  readonly holdings: Holdings
  /** Looks at log files that a person named. Only the ends of each are read, apart from the screen's process. */
  readonly inspectLogs: InspectLogs
  /** Completes the last path of a line, and lists what it may go on with. */
  readonly completePath: (line: string) => Promise<{ readonly text: string; readonly candidates: readonly string[] }>
  /** Somebody's own log files, which stages read instead of the nodes' logs. */
  readonly inputs?: readonly OwnNode[]
}
