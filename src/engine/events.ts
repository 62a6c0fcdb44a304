import type { SubmittedJob } from '../cluster/cluster.ts'
import type { JobSnapshot } from '../core/job.ts'
import type { LogInspection } from '../core/log-inspection.ts'
import type { ClusterNode } from '../core/node.ts'
import type { TableName } from '../core/tables.ts'
import type { QueryResult, Row, TableStatus } from '../warehouse/warehouse.ts'
import type { Price } from './cost/price.ts'
import type { Spend } from './cost/spend.ts'
import type { CountedRows } from './holding-text.ts'
import type { Overlay } from './overlay.ts'
import type { NodeReadiness } from './prepare/readiness.ts'
import type { Failure, Problem } from './problem.ts'
import type { NodesAsked } from './query-state.ts'
import type { Check, ChoiceId, Message, PaneId, RunNode, Source, StageRun } from './state.ts'

/** Facts that a key made; they hold also while the screen is paused. Times are milliseconds since the epoch. */
export type KeyEvent =
  | { readonly type: 'step/shown'; readonly step: string }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed'; readonly now: number }
  | { readonly type: 'pane/focused'; readonly pane: PaneId }
  | { readonly type: 'row/selected'; readonly pane: PaneId; readonly id: string; readonly index: number }
  | { readonly type: 'sort/changed' }
  | { readonly type: 'view/toggled' }
  | { readonly type: 'node/opened'; readonly id: string }
  | { readonly type: 'node/closed' }
  | { readonly type: 'overlay/opened'; readonly overlay: Overlay }
  | { readonly type: 'overlay/scrolled'; readonly by: number }
  | { readonly type: 'overlay/closed' }
  | { readonly type: 'message/shown'; readonly message: Message }
  | { readonly type: 'wait/named'; readonly beat: string }
  | { readonly type: 'offer/dropped' }
  | { readonly type: 'wizard/opened' }
  | { readonly type: 'wizard/closed' }
  | { readonly type: 'draft/changed'; readonly text: string }
  | { readonly type: 'answer/given'; readonly key: string; readonly text: string }
  | { readonly type: 'answer/refused'; readonly why: string }
  | { readonly type: 'answer/reopened' }
  | { readonly type: 'own/opened' }
  | { readonly type: 'own/closed' }
  /** Back from what was found to the field. */
  | { readonly type: 'own/renamed' }
  | { readonly type: 'own/completed'; readonly text: string; readonly candidates: readonly string[] }
  | { readonly type: 'own/looked for'; readonly now: number }
  | { readonly type: 'own/found'; readonly found: LogInspection }
  | { readonly type: 'own/failed'; readonly problem: Problem }
  | { readonly type: 'rows/counted'; readonly counted: CountedRows }
  | { readonly type: 'interrupt/asked'; readonly now: number }
  | { readonly type: 'leave/requested'; readonly how: 'quit' | 'interrupt' }

/** Facts that the world made; while the screen is paused they wait in the inbox. */
export type DataEvent =
  | { readonly type: 'clock/ticked'; readonly now: number }
  | {
      readonly type: 'opening/requested'
      readonly chosen: ChoiceId
      readonly now: number
      readonly checks: readonly Check[]
    }
  | { readonly type: 'check/changed'; readonly check: Check }
  /** More checks, in front of the one of that id. */
  | { readonly type: 'checks/listed'; readonly before: string; readonly checks: readonly Check[] }
  | { readonly type: 'config/saved'; readonly file: string }
  | {
      readonly type: 'opening/succeeded'
      readonly source: Source
      readonly now: number
      readonly runs: readonly StageRun[]
    }
  | { readonly type: 'opening/failed'; readonly problem: Problem }
  | {
      readonly type: 'nodes/received'
      readonly rows: readonly ClusterNode[]
      readonly now: number
      readonly missed: boolean
    }
  | { readonly type: 'nodes/failed'; readonly failure: Failure }
  | { readonly type: 'readiness/received'; readonly readiness: readonly NodeReadiness[] }
  | { readonly type: 'peek/requested'; readonly id: string; readonly now: number }
  | { readonly type: 'peek/received'; readonly id: string; readonly lines: readonly string[]; readonly now: number }
  | { readonly type: 'peek/failed'; readonly id: string; readonly problem: Problem }
  | { readonly type: 'preparing/requested'; readonly now: number }
  | {
      readonly type: 'launch/requested'
      readonly stageId: string
      readonly requestId: string
      readonly nodes: readonly RunNode[]
      readonly now: number
    }
  | {
      readonly type: 'launch/accepted'
      readonly stageId: string
      readonly requestId: string
      readonly job: SubmittedJob
    }
  | {
      readonly type: 'launch/progressed'
      readonly stageId: string
      readonly requestId: string
      readonly snapshot: JobSnapshot
    }
  | { readonly type: 'launch/finished'; readonly stageId: string; readonly requestId: string; readonly now: number }
  | {
      readonly type: 'launch/failed'
      readonly stageId: string
      readonly requestId: string
      readonly problem: Problem
      readonly now: number
    }
  | { readonly type: 'keep/started'; readonly stageId: string; readonly everyMs: number }
  | { readonly type: 'keep/scheduled'; readonly stageId: string; readonly nextAt: number }
  | { readonly type: 'keep/stopped'; readonly stageId: string }
  | {
      readonly type: 'tables/received'
      readonly status: readonly TableStatus[]
      readonly now: number
      readonly missed: boolean
    }
  | { readonly type: 'tables/failed'; readonly failure: Failure }
  | { readonly type: 'tail/received'; readonly table: TableName; readonly rows: readonly Row[] }
  | { readonly type: 'tail/failed'; readonly failure: Failure }
  | {
      readonly type: 'query/requested'
      readonly requestId: string
      readonly queryId: string
      readonly now: number
      /** Only its price is asked for. */
      readonly pricing?: true
    }
  | { readonly type: 'query/progressed'; readonly requestId: string; readonly nodes: NodesAsked }
  | { readonly type: 'query/priced'; readonly queryId: string; readonly price: Price }
  | { readonly type: 'query/offered'; readonly requestId: string; readonly queryId: string; readonly price: Price }
  | { readonly type: 'spend/changed'; readonly spend: Spend }
  | {
      readonly type: 'query/succeeded'
      readonly requestId: string
      readonly queryId: string
      readonly sql: string
      readonly result: QueryResult
      readonly now: number
      /** Of a question to the nodes. */
      readonly nodes?: NodesAsked
    }
  | { readonly type: 'query/failed'; readonly requestId: string; readonly queryId: string; readonly problem: Problem }
  | { readonly type: 'query/cancelled'; readonly requestId: string }

export type Event = KeyEvent | DataEvent
