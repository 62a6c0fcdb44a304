import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { preparedFiles } from '../../src/core/preparation.ts'
import { removeLeftovers } from './files.ts'

/** Removes all that preparation put on the node, or its name alone; returns what was there. Checkpoints and logs stay. */
export const removePrepared = (data: string, only?: 'identity'): readonly string[] => {
  const own = join(data, '.bbq')
  if (!existsSync(own)) return []
  const names = only === undefined ? Object.values(preparedFiles) : [preparedFiles.identity, preparedFiles.nonce]
  const there = names.filter((name) => existsSync(join(own, name)))
  for (const name of names) {
    rmSync(join(own, name), { recursive: true, force: true })
    removeLeftovers(own, name, 0)
  }
  return there
}
