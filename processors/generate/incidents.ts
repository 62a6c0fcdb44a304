import { seededRandom } from './random.ts'

/** What befalls a node: from one time to another, in microseconds since the epoch. */
export interface Incident {
  readonly from: number
  readonly to: number
}

/** Incidents of one kind on one node, found by time alone: any process that knows the seed finds the same ones. */
export interface Schedule {
  /** The incident of the period in which `at` lies; it may be over or yet to come. */
  readonly around: (at: number) => Incident | undefined
}

interface ScheduleOptions {
  readonly seed: string
  readonly node: number
  readonly nodes: number
  /** Share of the nodes that have any. */
  readonly share: number
  readonly periodMinutes: number
  /** Ends and begins of outages keep to these windows, so that each window is down for its larger part. */
  readonly windowMinutes: number
}

const minute = 60e6

/** True for the given share of the nodes, spread evenly; node 0 belongs to any share above 0. */
export const isChosen = (node: number, share: number): boolean =>
  share > 0 && Math.floor(node * share) !== Math.floor((node - 1) * share)

/** Nodes take turns: their periods begin at different times. */
export const schedule = (options: ScheduleOptions): Schedule => {
  if (!isChosen(options.node, options.share)) return { around: () => undefined }
  const period = options.periodMinutes * minute
  const phase = (options.node / options.nodes) * period
  let known = Number.NaN
  let incident: Incident | undefined
  return {
    around: (at) => {
      const index = Math.floor((at - phase) / period)
      if (index !== known) {
        known = index
        incident = incidentOf(options, phase + index * period)
      }
      return incident
    },
  }
}

const incidentOf = ({ seed, node, periodMinutes, windowMinutes }: ScheduleOptions, begin: number): Incident => {
  const random = seededRandom(`${seed}/${node}/${Math.round(begin / minute)}`)
  const window = windowMinutes * minute
  const chosen = begin + random() * (periodMinutes / 3) * minute
  const windows = periodMinutes >= 60 && random() < 0.4 ? 2 : 1
  const from = Math.ceil(chosen / window) * window + random() * 0.12 * window
  return { from, to: Math.ceil(from / window) * window + (windows - 1) * window - random() * 0.12 * window }
}
