import { connectedNodes } from './connected.ts'
import type { ClusterPlan } from './plan.ts'
import { orchestrator } from './serve.ts'
import { daemonOf } from './state.ts'

export interface Status {
  readonly name: string
  readonly state: 'connected' | 'not connected' | 'down'
  readonly pid?: number
  readonly dockerPid?: number
}

/** The orchestrator and every node, as they are now. */
export const statusOf = async (plan: ClusterPlan): Promise<readonly Status[]> => {
  const connected = [...(await connectedNodes(plan)), orchestrator]
  return [orchestrator, ...plan.nodes.map(({ name }) => name)].map((name) => {
    const pid = daemonOf(plan, name)?.pid
    const dockerPid = daemonOf(plan, `docker-${name}`)?.pid
    return {
      name,
      state: pid === undefined ? 'down' : connected.includes(name) ? 'connected' : 'not connected',
      ...(pid === undefined ? {} : { pid }),
      ...(dockerPid === undefined ? {} : { dockerPid }),
    }
  })
}
