import { BigQuery } from '@google-cloud/bigquery'
import { type AuthClient, Compute, JWT, PassThroughClient, UserRefreshClient } from 'google-auth-library'
import type { Credentials } from './credentials.ts'

const bigqueryScope = 'https://www.googleapis.com/auth/bigquery'
/** What calls to other APIs of Google need, for projects, services and policies. */
export const everyScope = 'https://www.googleapis.com/auth/cloud-platform'
const googleTokens = 'https://oauth2.googleapis.com/token'

export interface ClientOptions {
  readonly credentials: Credentials
  readonly project: string
  readonly location: string
  readonly apiEndpoint: string
  readonly tokenEndpoint?: string
  /** BigQuery's alone unless told. */
  readonly scope?: string
}

/** Google's client, made so that it prints nothing and looks nothing up; after a 401 a new one is needed, because it keeps a refused token. */
export const openClient = ({
  credentials,
  project,
  location,
  apiEndpoint,
  tokenEndpoint,
  scope = bigqueryScope,
}: ClientOptions): BigQuery => {
  const authClient = authClientOf(credentials, [scope])
  if (tokenEndpoint !== undefined)
    // the library asks Google's own address whatever the key file says
    authClient.transporter.interceptors.request.add({
      resolved: async (request) => {
        if (String(request.url) === googleTokens) request.url = new URL(tokenEndpoint)
        return request
      },
    })
  return new BigQuery({ projectId: project, location, apiEndpoint, authClient, retryOptions: { autoRetry: false } })
}

/** Address of the account, where the credentials name one. */
export const accountOf = (credentials: Credentials): string | undefined =>
  credentials.kind === 'secret' && credentials.secret.type === 'service_account'
    ? credentials.secret.account.email
    : undefined

const authClientOf = (credentials: Credentials, scopes: string[]): AuthClient => {
  switch (credentials.kind) {
    case 'none':
      return new PassThroughClient()
    case 'machine':
      return new Compute({ scopes })
    case 'secret': {
      const { secret } = credentials
      if (secret.type === 'service_account') {
        const { email, privateKey: key, keyId } = secret.account
        return new JWT({ email, key, scopes, ...(keyId === undefined ? {} : { keyId }) })
      }
      const user = new UserRefreshClient({
        clientId: secret.clientId,
        clientSecret: secret.clientSecret,
        refreshToken: secret.refreshToken,
      })
      if (secret.quotaProject !== undefined) user.quotaProjectId = secret.quotaProject
      return user
    }
  }
}
