import { noTotals } from '../core/report.ts'
import type { Stage } from '../core/stage.ts'
import { type TableName, tables } from '../core/tables.ts'
import { noSpend } from './cost/spend.ts'
import { edgeQueries } from './edge/questions.ts'
import { noOwnLogs } from './own-logs-state.ts'
import type { Before, Choice, QuestionView, StageRun, State, Step, TableView, View } from './state.ts'

export interface InitialOptions {
  readonly stages: readonly Stage[]
  readonly questions: readonly QuestionView[]
  readonly answers: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Simulated nodes that the demo here offers. */
  readonly nodeCount: number
  readonly before?: Before
}

/** A stage that never ran. */
export const idleRun = (stageId: string): StageRun => ({
  stageId,
  phase: 'idle',
  nodes: [],
  totals: noTotals,
  before: noTotals,
  runs: 0,
  ms: 0,
})

const noView: View = { selected: {}, sort: 0, plain: false }

/** The steps of the walk; 0 jumps to Setup, 9 to Nodes, the others as printed. */
export const stepsFor = (stages: readonly Stage[]): readonly Step[] => {
  const chapters = [
    ...stages.map(({ id, title }) => ({ id, kind: 'stage' as const, title })),
    { id: 'query', kind: 'query' as const, title: 'Query' },
    { id: 'summary', kind: 'summary' as const, title: 'Summary' },
  ]
  return [
    { id: 'setup', kind: 'setup', title: 'Setup', key: '0' },
    { id: 'nodes', kind: 'nodes', title: 'Nodes', key: '9' },
    ...chapters.map((chapter, i) => ({ ...chapter, key: `${i + 1}`, digit: `${i + 1}` })),
  ]
}

const choicesFor = (before: Before | undefined, nodeCount: number): readonly Choice[] => [
  {
    id: 'demo',
    title: 'Give the demo here, now',
    lines: [
      `${nodeCount} simulated nodes and a DuckDB warehouse on this machine.`,
      'No account, nothing to set up. Ready in 3 seconds.',
    ],
  },
  {
    id: 'own',
    title: 'Your own logs',
    lines: [
      'Access logs on this machine: a file, a folder or a pattern.',
      'First you see what was found. Nothing leaves this machine.',
    ],
  },
  {
    id: 'connect',
    title: 'Connect a cluster and BigQuery',
    lines: [
      'A few questions, each with a default, then a check of everything.',
      'Without a project, rows go to DuckDB in a folder that the nodes share.',
    ],
  },
  ...(before?.canResume
    ? [{ id: 'resume' as const, title: 'Open what was here before', lines: [before.stateDir] }]
    : []),
]

/** An empty table. */
export const emptyTables = (): Readonly<Record<TableName, TableView>> => {
  const view = (name: TableName, title: string): TableView => ({
    name,
    title,
    rows: 0,
    bytes: 0,
    strays: 0,
    rate: [],
    tail: [],
  })
  const [raw, results, aggregates, emergencies] = tables
  return {
    raw_logs: view(raw.name, raw.title),
    log_results: view(results.name, results.title),
    log_aggregates: view(aggregates.name, aggregates.title),
    emergency_logs: view(emergencies.name, emergencies.title),
  }
}

/** Where a first Enter goes: to rows of somebody's own rather than over them. */
const setupView = (before: Before | undefined): View =>
  before?.holding.kind === 'own' && before.canResume && !before.connected
    ? { ...noView, selected: { choices: { id: 'resume', index: 0 } } }
    : noView

/** What the store holds before anything happened. */
export const initialState = (options: InitialOptions): State => {
  const { stages, questions, answers, now, nodeCount, before } = options
  const steps = stepsFor(stages)
  return {
    stages,
    steps,
    current: 'setup',
    reached: 0,
    clock: { now, startedAt: now },
    paused: false,
    setup: {
      mode: 'choosing',
      choices: choicesFor(before, nodeCount),
      ...(before === undefined ? {} : { before }),
      questions,
      answers,
      at: 0,
      draft: '',
      own: noOwnLogs,
      checks: [],
    },
    nodes: { rows: [], growth: {}, readiness: {}, peeks: {} },
    runs: Object.fromEntries(stages.map(({ id }) => [id, idleRun(id)])),
    tables: { byName: emptyTables(), partials: [] },
    query: {
      items: [
        ...stages.flatMap(({ id, queries }) => queries.map((query) => ({ ...query, stageId: id }))),
        ...edgeQueries,
      ],
      prices: {},
      view: 'table',
    },
    spend: noSpend,
    views: { ...Object.fromEntries(steps.map(({ id }) => [id, noView])), setup: setupView(before) },
  }
}
