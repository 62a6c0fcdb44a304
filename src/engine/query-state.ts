import type { CannedQuery } from '../core/stage.ts'
import type { QueryResult } from '../warehouse/warehouse.ts'
import type { Price } from './cost/price.ts'
import type { EdgeFailure } from './edge/read-answer.ts'
import type { Problem } from './problem.ts'

export interface QueryItem extends CannedQuery {
  /** The stage that brings it along; absent for a question to the nodes. */
  readonly stageId?: string
  /** Of a question to the nodes: SQL over all answers. */
  readonly merge?: string
}

/** How far the nodes are with a question. */
export interface NodesAsked {
  readonly asked: number
  readonly answered: number
  readonly failed: readonly EdgeFailure[]
  /** Nodes that gave only their first rows. */
  readonly cut: number
  /** Bytes of logs that were read where they lie. */
  readonly bytesRead: number
}

interface Sort {
  readonly column: number
  readonly descending: boolean
}

export interface QueryAnswer {
  readonly queryId: string
  readonly sql: string
  readonly result: QueryResult
  readonly at: number
  readonly nodes?: NodesAsked
}

export interface QueryState {
  readonly items: readonly QueryItem[]
  readonly running?: {
    readonly requestId: string
    readonly queryId: string
    readonly startedAt: number
    /** Only its price is asked for. */
    readonly pricing?: true
    readonly nodes?: NodesAsked
  }
  readonly answer?: QueryAnswer
  readonly problem?: { readonly queryId: string; readonly problem: Problem }
  /** What a query costs, by its id; absent where nothing is billed. */
  readonly prices: Readonly<Record<string, Price>>
  /** The query whose price a person was shown and asked about: asking for it again runs it. */
  readonly offer?: { readonly queryId: string; readonly price: Price }
  readonly view: 'table' | 'chart'
  readonly sort?: Sort
}
