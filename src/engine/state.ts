import type { SubmittedJob } from '../cluster/cluster.ts'
import type { JobSnapshot, OutcomeState } from '../core/job.ts'
import type { ClusterNode, Provider } from '../core/node.ts'
import type { Progress, Report, Totals } from '../core/report.ts'
import type { Stage } from '../core/stage.ts'
import type { TableName } from '../core/tables.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { Spend } from './cost/spend.ts'
import type { CountedRows } from './holding-text.ts'
import type { Holding } from './holdings.ts'
import type { Overlay } from './overlay.ts'
import type { OwnLogsState } from './own-logs-state.ts'
import type { NodeReadiness } from './prepare/readiness.ts'
import type { Failure, Problem } from './problem.ts'
import type { QueryState } from './query-state.ts'

export type StepKind = 'setup' | 'nodes' | 'stage' | 'query' | 'summary'

/** One chapter of the walk; the id of a stage's step is the stage's id. */
export interface Step {
  readonly id: string
  readonly kind: StepKind
  readonly title: string
  /** The key that jumps here. */
  readonly key: string
  /** Printed beside the title on the rail. */
  readonly digit?: string
}

interface Clock {
  /** Milliseconds since the epoch of the last tick. */
  readonly now: number
  /** When the program started, and when the demo was opened. */
  readonly startedAt: number
  readonly openedAt?: number
}

/** Where data comes from; set when the demo is open. */
export interface Source {
  readonly cluster: {
    readonly kind: 'sandbox' | 'bacalhau'
    readonly label: string
    /** Its nodes read log files of somebody's own. */
    readonly ownFiles?: true
  }
  readonly warehouse: { readonly kind: 'duckdb' | 'bigquery'; readonly label: string }
  readonly epoch: string
}

export type ChoiceId = 'demo' | 'own' | 'connect' | 'resume'

export interface Choice {
  readonly id: ChoiceId
  readonly title: string
  readonly lines: readonly string[]
}

/** What an earlier session left in the state folder. */
export interface Before {
  readonly stateDir: string
  /** Milliseconds since the epoch of its last change. */
  readonly at: number
  /** Title of the last step that it got to, when known. */
  readonly stoppedAfter?: string
  /** True when what is there can be opened again. */
  readonly canResume: boolean
  /** The config connects a cluster or BigQuery: that is what can be opened again, not the tables on this machine. */
  readonly connected: boolean
  /** Whose rows the tables on this machine hold. */
  readonly holding: Holding
  /** Rows of the tables on this machine, once they were counted. */
  readonly counted?: CountedRows
}

export interface QuestionView {
  readonly key: string
  readonly question: string
  readonly help: string
  readonly default: string
  readonly flag: string
  readonly choices?: readonly string[]
}

export interface Check {
  readonly id: string
  readonly title: string
  readonly state: 'waiting' | 'running' | 'ok' | 'problem'
  /** The value found: `21 of 21`. */
  readonly detail?: string
  readonly problem?: Problem
  /** Of a check that is ok: what a person may do all the same. */
  readonly hints?: readonly string[]
  /** What would put the problem right, after a question: `make the project demo`. */
  readonly repair?: string
  readonly startedAt?: number
}

/** choosing: first screen. asking: wizard. naming: logs of one's own. found: what these hold. checking: checks run. open: the demo can be walked. */
type SetupMode = 'choosing' | 'asking' | 'naming' | 'found' | 'checking' | 'open'

export interface SetupState {
  readonly mode: SetupMode
  readonly choices: readonly Choice[]
  readonly before?: Before
  readonly chosen?: ChoiceId
  readonly questions: readonly QuestionView[]
  readonly answers: Readonly<Record<string, string>>
  /** Index of the question that is asked. */
  readonly at: number
  /** Text of the field. */
  readonly draft: string
  /** Why the draft does not fit. */
  readonly misfit?: string
  readonly own: OwnLogsState
  readonly savedTo?: string
  readonly checks: readonly Check[]
  readonly openingSince?: number
  readonly problem?: Problem
}

/** Bytes that a node's log grew by between two looks, oldest first, at most 60; null where a look was missed. */
export interface Growth {
  readonly bytes: number
  readonly at: number
  readonly perSecond: readonly (number | null)[]
}

/** The end of a node's log as a job saw it. */
interface LogPeek {
  /** Oldest first. */
  readonly lines: readonly string[]
  /** When they came, in milliseconds since the epoch. */
  readonly at?: number
  /** When they were asked for, while no answer is there. */
  readonly askedAt?: number
  readonly problem?: Problem
}

