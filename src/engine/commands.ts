import type { ShownJob } from '../core/job.ts'
import type { OwnNode } from '../core/own-files.ts'
import type { Emptied, QueryResult } from '../warehouse/warehouse.ts'
import type { Price } from './cost/price.ts'
import type { AgreedFix } from './overlay.ts'
import type { PaneId, StageRun } from './state.ts'

interface RunOptions {
  /** Ends the run early. */
  readonly signal?: AbortSignal
  /** Takes the lines again that earlier runs refused, instead of the logs. */
  readonly retry?: boolean
}

/** Everything a front end can ask for. Promises end when the thing has ended; what went wrong is both in the store and thrown as AppError. */
export interface Commands {
  /** The demo here, now: a new epoch over fresh logs. Asks first when the state folder holds something, unless it is told what may be replaced. */
  start(options?: { readonly replace?: 'a demo' | 'anything' }): Promise<void>
  /** Opens what was here before, its finished runs restored. */
  resume(options?: { readonly live?: boolean }): Promise<void>
  /** Takes the choice that is selected on the first screen. */
  choose(): Promise<void>

  /** Opens the field in which logs of one's own are named. */
  openOwnLogs(): void
  /** Completes the path in that field, and shows what may follow. */
  completeOwnLogs(): Promise<void>
  /** Begins the walk over the logs that were found, with empty tables. Asks first when the state folder holds rows, unless it is told that these may be replaced. */
  startOwnLogs(options?: { readonly inputs?: readonly OwnNode[]; readonly replace?: 'anything' }): Promise<void>
  /** Counts the rows that the state folder holds, for the first screen. */
  countRows(): Promise<void>

  openWizard(): void
  /** Leaves the wizard for the choices; answers stay. */
  closeWizard(): void
  draft(text: string): void
  /** Takes the draft as the answer; after the last question the config is saved and the checks run. Of logs of one's own it looks at the files. */
  answer(): Promise<void>
  /** One question back; answers stay. */
  answerBack(): void
  /** Runs the checks, and opens the demo when all are ok. */
  check(): Promise<void>

  /** Looks at the end of a node's log by a small job; on simulated nodes it is seen anyhow. */
  peek(nodeId: string): Promise<void>
  /** Asks whether what a check found missing shall be put right. */
  mend(): Promise<void>
  /** Makes the changes that were agreed to; when others are needed by now it asks again. */
  mendNow(agreed: AgreedFix): Promise<void>
  /** Asks whether the nodes that are not ready shall be prepared. */
  prepare(): Promise<void>
  /** Gives nodes what they miss, without asking; from Setup it checks again afterwards. */
  prepareNow(): Promise<void>

  /** Asks whether the log generator shall be started on the nodes of a cluster. */
  startLogs(): Promise<void>
  /** Starts it, without asking; from Setup it checks again afterwards. */
  startLogsNow(): Promise<void>

  /** Runs a stage once over all connected nodes; resolves when it has ended, on every node or not. */
  runStage(stageId: string, options?: RunOptions): Promise<StageRun>
  /** Keeps the stage's job as a file and resolves with the lines that send it by hand; sends nothing. */
  previewStage(stageId: string): Promise<ShownJob>
  stopStage(stageId: string): Promise<void>
  /** Submits a stage again and again, that many milliseconds from start to start, until stopped; resolves then. */
  keepRunning(
    stageId: string,
    options?: RunOptions & { readonly everyMs?: number; readonly onRun?: (run: StageRun) => void },
  ): Promise<void>
  stopKeeping(stageId: string): void
  /** Reads nodes and tables again now. */
  refresh(): Promise<void>
  /** Runs the selected canned query; one that costs only at the second time, after its price was shown. */
  askQuery(): Promise<void>
  /** What a canned query would cost, by a dry run, which is free; undefined where nothing is billed. */
  priceQuery(queryId: string): Promise<Price | undefined>
  /** Asks whether queries of this session may bill more than its budget. */
  raiseBudget(): void
  /** Allows it, without asking. */
  raiseBudgetNow(): void
  /** Runs the selected canned query, or the one with that id, within its price and the session's budget. */
  runQuery(queryId?: string): Promise<QueryResult>
  /** A person's own SQL in the warehouse's dialect. */
  runSql(sql: string, options?: RunOptions & { readonly limit?: number }): Promise<QueryResult>
  cancelQuery(): void
  /** Stops the jobs, empties the tables and starts a new epoch; resolves with it, and with what there is to say of it. */
  reset(): Promise<Emptied>
  /** Saves what the screen shows (Summary as Markdown; a result as CSV, JSON and Markdown); resolves with the files. */
  exportScreen(): Promise<readonly string[]>

  /** Does the script's next beat; during a wait it names what it waits for, a second time it goes on. */
  next(): Promise<void>
  back(): void
  show(stepId: string): void

  pause(): void
  focusNext(by: 1 | -1): void
  focus(pane: PaneId): void
  /** Moves the selection by that many rows; `first` and `last` go to the ends. */
  move(by: number | 'first' | 'last'): void
  select(pane: PaneId, id: string): void
  sort(): void
  toggleView(): void
  /** Into what is selected. */
  enter(): Promise<void>
  /** Out of what is open: overlay, node, wizard. */
  leave(): void
  /** The exact line or SQL behind the screen; the job of a stage that was not sent yet is kept as a file for it. */
  showCommand(): Promise<void>
  showHelp(): void
  say(text: string, tone?: 'info' | 'warn' | 'bad'): void
  /** Answers the question that is open. */
  confirm(): Promise<void>

  /** Ctrl-C: leaves at once, or asks for a second one while a job runs. */
  interrupt(): void
  /** Asks first while a job runs. */
  quit(): void
}
