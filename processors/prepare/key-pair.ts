import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { preparedFiles } from '../../src/core/preparation.ts'
import { makeFile, ownFolder, replaceFile } from './files.ts'

/** Makes the node's key pair unless it has one, or always when it is rotated; returns the public half. The secret half never leaves the node. */
export const confirmKeyPair = async (data: string, rotate: boolean): Promise<string> => {
  const own = ownFolder(data)
  const path = join(own, preparedFiles.secretKey)
  if (rotate) {
    rmSync(path, { force: true })
    for (const stale of [preparedFiles.credentials, preparedFiles.fingerprint])
      rmSync(join(own, stale), { force: true })
  }
  makeFile(path, `${await generateX25519Identity()}\n`)
  const publicKey = await identityToRecipient(readFileSync(path, 'utf8').trim())
  replaceFile(join(own, preparedFiles.publicKey), `${publicKey}\n`)
  return publicKey
}

/** The public half as it lies there; undefined before the pair was made. */
export const publicKeyOf = (data: string): string =>
  readFileSync(join(data, '.bbq', preparedFiles.publicKey), 'utf8').trim()

/** Opens what was sealed for this node. */
export const unseal = async (data: string, sealed: string): Promise<string> => {
  const opener = new Decrypter()
  opener.addIdentity(readFileSync(join(data, '.bbq', preparedFiles.secretKey), 'utf8').trim())
  return opener.decrypt(Buffer.from(sealed, 'base64'), 'text')
}
