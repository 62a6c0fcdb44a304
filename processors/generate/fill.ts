import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { CompletePlan } from '../../src/core/generator.ts'
import { seededRandom } from './random.ts'
import { simulate } from './simulate.ts'
import { trafficClock } from './traffic.ts'

const batchLines = 2_000

/** Writes `plan.lines` lines to every log, the last one at `plan.until`; a log stands only when all its lines do. `onBatch` is called now and then. */
export const fill = (plan: CompletePlan, onBatch?: () => void): void => {
  for (const [node, { id, file }] of plan.nodes.entries()) {
    const aside = join(dirname(file), `.${basename(file)}.filling`)
    mkdirSync(dirname(file), { recursive: true })
    const out = openSync(aside, 'w')
    try {
      for (const batch of filledLines(plan, node, id)) {
        writeSync(out, batch, null, 'latin1')
        onBatch?.()
      }
    } finally {
      closeSync(out)
    }
    renameSync(aside, file)
  }
}

/** The lines of one node in batches, latin1: the same plan gives the same bytes. */
export function* filledLines(plan: CompletePlan, node: number, id: string): Generator<string> {
  const { knobs, seed, lines } = plan
  const place = plan.nodes[node]?.place ?? { node, nodes: plan.nodes.length }
  const { line } = simulate({ knobs, seed, purpose: 'fill', id, ...place })
  const until = Math.floor(plan.until * 1000)
  const clock = trafficClock(knobs, until - knobs.pre_warm_minutes * 60e6, until)
  const jitter = seededRandom(`${seed}/${id}/times`)
  let batch = ''
  for (let index = 0; index < lines; index++) {
    const share = index === lines - 1 ? 1 : (index + jitter()) / lines
    batch += line(clock(share))
    if (index % batchLines === batchLines - 1) {
      yield batch
      batch = ''
    }
  }
  if (batch !== '') yield batch
}
