import { createHash } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import { z } from 'zod'
import { AppError } from '../../core/errors.ts'

const keyFileSchema = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().includes('PRIVATE KEY'),
})

export interface KeyFile {
  readonly text: string
  /** Short hash by which nodes and this machine can tell that they have the same one. */
  readonly fingerprint: string
  /** The account that it is the key of. */
  readonly email: string
}

/** The uploader's key file; an AppError without a word of its content when it is none. */
export const parseKeyFile = (path: string, text: string): KeyFile => {
  const wrong = (why: string) =>
    new AppError({
      what: `${path} is no key file of a service account.`,
      why,
      next: ['Make one: gcloud iam service-accounts keys create', 'Or name another with cluster.uploader_credentials.'],
      kind: 'usage',
    })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw wrong('It is not JSON.')
  }
  const parsed = keyFileSchema.safeParse(json)
  if (!parsed.success)
    throw wrong(`It has no fitting ${parsed.error.issues.map(({ path: at }) => at.join('.')).join(', ')}.`)
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { text, fingerprint, email: parsed.data.client_email }
}

/** The key file as only the holder of that key pair can read it, in base64 (age, X25519). */
export const sealFor = async ({ text }: KeyFile, publicKey: string): Promise<string> => {
  const sealer = new Encrypter()
  sealer.addRecipient(publicKey)
  return Buffer.from(await sealer.encrypt(text)).toString('base64')
}
