import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { OpenClusterOptions } from '../options.ts'
import { inheritFailure } from './fail.ts'
import { fillLogs } from './generator.ts'
import { type SandboxNode, sandboxNode, writeIdentity } from './node.ts'
import { places } from './places.ts'

/** The simulated nodes, their logs filled: as they were left, or made anew where there are none or `fresh` asks for it. */
export const prepareNodes = async (options: OpenClusterOptions): Promise<readonly SandboxNode[]> => {
  const folder = join(options.stateDir, 'nodes')
  if (options.fresh || !(await isFolder(folder))) await makeNodes(folder, options)
  const nodes = nodesIn(folder, options.log)
  await Promise.all(nodes.map(writeIdentity))
  return nodes
}

const nodesIn = (folder: string, log: string | undefined): readonly SandboxNode[] =>
  places.map((identity) => sandboxNode(identity, join(folder, identity.id), { log }))

/** Fills aside and renames, so that a half filled sandbox is never taken for a whole one. What nodes were told to do stays. */
const makeNodes = async (folder: string, options: OpenClusterOptions): Promise<void> => {
  const filling = `${folder}.filling`
  const old = `${folder}.old`
  await Promise.all([filling, old].map((path) => rm(path, { recursive: true, force: true })))
  const nodes = nodesIn(filling, options.log)
  await Promise.all(nodes.map(({ log }) => mkdir(dirname(log), { recursive: true })))
  await fillLogs(nodes, options)
  await Promise.all(nodes.map(({ identity, dir }) => inheritFailure(join(folder, identity.id), dir)))
  if (await isFolder(folder)) await rename(folder, old)
  await rename(filling, folder)
  await rm(old, { recursive: true, force: true })
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true
