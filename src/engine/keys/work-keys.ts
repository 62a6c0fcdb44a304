import { leastBilled } from '../cost/price.ts'
import { leftOf } from '../cost/spend.ts'
import type { Binding } from '../keymap.ts'
import { isMendFirst, selectMendable } from '../selectors/checks.ts'
import { selectLacksLogs, selectUnprepared } from '../selectors/nodes.ts'
import { selectPanes, selectSelected } from '../selectors/panes.ts'
import { isUnderWay } from '../selectors/runs.ts'
import type { State } from '../state.ts'
import { attempt } from './attempt.ts'
import { answerFirst, hasProblem, isConfirming, isFree, isOpen, kind, pausedFirst, runOf, startFirst } from './when.ts'

const whyNoRun = (state: State): string => {
  if (state.paused) return pausedFirst
  if (kind(state) === 'setup') return isOpen(state) ? 'All checks are ok.' : 'There is nothing to check again yet.'
  return kind(state) === 'stage' ? 'The stage runs. Space waits with you.' : startFirst
}

/** Whether the selected query is known to need more than the budget has left. */
const isBeyondBudget = (state: State): boolean => {
  const price = state.query.prices[selectSelected(state, 'questions') ?? '']
  return price !== undefined && Math.max(price.billedBytes, leastBilled) > leftOf(state.spend)
}

