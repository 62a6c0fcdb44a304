import { AppError } from '../../src/core/errors.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { OutputSettings } from '../chunk-processor.ts'
import { defaultThresholds, type Thresholds } from '../rules/thresholds.ts'

type Kept = Readonly<Record<string, number>>

/** The settings that change what this stage writes; others may change freely. */
export const relevantSettings = (stage: Stage, settings: OutputSettings): Kept => {
  const reads = new Set(stage.outputs.map((output) => output.relation))
  const windows = reads.has('counts') || reads.has('alerts')
  return {
    ...(windows ? { windowSeconds: settings.windowSeconds } : {}),
    ...(windows || reads.has('masked') ? { maskIpv4: settings.maskIpv4, maskIpv6: settings.maskIpv6 } : {}),
    ...(reads.has('alerts') ? changedThresholds(settings) : {}),
  }
}

/** Without the defaults, which checkpoints from before they were settings have too. */
const changedThresholds = (settings: Thresholds): Kept =>
  Object.fromEntries(
    (['failedLogins', 'failureRequests', 'failureShare'] as const)
      .filter((name) => settings[name] !== defaultThresholds[name])
      .map((name) => [name, settings[name]]),
  )

/** Refuses a run whose rows would not fit those that are there; throws an AppError of kind `refused`. */
export const compareSettings = (stage: Stage, kept: Kept, now: Kept): void => {
  const changed = Object.keys({ ...kept, ...now }).filter((name) => kept[name] !== now[name])
  if (changed.length === 0) return
  throw new AppError({
    what: `Stage ${stage.id} was begun with ${list(changed, kept)} and is now asked for with ${list(changed, now)}.`,
    why: 'Rows of both in one table could not be told apart.',
    next: ['Empty the tables and start over: bbq reset', 'Or set the old value again.'],
    kind: 'refused',
  })
}

const list = (names: readonly string[], values: Kept): string => {
  const all: Kept = { ...defaultThresholds, ...values }
  return names.map((name) => `${name} ${all[name] ?? 'unset'}`).join(', ')
}