export interface NodesState {
  readonly rows: readonly ClusterNode[]
  readonly receivedAt?: number
  readonly growth: Readonly<Record<string, Growth>>
  /** By node id, what it has of what a stage needs; empty where nodes need no preparation. */
  readonly readiness: Readonly<Record<string, NodeReadiness>>
  /** By node id, the end of its log as a job saw it, where the cluster itself cannot look. */
  readonly peeks: Readonly<Record<string, LogPeek>>
  readonly failure?: Failure
  /** The node that is opened, by id. */
  readonly opened?: string
}

/** One node's part in the last run of a stage. */
export interface RunNode {
  readonly id: string
  readonly provider: Provider
  readonly region: string
  readonly state: OutcomeState
  readonly reason?: string
  /** Since when nothing was heard of the node, while its part is open. */
  readonly silentSince?: number
  readonly executionId?: string
  readonly report?: Report
  readonly progress?: Progress
  readonly startedAt?: number
  readonly endedAt?: number
}

/** The pace at which a stage is submitted again. */
interface Keep {
  readonly everyMs: number
  /** When the next run is sent, or undefined while one runs. */
  readonly nextAt?: number
}

export interface StageRun {
  readonly stageId: string
  readonly phase: 'idle' | 'launching' | 'running' | 'ended'
  readonly requestId?: string
  readonly requestedAt?: number
  readonly endedAt?: number
  readonly job?: SubmittedJob
  readonly snapshot?: JobSnapshot
  readonly nodes: readonly RunNode[]
  /** Sums over the reports of the last run. */
  readonly totals: Totals
  /** Sums over all earlier runs of this epoch. */
  readonly before: Totals
  /** Finished runs of this epoch and the milliseconds that they took together. */
  readonly runs: number
  readonly ms: number
  readonly keep?: Keep
  readonly problem?: Problem
  /** Its job was sent by an earlier program. */
  readonly adopted?: true
}

export interface TableView {
  readonly name: TableName
  readonly title: string
  readonly rows: number
  readonly bytes: number
  readonly changedAt?: number
  /** Rows of another epoch; above 0 the next step is reset. */
  readonly strays: number
  /** Rows a second, oldest first, at most 60; null where a poll was missed. */
  readonly rate: readonly (number | null)[]
  /** Newest arrivals first, each once, bounded. */
  readonly tail: readonly Row[]
}

/** One row of log_aggregates, as far as the live pane needs it. */
export interface WindowPartial {
  /** chunk_id + time_window */
  readonly id: string
  readonly start: string
  readonly node: string
  readonly total: number
  readonly ok: number
  readonly redirect: number
  readonly clientError: number
  readonly serverError: number
  readonly bytes: number
  readonly endpoints: Readonly<Record<string, number>>
}

export interface TablesState {
  readonly byName: Readonly<Record<TableName, TableView>>
  readonly partials: readonly WindowPartial[]
  /** The stage that was sent last: the rates are its own. */
  readonly writer?: string
  readonly receivedAt?: number
  readonly failure?: Failure
  readonly tailFailure?: Failure
}

/** A pane of a screen; a table's pane has the table's name. */
export type PaneId =
  | 'choices'
  | 'answers'
  | 'own'
  | 'checks'
  | 'nodes'
  | 'stages'
  | 'endpoints'
  | 'tables'
  | 'questions'
  | 'result'
  | TableName

interface Selection {
  readonly id: string
  /** Where it stood, for when its row is gone. */
  readonly index: number
}

/** What a person did to one screen. */
export interface View {
  readonly pane?: PaneId
  readonly selected: Readonly<{ readonly [pane in PaneId]?: Selection }>
  /** Index into the sort orders of a table pane; 0 is the given order. */
  readonly sort: number
  /** Tables instead of charts. */
  readonly plain: boolean
}

export interface Message {
  readonly text: string
  readonly tone: 'info' | 'warn' | 'bad'
  readonly at: number
}

export interface State {
  readonly stages: readonly Stage[]
  readonly steps: readonly Step[]
  /** Id of the step on the screen. */
  readonly current: string
  /** Index of the furthest step that was shown. */
  readonly reached: number
  readonly clock: Clock
  readonly paused: boolean
  readonly source?: Source
  readonly setup: SetupState
  readonly nodes: NodesState
  /** By stage id; every stage has one. */
  readonly runs: Readonly<Record<string, StageRun>>
  readonly tables: TablesState
  readonly query: QueryState
  readonly spend: Spend
  /** By step id; every step has one. */
  readonly views: Readonly<Record<string, View>>
  readonly overlay?: Overlay
  readonly message?: Message
  /** Id of the beat whose wait a Space has named; a second one goes on without it. */
  readonly impatientWith?: string
  /** When Ctrl-C was pressed once while a job ran. */
  readonly interruptAskedAt?: number
  /** Set once the program is on its way out. */
  readonly leaving?: 'quit' | 'interrupt'
}
