import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../../../src/core/errors.ts'
import { errorCode, explainFile } from '../../run/explain.ts'

export interface UploaderKey {
  readonly email: string
  readonly key: KeyObject
  readonly keyId: string | undefined
}

const keyFileSchema = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
})

const next = ['Prepare the node again with a fresh key: bbq nodes prepare']

/** The uploader's key, or undefined where there is no such file; an AppError without a word of its content when it is none. */
export const readKeyFile = (path: string): UploaderKey | undefined => {
  const wrong = (why: string): AppError =>
    new AppError({ what: `${path} is no key file of a service account.`, why, next })
  const text = readIfThere(path)
  if (text === undefined) return undefined
  const parsed = keyFileSchema.safeParse(parseJson(text))
  if (!parsed.success) throw wrong('It has no client_email or no private_key, or is no JSON.')
  const { client_email: email, private_key, private_key_id: keyId } = parsed.data
  try {
    return { email, key: createPrivateKey(private_key), keyId }
  } catch {
    throw wrong('Its private_key is damaged.')
  }
}

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw explainFile(thrown, `The key file ${path} cannot be read.`, next[0] ?? '')
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
