import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { closeNode } from './node.ts'
import type { ClusterPlan } from './plan.ts'
import { orchestrator, stopServe } from './serve.ts'

export interface DownOptions {
  /** Removes the state too, with the nodes' disks; the cache stays. */
  readonly purge: boolean
}

/** Stops all that `up` started, also after some of it was killed. */
export const down = async (plan: ClusterPlan, { purge }: DownOptions): Promise<void> => {
  await Promise.all(plan.nodes.map((node) => closeNode(plan, node)))
  await stopServe({ plan }, orchestrator)
  removeEmpty(plan.run)
  if (purge) rmSync(plan.dir, { recursive: true, force: true })
}

/** The folder of sockets is named by the port, and another program may have left something there. */
const removeEmpty = (folder: string): void => {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
}
