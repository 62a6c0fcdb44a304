import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { preparedFiles } from '../../src/core/preparation.ts'

/** Removes all that preparation put on the node, or its name alone; returns what was there. Checkpoints and logs stay. */
export const removePrepared = (data: string, only?: 'identity'): readonly string[] => {
  const names = only === undefined ? Object.values(preparedFiles) : [preparedFiles.identity, preparedFiles.nonce]
  const there = names.filter((name) => existsSync(join(data, '.bbq', name)))
  for (const name of there) rmSync(join(data, '.bbq', name), { recursive: true, force: true })
  return there
}
