import type { StepKind } from '../src/engine/state.ts'
import type { Screen } from './context.ts'
import { nodesScreen } from './nodes/screen.ts'
import { queryScreen } from './query/screen.ts'
import { setupScreen } from './setup/screen.ts'
import { stageScreen } from './stage/screen.ts'
import { summaryScreen } from './summary/screen.ts'

/** The screen of every kind of step. */
export const screens = {
  setup: setupScreen,
  nodes: nodesScreen,
  stage: stageScreen,
  query: queryScreen,
  summary: summaryScreen,
} as const satisfies Record<StepKind, Screen>
