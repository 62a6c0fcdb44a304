import { readPatterns } from '../cluster/sandbox/own-files.ts'
import { jsonText } from '../core/json.ts'
import type { StageRun } from '../engine/state.ts'
import { sandboxFolder } from './dead-files.ts'
import { type EngineWish, withEngine } from './open-engine.ts'
import { findRefusals } from './refusals-text.ts'
import type { KeptLines } from './rejects-find.ts'
import { runJson } from './run-json.ts'
import { printRun } from './run-print.ts'
import { isFinished } from './run-text.ts'
import type { Call } from './verb.ts'

/** The nodes of one cluster: files of somebody's own are a cluster by themselves. */
const wishes = async (
  stateDir: string,
  kept: readonly KeptLines[],
): Promise<readonly (readonly [Partial<EngineWish>, readonly KeptLines[]])[]> => {
  const own = kept.filter((one) => one.own)
  const others = kept.filter((one) => !one.own)
  const inputs = await Promise.all(
    [...new Set(own.map(({ node }) => node))].map(async (name) => ({
      name,
      files: await readPatterns(sandboxFolder(stateDir, { node: name, own: true })),
      streams: [],
    })),
  )
  return [
    ...(own.length === 0 ? [] : [[{ inputs }, own] as const]),
    ...(others.length === 0 ? [] : [[{ nodes: [...new Set(others.map(({ node }) => node))] }, others] as const]),
  ]
}

/** Takes refused lines again, stage by stage; those that are refused once more stay. */
export const retryKept = async (call: Call, kept: readonly KeptLines[]): Promise<number> => {
  const { signal } = call.context
  const runs: StageRun[] = []
  const json: unknown[] = []
  for (const [wish, lines] of await wishes(call.stateDir, kept))
    await withEngine(
      call,
      { command: 'bbq rejects --retry', live: false, ...wish },
      async ({ commands, store }, config) => {
        await commands.resume({ live: false })
        for (const stage of new Set(lines.map((one) => one.stage))) {
          signal.throwIfAborted()
          const run = await commands.runStage(stage, { signal, retry: true })
          runs.push(run)
          if (call.json) json.push(runJson(run, findRefusals(config, call.stateDir, run)))
          else printRun(call, config, run, store.getState().nodes.rows)
        }
      },
    )
  if (call.json) call.print(jsonText({ retries: json }, 2))
  return runs.every(isFinished) ? 0 : 1
}