/** Keys that run, show, save, pause and leave. */
export const workKeys: readonly Binding[] = [
  {
    id: 'again',
    keys: ['r'],
    label: (state) => {
      if (kind(state) === 'stage') return runOf(state)?.phase === 'idle' ? 'run' : 'run again'
      return kind(state) === 'setup' ? 'check again' : 'read again'
    },
    help: 'On a stage runs it (again): it takes only what is new. On Setup checks again, elsewhere reads nodes and tables again.',
    when: (state) => {
      if (!isFree(state) || state.paused) return false
      if (kind(state) === 'setup') return hasProblem(state)
      return isOpen(state) && (kind(state) !== 'stage' || !isUnderWay(runOf(state)))
    },
    why: whyNoRun,
    run: (commands, state) => {
      if (kind(state) === 'stage') return attempt(commands, commands.runStage(state.current))
      return attempt(commands, kind(state) === 'setup' ? commands.check() : commands.refresh())
    },
    weight: (state) => (kind(state) === 'stage' && runOf(state)?.phase === 'ended' ? 65 : 0),
  },
  {
    id: 'prepare',
    keys: ['P'],
    screens: ['setup', 'nodes'],
    label: () => 'prepare nodes',
    help: 'Gives the nodes of a cluster what they miss: program, library, name, key. Asks first.',
    when: (state) =>
      isFree(state) && !state.paused && selectUnprepared(state).length > 0 && (isOpen(state) || hasProblem(state)),
    why: (state) => {
      if (state.source?.cluster.kind === 'sandbox') return 'Simulated nodes need no preparation.'
      return state.paused ? pausedFirst : 'No node is known that could be prepared.'
    },
    run: (commands) => attempt(commands, commands.prepare()),
    weight: (state) => (selectUnprepared(state).length > 0 && isOpen(state) ? 95 : 0),
  },
  {
    id: 'mend',
    keys: ['F'],
    screens: ['setup'],
    label: () => 'put it right',
    help: 'Makes or grants what a check of BigQuery found missing: project, API, rights. Shows the change and asks first.',
    when: (state) =>
      isFree(state) && !state.paused && selectMendable(state) !== undefined && (isOpen(state) || hasProblem(state)),
    why: (state) => {
      if (state.paused) return pausedFirst
      return selectMendable(state) === undefined
        ? 'No check has anything that bbq could put right.'
        : 'The checks have not come to their end; then F puts it right.'
    },
    run: (commands) => attempt(commands, commands.mend()),
    weight: (state) => (selectMendable(state) !== undefined && !isMendFirst(state) ? 96 : 0),
  },
  {
    id: 'logs',
    keys: ['L'],
    screens: ['setup', 'nodes'],
    label: () => 'start logs',
    help: 'Starts the log generator on the nodes of a cluster. Asks first.',
    when: (state) =>
      isFree(state) &&
      !state.paused &&
      (isOpen(state) ? state.source?.cluster.kind === 'bacalhau' : hasProblem(state) && selectLacksLogs(state)),
    why: (state) => {
      if (state.source?.cluster.kind === 'sandbox') return 'The logs of simulated nodes grow by themselves.'
      return state.paused ? pausedFirst : 'The nodes of a cluster must be prepared first.'
    },
    run: (commands) => attempt(commands, commands.startLogs()),
    weight: (state) => (isOpen(state) && selectLacksLogs(state) ? 94 : 0),
  },
  {
    id: 'keep',
    keys: ['f'],
    screens: ['stage'],
    label: (state) => (runOf(state)?.keep === undefined ? 'keep running' : 'stop keeping'),
    help: 'Runs the stage again every 10 s until f is pressed again; a run takes only what is new.',
    when: (state) => isFree(state) && !state.paused && (runOf(state)?.keep !== undefined || !isUnderWay(runOf(state))),
    why: (state) => (state.paused ? pausedFirst : 'The stage runs. When it has ended, f keeps it running.'),
    run: (commands, state) => {
      if (runOf(state)?.keep === undefined) return attempt(commands, commands.keepRunning(state.current))
      return commands.stopKeeping(state.current)
    },
    weight: (state) => (runOf(state)?.phase === 'ended' || runOf(state)?.keep !== undefined ? 60 : 0),
  },
  {
    id: 'command',
    keys: ['x'],
    screens: ['stage', 'query'],
    label: (state) => (kind(state) === 'query' ? 'SQL' : 'command'),
    help: 'Shows the exact command or SQL.',
    when: (state) => isFree(state) && state.overlay === undefined && (kind(state) === 'query' || isOpen(state)),
    why: (state) => (state.overlay === undefined ? startFirst : 'Esc closes what is open first.'),
    run: (commands) => attempt(commands, commands.showCommand()),
    weight: () => 50,
  },
  {
    id: 'view',
    keys: ['v'],
    screens: ['stage', 'query'],
    label: (state) => {
      const chart = kind(state) === 'query' ? state.query.view === 'chart' : state.views[state.current]?.plain !== true
      return chart ? 'table' : 'chart'
    },
    help: 'Shows the result or the windows as a table or as a chart.',
    when: (state) =>
      isFree(state) &&
      (kind(state) === 'query' ? state.query.answer !== undefined : selectPanes(state).includes('log_aggregates')),
    why: (state) =>
      kind(state) === 'query' ? 'There is no result yet: Enter runs the selected query.' : 'This stage has no chart.',
    run: (commands) => commands.toggleView(),
    weight: () => 45,
  },
  {
    id: 'sort',
    keys: ['s'],
    screens: ['query'],
    label: () => 'sort',
    help: 'Sorts the result by the next column or the other way.',
    when: (state) => isFree(state) && state.query.answer !== undefined,
    why: () => 'There is no result yet: Enter runs the selected query.',
    run: (commands) => commands.sort(),
    weight: () => 40,
  },
  {
    id: 'budget',
    keys: ['B'],
    screens: ['query'],
    label: () => 'budget',
    help: 'Lets queries of this session bill 1 GB more than the budget of the config. Asks first.',
    when: (state) => isFree(state) && isOpen(state) && state.source?.warehouse.kind === 'bigquery',
    why: (state) =>
      state.source?.warehouse.kind === 'duckdb' ? 'DuckDB bills nothing, so there is no budget.' : startFirst,
    run: (commands) => commands.raiseBudget(),
    weight: (state) => (isBeyondBudget(state) ? 92 : 0),
  },
  {
    id: 'export',
    keys: ['e'],
    screens: ['query', 'summary'],
    label: () => 'save',
    help: 'Saves the Summary as Markdown, or a result as CSV, JSON and Markdown, from what is on the screen.',
    when: (state) => isFree(state) && (kind(state) === 'summary' || state.query.answer !== undefined),
    why: () => 'There is no result yet: Enter runs the selected query.',
    run: (commands) => attempt(commands, commands.exportScreen()),
    weight: () => 55,
  },
  {
    id: 'pause',
    keys: ['p'],
    label: ({ paused }) => (paused ? 'go on' : 'pause'),
    help: 'Freezes data and clock; jobs go on, and what came meanwhile is shown afterwards.',
    when: (state) => isFree(state) && isOpen(state),
    why: (state) => (isConfirming(state) ? answerFirst : 'There is nothing to pause yet.'),
    run: (commands) => commands.pause(),
    weight: ({ paused }) => (paused ? 120 : 35),
  },
  {
    id: 'help',
    keys: ['?'],
    label: () => 'help',
    help: 'Shows all keys.',
    when: isFree,
    why: () => answerFirst,
    run: (commands, state) => (state.overlay?.kind === 'help' ? commands.leave() : commands.showHelp()),
    weight: () => 2,
  },
  {
    id: 'quit',
    keys: ['q'],
    label: () => 'quit',
    help: 'Leaves; asks first while a job runs.',
    when: isFree,
    why: () => answerFirst,
    run: (commands) => commands.quit(),
    weight: () => 1,
  },
  {
    id: 'interrupt',
    keys: ['Ctrl-C'],
    label: () => 'quit',
    help: 'Leaves with exit code 130; twice while a job runs.',
    when: () => true,
    why: () => '',
    run: (commands) => commands.interrupt(),
    weight: () => 0,
  },
]
