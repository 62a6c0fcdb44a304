import type { Config } from '../config/config.ts'
import { foundText, noticeText } from '../core/detected-text.ts'
import { jsonText } from '../core/json.ts'
import type { ClusterNode } from '../core/node.ts'
import { sanitize } from '../core/sanitize.ts'
import type { StageRun } from '../engine/state.ts'

import { findRefusals, refusalLines, refusalWarning } from './refusals-text.ts'
import { runJson } from './run-json.ts'
import { nextSteps, nodesText, totalsText, waitingText } from './run-text.ts'
import type { Call } from './verb.ts'

/** Prints a run that has ended. */
export const printRun = (call: Call, config: Config, run: StageRun, rows: readonly ClusterNode[]): void => {
  const refusals = findRefusals(config, call.stateDir, run)
  if (call.json) {
    call.print(jsonText(runJson(run, refusals), 2))
    return
  }
  call.print(nodesText(run))
  for (const line of [
    ...totalsText(run),
    ...foundText(run.totals),
    ...noticeText(run.totals),
    ...waitingText(run, rows),
  ])
    call.print(line)
  for (const line of refusalLines(refusals, run.nodes.length)) call.print(line)
  const warning = refusalWarning(run)
  if (warning !== undefined) call.say(warning)
  for (const step of nextSteps(run)) call.say(`next  ${sanitize(step)}`)
}
