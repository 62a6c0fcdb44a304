import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { type Introductions, preparedFiles } from '../../src/core/preparation.ts'
import { ownFolder, replaceFile } from './files.ts'
import { publicKeyOf, unseal } from './key-pair.ts'

/** Takes from what was sent to many nodes what is meant for the holder of this node's key; returns the node's id. */
export const introduce = async (data: string, all: Introductions): Promise<string> => {
  const own = ownFolder(data)
  const mine = all[publicKeyOf(data)]
  if (mine === undefined)
    throw new AppError({
      what: 'Nothing was sent for the key of this node.',
      why: 'Its key pair was changed meanwhile.',
    })
  if (mine.sealed !== undefined && mine.fingerprint !== undefined) {
    const text = await unseal(data, mine.sealed)
    const hash = createHash('sha256').update(text).digest('hex')
    if (!hash.startsWith(mine.fingerprint))
      throw new AppError({ what: 'The key file that came is not the announced one.' })
    replaceFile(join(own, preparedFiles.credentials), text)
    replaceFile(join(own, preparedFiles.fingerprint), `${mine.fingerprint}\n`)
  }
  replaceFile(join(own, preparedFiles.nonce), `${mine.nonce}\n`)
  replaceFile(join(own, preparedFiles.identity), `${JSON.stringify(mine.node, null, 2)}\n`)
  return mine.node.id
}
