import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { jsonOf } from './json.ts'

/** What the key file of a service account holds; the key is never shown. */
export interface ServiceAccount {
  readonly email: string
  /** PEM. */
  readonly privateKey: string
  readonly keyId?: string
}

const schema = z.object({
  type: z.literal('service_account').default('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1).optional(),
})

/** The account of a key file's text, or in one sentence why it is none, without a word of its content. */
export const serviceAccountOf = (
  text: string,
): { readonly account: ServiceAccount } | { readonly account?: never; readonly why: string } => {
  const json = jsonOf(text)
  if (json === undefined) return { why: 'It is no JSON.' }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const lacking = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].filter((name) => name !== '')
    return { why: lacking.length === 0 ? 'It is no object.' : `It has no fitting ${lacking.join(', ')}.` }
  }
  const { client_email: email, private_key: privateKey, private_key_id: keyId } = parsed.data
  if (!isPrivateKey(privateKey)) return { why: 'Its private_key is no whole PEM key.' }
  return { account: { email, privateKey, ...(keyId === undefined ? {} : { keyId }) } }
}

const isPrivateKey = (pem: string): boolean => {
  try {
    createPrivateKey(pem)
    return true
  } catch {
    return false
  }
}
