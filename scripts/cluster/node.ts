import { existsSync, mkdirSync } from 'node:fs'
import { closeBridge, openBridge } from './bridge.ts'
import { removeContainers, startDocker, stopDocker } from './docker.ts'
import { copyImages } from './images.ts'
import { type ClusterPlan, mountPoint, type NodePlan } from './plan.ts'
import { stopServe } from './serve.ts'
import { daemonOf } from './state.ts'
import type { Steps } from './step.ts'

/** Name of the daemon that is a node's Docker. */
export const dockerName = ({ name }: NodePlan): string => `docker-${name}`

/** Gives a node what a machine has: a disk, a network, a Docker with the images. */
export const openNode = async (plan: ClusterPlan, node: NodePlan, steps: Steps): Promise<void> => {
  if (daemonOf(plan, dockerName(node)) !== undefined) return
  // its Bacalhau would look into the mount namespace of a Docker that has ended
  await stopServe({ plan }, node.name)
  mkdirSync(node.data, { recursive: true })
  if (!existsSync(mountPoint)) mkdirSync(mountPoint)
  await copyImages(plan, node.images, steps)
  const bridge = await openBridge(node, steps)
  await startDocker(plan, { ...node, name: dockerName(node), bridge, disk: node.data }, steps)
  await removeContainers(node.socket)
}

export const closeNode = async (plan: ClusterPlan, node: NodePlan): Promise<void> => {
  await stopServe({ plan }, node.name)
  await stopDocker(plan, { ...node, name: dockerName(node) })
  await closeBridge(node)
}
