import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeIdentity } from '../../core/node.ts'
import type { OwnNode } from '../../core/own-files.ts'

/** A node of the sandbox: a folder that stands for the machine's /bacalhau_data. */
export interface SandboxNode {
  readonly identity: NodeIdentity
  /** Absolute path. */
  readonly dir: string
  readonly labels: Readonly<Record<string, string>>
  /** Absolute path of the live log; its rotated predecessors lie beside it. */
  readonly log: string
  /** Somebody's own files, which it reads instead. */
  readonly own?: OwnNode
}

/** A node over its folder, with one log that rotates, or with somebody's own files; nothing is written. */
export const sandboxNode = (
  identity: NodeIdentity,
  dir: string,
  { log = 'access.log', own }: { readonly log?: string | undefined; readonly own?: OwnNode } = {},
): SandboxNode => ({
  identity,
  dir,
  labels: {
    name: identity.id,
    cloud_provider: identity.provider,
    region: identity.region,
    os_type: process.platform,
    os_arch: process.arch === 'x64' ? 'amd64' : process.arch,
  },
  log: join(dir, log),
  ...(own === undefined ? {} : { own }),
})

/** Makes the node's private folder and tells it who it is. */
export const writeIdentity = async (node: Pick<SandboxNode, 'dir' | 'identity'>): Promise<void> => {
  const folder = join(node.dir, '.bbq')
  const file = join(folder, 'node.json')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.part`, `${JSON.stringify(node.identity, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.part`, file)
}
