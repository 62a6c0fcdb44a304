import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'
import type { ClusterPlan } from './plan.ts'
import { until } from './wait.ts'

const answerSchema = z.object({
  Nodes: z.array(
    z.object({
      Info: z.object({ NodeID: z.string(), NodeType: z.string() }),
      ConnectionState: z.object({ Status: z.string() }),
    }),
  ),
})

/** Names of the compute nodes that are connected, as the orchestrator tells them; none while it does not answer. */
export const connectedNodes = async ({ port }: Pick<ClusterPlan, 'port'>): Promise<readonly string[]> => {
  try {
    const url = `http://127.0.0.1:${port}/api/v1/orchestrator/nodes?limit=1000`
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    const { Nodes } = answerSchema.parse(await response.json())
    return Nodes.filter(
      ({ Info, ConnectionState }) => Info.NodeType === 'Compute' && ConnectionState.Status === 'CONNECTED',
    ).map(({ Info }) => Info.NodeID)
  } catch {
    return []
  }
}

/** Returns once every node of the plan is connected; throws an AppError that names the missing ones. */
export const waitConnected = async (plan: ClusterPlan, ms = 60_000, signal?: AbortSignal): Promise<void> => {
  let missing: readonly string[] = []
  const all = async (): Promise<boolean> => {
    const connected = await connectedNodes(plan)
    missing = plan.nodes.map(({ name }) => name).filter((name) => !connected.includes(name))
    return missing.length === 0
  }
  const late = () =>
    new AppError({
      what: `Not connected after ${Math.round(ms / 1000)} s: ${missing.join(', ')}.`,
      next: missing.map((name) => `Read ${plan.dir}/logs/${name}.log`),
    })
  await until(ms, all, late, signal)
}
