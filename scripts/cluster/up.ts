import { chmodSync } from 'node:fs'
import type { AppError } from '../../src/core/errors.ts'
import { bacalhau, binaryObstacle } from './binary.ts'
import { waitConnected } from './connected.ts'
import { prepareImages } from './images.ts'
import { obstacle } from './machine.ts'
import { openNode } from './node.ts'
import { installPackages } from './packages.ts'
import type { ClusterPlan } from './plan.ts'
import { checkPorts, startCompute, startOrchestrator, stopServe } from './serve.ts'
import { type ClusterState, daemonOf, openState, writeState } from './state.ts'
import { type Steps, together } from './step.ts'

export interface UpOptions {
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

/** Why `up` would fail on this machine before it starts anything, or undefined. */
export const whyNot = async (plan: ClusterPlan): Promise<AppError | undefined> =>
  (await obstacle()) ?? (await binaryObstacle(plan))

/** Starts what does not run yet; returns once every node is connected. When a step fails, what it started is stopped again. */
export const up = async (plan: ClusterPlan, { say, signal }: UpOptions): Promise<ClusterState> => {
  const no = await whyNot(plan)
  if (no !== undefined) throw no
  const undo: (() => Promise<void>)[] = []
  const steps: Steps = { say, signal, onFailure: (one) => undo.push(one) }
  try {
    return await start(plan, steps)
  } catch (thrown) {
    if (undo.length > 0) say('that failed: stopping what was started')
    for (const one of undo.reverse()) await one()
    throw thrown
  }
}

const start = async (plan: ClusterPlan, steps: Steps): Promise<ClusterState> => {
  openState(plan)
  // whoever runs bbq may be somebody else than root
  chmodSync(plan.shared, 0o777)
  await checkPorts({ plan })
  await installPackages(steps)
  let cli = ''
  const build = async (inner: Steps): Promise<void> => {
    cli = await bacalhau(plan, inner)
  }
  await together(steps, [build, (inner) => prepareImages(plan, inner)])
  const state: ClusterState = { plan, cli }
  writeState(state)
  steps.say('starting the orchestrator, and a Docker and a disk for every node')
  const nodes = plan.nodes.map((node) => (inner: Steps) => openNode(plan, node, inner))
  await together(steps, [(inner) => startOrchestrator(state, inner), ...nodes])
  for (const node of plan.nodes) {
    if (daemonOf(plan, node.name) !== undefined) continue
    startCompute(state, node)
    steps.onFailure(() => stopServe(state, node.name))
  }
  await waitConnected(plan, 60_000, steps.signal)
  steps.say(`${plan.nodes.length} nodes are connected: ${plan.nodes.map(({ name }) => name).join(', ')}`)
  return state
}
