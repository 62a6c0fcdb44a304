import { sanitize } from '../../src/core/sanitize.ts'
import {
  selectEmergencyKinds,
  selectFailingEndpoints,
  selectLogs,
  selectSummaries,
} from '../../src/engine/selectors/summary.ts'
import type { State } from '../../src/engine/state.ts'
import type { Bar } from '../components/bars.ts'
import type { LogFigures, StageFigures } from './comparison.ts'

const labelOf = (state: State, id: string): string => {
  const step = state.steps.find((one) => one.id === id)
  const title = sanitize(step?.title ?? id)
  return step?.digit === undefined ? title : `${step.digit} ${title}`
}

/** Every stage for the comparison; one that has not run has no figures. */
export const stageFigures = (state: State): readonly StageFigures[] => {
  const ran = selectSummaries(state)
  return state.stages.map(({ id }) => {
    const label = labelOf(state, id)
    const found = ran.find(({ stageId }) => stageId === id)
    if (found === undefined) return { label }
    const { totals, run, rows } = found
    return {
      label,
      rows,
      sentBytes: totals.bytes_sent,
      readBytes: totals.bytes_read,
      fullAddresses: totals.full_addresses,
      ms: run.ms,
    }
  })
}

/** The logs as they lie; undefined while nobody has told of them. */
export const logFigures = (state: State): LogFigures | undefined => {
  const logs = selectLogs(state)
  return logs.bytes === 0 && logs.lines === 0 ? undefined : logs
}

/** Emergencies among the newest rows, a kind a bar. */
export const emergencyKinds = (state: State): readonly Bar[] =>
  selectEmergencyKinds(state).map(([label, value]) => ({
    label: sanitize(label),
    value,
    role: label === 'security alert' ? 'warn' : 'bad',
  }))

/** 5xx lines among the newest emergencies, an endpoint and window a bar. */
export const failingEndpoints = (state: State): readonly Bar[] =>
  selectFailingEndpoints(state).map(({ window, endpoint, lines }) => ({
    label: sanitize(endpoint),
    detail: sanitize(window.slice(11, 16)),
    value: lines,
    role: 'bad',
  }))
