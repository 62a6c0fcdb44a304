import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { type Introductions, preparedFiles } from '../../src/core/preparation.ts'
import { ownFolder, replaceFile } from './files.ts'
import { adoptNextPair, pairsOf, unseal } from './key-pair.ts'

/** Takes from what was sent to many nodes what is meant for the holder of this node's key; returns the node's id. */
export const introduce = async (data: string, all: Introductions): Promise<string> => {
  const own = ownFolder(data)
  const pair = (await pairsOf(data)).find(({ publicKey }) => all[publicKey] !== undefined)
  const mine = pair === undefined ? undefined : all[pair.publicKey]
  if (pair === undefined || mine === undefined)
    throw new AppError({
      what: 'Nothing was sent for the key of this node.',
      why: 'Its key pair was changed meanwhile, or another node shares its folder.',
    })
  if (mine.sealed !== undefined) {
    const text = await unseal(pair, mine.sealed)
    if (createHash('sha256').update(text).digest('hex').slice(0, 16) !== mine.fingerprint)
      throw new AppError({ what: 'The key file that came is not the announced one.' })
    replaceFile(join(own, preparedFiles.credentials), text)
  }
  if (pair.next) adoptNextPair(data, pair.publicKey)
  replaceFile(join(own, preparedFiles.nonce), `${mine.nonce}\n`)
  replaceFile(join(own, preparedFiles.identity), `${JSON.stringify(mine.node, null, 2)}\n`)
  return mine.node.id
}
