// Keeps all stages running over nodes of a real sandbox and prints the heap after a full collection, every so many runs.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCluster } from '../../../src/cluster/open.ts'
import type { StageRun } from '../../../src/engine/state.ts'
import { programs } from '../../../src/programs.ts'
import { openWarehouse } from '../../../src/warehouse/open.ts'
import { world } from '../../fakes/world.ts'

const [stateDir = '', total = '500', step = '100'] = process.argv.slice(2)
const wanted = Number(total)
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** A processor that answers at once: what is measured is the process that asks. */
const answering = join(stateDir, 'answer.sh')
const report = {
  stage: 'raw',
  epoch: 'e000',
  ...{ lines_read: 3, lines_parsed: 3, lines_rejected: 0, lines_blank: 0, masked: 0, full_addresses: 0 },
  ...{ rows: { raw_logs: 3 }, bytes_read: 900, bytes_sent: 90, chunks: 1, ms: 1 },
}
const rest = JSON.stringify(report).slice(1)
await mkdir(stateDir, { recursive: true })
await writeFile(answering, `#!/bin/sh\necho "{\\"node\\":\\"\${PWD##*/}\\",${rest.replaceAll('"', '\\"')}"\n`)
await chmod(answering, 0o755)
const log = join(stateDir, 'access.log')
await writeFile(log, '203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-"\n'.repeat(100))
const inputs = names.map((name) => ({ name, files: [log] }))

const own = { env: process.env, fresh: false, live: false, lines: 1, seed: 1, now: Date.now, stateDir, programs }
const { engine } = world({
  clock: Date.now,
  // pauses and looks come twenty times as often, deadlines when they are due
  timers: {
    every: (ms, callback) => {
      const timer = setInterval(callback, ms / 20)
      return () => clearInterval(timer)
    },
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms > 1_000 ? ms : ms / 20)
      return () => clearTimeout(timer)
    },
  },
  inputs,
  openCluster: () => openCluster({ ...own, kind: 'sandbox', nodePath: answering, inputs, parallel: 8 }),
  openWarehouse: async () =>
    openWarehouse({
      ...{ kind: 'duckdb', path: join(stateDir, 'warehouse'), dataset: 'logs', programs },
      ...{ nodePath: process.execPath, now: Date.now, newEpoch: () => 'e000' },
    }),
})

const heap = async (): Promise<number> => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed
}

await engine.commands.resume({ live: true })
engine.commands.show('raw')
const stop = new AbortController()
let runs = 0
let failed = 0

/** Holds all stages for a moment, so that nothing is under way while the heap is measured. */
const measure = async (): Promise<void> => {
  engine.commands.pause()
  await engine.idle()
  process.stdout.write(`${JSON.stringify({ runs, failed, heap: await heap() })}\n`)
  if (runs >= wanted) stop.abort()
  engine.commands.pause()
}
const onRun = ({ totals, problem }: StageRun): void => {
  runs += 1
  if (problem !== undefined || totals.lines_read !== 3 * names.length) failed += 1
  if (runs % Number(step) === 0) void measure()
}
await Promise.all(
  ['raw', 'structured', 'private', 'aggregated'].map((stage) =>
    engine.commands.keepRunning(stage, { everyMs: 1_000, signal: stop.signal, onRun }),
  ),
)
await engine.close()
