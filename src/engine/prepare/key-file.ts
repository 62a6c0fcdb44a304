import { createHash } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import { AppError } from '../../core/errors.ts'
import { serviceAccountOf } from '../../core/service-account.ts'

export interface KeyFile {
  readonly text: string
  /** Short hash by which nodes and this machine can tell that they have the same one. */
  readonly fingerprint: string
  /** The account that it is the key of. */
  readonly email: string
}

/** The uploader's key file; an AppError without a word of its content when it is none. */
export const parseKeyFile = (path: string, text: string): KeyFile => {
  const read = serviceAccountOf(text)
  if (read.account === undefined)
    throw new AppError({
      what: `${path} is no key file of a service account.`,
      why: read.why,
      next: ['Make one: gcloud iam service-accounts keys create', 'Or name another with cluster.uploader_credentials.'],
      kind: 'usage',
    })
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { text, fingerprint, email: read.account.email }
}

/** The key file as only the holder of that key pair can read it, in base64 (age, X25519). */
export const sealFor = async ({ text }: KeyFile, publicKey: string): Promise<string> => {
  const sealer = new Encrypter()
  sealer.addRecipient(publicKey)
  return Buffer.from(await sealer.encrypt(text)).toString('base64')
}
