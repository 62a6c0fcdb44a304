import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import { jsonOf } from '../../core/json.ts'
import { type ServiceAccount, serviceAccountOf } from '../../core/service-account.ts'

/** What a credentials file holds; values of it are never shown. */
export type Secret =
  | { readonly type: 'service_account'; readonly account: ServiceAccount }
  | {
      readonly type: 'authorized_user'
      readonly clientId: string
      readonly clientSecret: string
      readonly refreshToken: string
      readonly quotaProject?: string
    }

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
  const service = serviceAccountOf(text)
  if (service.account === undefined) throw damaged(path, isOther(json) ? neither : service.why)
  return { type: 'service_account', account: service.account }
}

const neither = 'It is neither the key of a service account nor a login of gcloud.'

const isOther = (json: unknown): boolean => {
  const type = z.object({ type: z.string() }).safeParse(json)
  return type.success && !['service_account', 'authorized_user'].includes(type.data.type)
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
