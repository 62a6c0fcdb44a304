import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { AppError } from '../../../src/core/errors.ts'
import { refuseOpenKey } from '../../../src/core/key-rights.ts'
import { serviceAccountOf } from '../../../src/core/service-account.ts'
import { errorCode, explainFile } from '../../run/explain.ts'

export interface UploaderKey {
  readonly email: string
  readonly key: KeyObject
  readonly keyId: string | undefined
}

const next = ['Prepare the node again with a fresh key: bbq nodes prepare']

/** The uploader's key, or undefined where there is no such file; an AppError without a word of its content when it is none. */
export const readKeyFile = (path: string): UploaderKey | undefined => {
  const text = readIfThere(path)
  if (text === undefined) return undefined
  const read = serviceAccountOf(text)
  if (read.account === undefined)
    throw new AppError({ what: `${path} is no key file of a service account.`, why: read.why, next })
  const { email, privateKey, keyId } = read.account
  return { email, key: createPrivateKey(privateKey), keyId }
}

const readIfThere = (path: string): string | undefined => {
  try {
    refuseOpenKey(path, statSync(path), process.getuid?.())
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw explainFile(thrown, `The key file ${path} cannot be read.`, next[0] ?? '')
  }
}
