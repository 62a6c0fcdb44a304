import { readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { localNode, type OwnNode } from '../../core/own-files.ts'
import { type SandboxNode, sandboxNode, writeIdentity } from './node.ts'
import { readPatterns, writeOwnFiles } from './own-files.ts'

const namedFolder = (stateDir: string): string => join(stateDir, 'own')

/** Where a node over somebody's own files keeps its identity and its checkpoints. */
const folderOf = (stateDir: string, name: string): string =>
  name === localNode ? join(stateDir, localNode) : join(namedFolder(stateDir), name)

/** One node a name over somebody's own files; the same name in the same state folder goes on where it was. */
export const openOwnNodes = (stateDir: string, given: readonly OwnNode[]): Promise<readonly SandboxNode[]> =>
  Promise.all(
    given.map(async (own) => {
      const identity = {
        id: own.name,
        provider: 'other',
        region: 'local',
        hostname: hostname(),
        public_ip: null,
        private_ip: null,
      } as const
      const node = sandboxNode(identity, folderOf(stateDir, own.name), { own })
      await writeIdentity(node)
      await writeOwnFiles(node.dir, own)
      return node
    }),
  )

/** The nodes over somebody's own files that a state folder holds, with the paths and patterns that they were given last. */
export const knownOwnNodes = async (stateDir: string): Promise<readonly OwnNode[]> => {
  const root = resolve(stateDir)
  const named = await readdir(namedFolder(root)).catch(() => [])
  const nodes = await Promise.all(
    [localNode, ...named.sort()].map(async (name) => ({ name, files: await readPatterns(folderOf(root, name)) })),
  )
  return nodes.filter(({ files }) => files.length > 0)
}
