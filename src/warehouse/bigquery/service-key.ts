import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../core/errors.ts'

/** What a credentials file holds; values of it are never shown. */
export type Secret =
  | { readonly type: 'service_account'; readonly email: string; readonly key: string; readonly keyId?: string }
  | {
      readonly type: 'authorized_user'
      readonly clientId: string
      readonly clientSecret: string
      readonly refreshToken: string
      readonly quotaProject?: string
    }

const serviceSchema = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1).optional(),
})

const userSchema = z.object({
  type: z.literal('authorized_user'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
  quota_project_id: z.string().min(1).optional(),
})

/** Reads the text of a credentials file; an AppError (usage) names the file and what is wrong, and nothing that stands in it. */
export const parseSecret = (text: string, path: string): Secret => {
  const json = jsonOf(text)
  if (json === undefined) throw damaged(path, 'It is no JSON.')
  const user = userSchema.safeParse(json)
  if (user.success) {
    const { client_id, client_secret, refresh_token, quota_project_id } = user.data
    return {
      type: 'authorized_user',
      clientId: client_id,
      clientSecret: client_secret,
      refreshToken: refresh_token,
      ...(quota_project_id === undefined ? {} : { quotaProject: quota_project_id }),
    }
  }
  const service = serviceSchema.safeParse(json)
  if (!service.success) throw damaged(path, lacking(json))
  const { client_email, private_key, private_key_id } = service.data
  if (!isPrivateKey(private_key)) throw damaged(path, 'Its private_key is no whole PEM key.')
  return {
    type: 'service_account',
    email: client_email,
    key: private_key,
    ...(private_key_id === undefined ? {} : { keyId: private_key_id }),
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const lacking = (json: unknown): string => {
  const type = z.object({ type: z.string() }).safeParse(json)
  return type.success && !['service_account', 'authorized_user'].includes(type.data.type)
    ? 'It is neither the key of a service account nor a login of gcloud.'
    : 'It lacks client_email or private_key.'
}

const isPrivateKey = (pem: string): boolean => {
  try {
    createPrivateKey(pem)
    return true
  } catch {
    return false
  }
}

const damaged = (path: string, why: string): AppError =>
  new AppError({
    what: `The key file ${path} cannot be used.`,
    why,
    next: [
      `Make a new key of the service account: gcloud iam service-accounts keys create ${path} --iam-account=ACCOUNT`,
      'Or name another file in credentials.path.',
    ],
    kind: 'usage',
  })
