import { AppError } from '../../core/errors.ts'
import { explainReason } from '../prepare/explain.ts'
import { type NodeReadiness, notConnected } from '../prepare/readiness.ts'

/** A clock further off than this puts rows into wrong windows of arrival. */
const clockToleranceMs = 30_000

const namedIds = 3

/** Nodes by their reason, so that many with one fault are one sentence. */
const namedWith = (nodes: readonly NodeReadiness[]): string =>
  [...Map.groupBy(nodes, ({ reason = '' }) => reason)]
    .map(([reason, all]) => {
      const ids = all.slice(0, namedIds).map(({ id }) => id)
      return `${ids.join(', ')}${all.length > namedIds ? ` and ${all.length - namedIds} more` : ''}: ${reason}`
    })
    .join('; ')

const offset = ({ id, clockOffsetMs = 0 }: NodeReadiness): string =>
  `the clock of ${id} is ${Math.round(Math.abs(clockOffsetMs) / 1000)} s ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`

/** What the check of preparation says; an AppError when no node could run a stage, or when nodes share a folder. */
export const describeReadiness = (all: readonly NodeReadiness[]): string => {
  const here = all.filter(({ reason }) => reason !== notConnected)
  const shared = here.filter(({ state }) => state === 'shared')
  const ready = here.filter(({ state }) => state === 'ready')
  const others = here.filter(({ state }) => state === 'unprepared' || state === 'unknown')
  if (shared.length > 0)
    throw new AppError({
      what: `${shared.map(({ id }) => id).join(' and ')} share a data folder.`,
      why: `${namedWith(shared.slice(0, 1))}.`,
      next: [explainReason(shared[0]?.reason ?? '') ?? 'Give every node a data folder of its own.'],
      kind: 'refused',
    })
  if (ready.length === 0 && others.length > 0) {
    const unprepared = others.some(({ state }) => state === 'unprepared')
    throw new AppError({
      what: unprepared ? `None of ${here.length} nodes is prepared.` : `None of ${here.length} nodes could run a job.`,
      why: `${namedWith(others)}.`,
      next: [
        ...(unprepared ? ['P prepares them, and asks first.', 'Without the screen: bbq nodes prepare'] : []),
        ...new Set(unprepared ? [] : others.flatMap(({ reason = '' }) => explainReason(reason) ?? [])),
      ],
      kind: 'refused',
    })
  }
  const late = here.filter(({ clockOffsetMs = 0 }) => Math.abs(clockOffsetMs) > clockToleranceMs)
  return [
    `${ready.length} of ${here.length}`,
    ...(others.length === 0
      ? []
      : [`${namedWith(others)}${others.some(({ state }) => state === 'unprepared') ? ' (P prepares)' : ''}`]),
    ...late.map(offset),
  ].join('; ')
}
