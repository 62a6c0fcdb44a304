import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { AppError } from '../../src/core/errors.ts'
import { preparedFiles } from '../../src/core/preparation.ts'
import { makeFile, mustBeSecret, ownFolder, replaceFile } from './files.ts'

interface KeyPair {
  readonly secret: string
  readonly publicKey: string
}

/** The pair in a file; what is wrong with it is told without a letter of it. */
const readPair = async (path: string): Promise<KeyPair> => {
  mustBeSecret(path)
  const secret = readFileSync(path, 'utf8').trim()
  try {
    return { secret, publicKey: await identityToRecipient(secret) }
  } catch {
    throw new AppError({
      what: `The key pair of this node cannot be read: ${path} is damaged.`,
      next: ['Give it a new one: bbq nodes prepare --rotate'],
    })
  }
}

/**
 * Makes the node's key pair unless it has one; a rotated one lies beside it until what is sealed for it has come, so that
 * a rotation that ends midway leaves the node as it was. Returns the public half; the secret half never leaves the node.
 */
export const confirmKeyPair = async (data: string, rotate: boolean): Promise<string> => {
  const own = ownFolder(data)
  const fresh = `${await generateX25519Identity()}\n`
  if (rotate) {
    replaceFile(join(own, preparedFiles.nextKey), fresh)
    return (await readPair(join(own, preparedFiles.nextKey))).publicKey
  }
  makeFile(join(own, preparedFiles.secretKey), fresh)
  const { publicKey } = await readPair(join(own, preparedFiles.secretKey))
  replaceFile(join(own, preparedFiles.publicKey), `${publicKey}\n`)
  return publicKey
}

/** The pairs that the node has now: the one that waits for its turn first. */
export const pairsOf = async (data: string): Promise<readonly (KeyPair & { readonly next: boolean })[]> => {
  const own = ownFolder(data)
  const files = [
    { path: join(own, preparedFiles.nextKey), next: true },
    { path: join(own, preparedFiles.secretKey), next: false },
  ].filter(({ path }) => existsSync(path))
  return Promise.all(files.map(async ({ path, next }) => ({ ...(await readPair(path)), next })))
}

/** The pair that waited becomes the node's own. */
export const adoptNextPair = (data: string, publicKey: string): void => {
  const own = ownFolder(data)
  renameSync(join(own, preparedFiles.nextKey), join(own, preparedFiles.secretKey))
  replaceFile(join(own, preparedFiles.publicKey), `${publicKey}\n`)
}

/** Opens what was sealed for that pair. */
export const unseal = async ({ secret }: KeyPair, sealed: string): Promise<string> => {
  const opener = new Decrypter()
  opener.addIdentity(secret)
  return opener.decrypt(Buffer.from(sealed, 'base64'), 'text')
}
