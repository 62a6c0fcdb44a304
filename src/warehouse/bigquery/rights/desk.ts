import { existsSync } from 'node:fs'
import { googleApi } from '../../../core/bigquery/endpoint.ts'
import { AppError } from '../../../core/errors.ts'
import { accountOf, everyScope, openClient } from '../client.ts'
import { type Credentials, findCredentials } from '../credentials.ts'
import { openGateway } from '../request.ts'
import { openService, type Service } from '../service.ts'

/** Who works on a dataset: the operator makes tables and asks, the uploader's key lies on the nodes and loads. */
export type Role = 'operator' | 'uploader'

export interface DeskOptions {
  readonly role: Role
  readonly project: string
  readonly dataset: string
  readonly location: string
  readonly logResultsTable: string
  /** Key file of the account; for the operator need not exist. */
  readonly credentialsPath: string
  readonly apiEndpoint?: string
  readonly tokenEndpoint?: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Who an account is, as far as its credentials say. */
export interface Identity {
  /** Address of a service account. */
  readonly email?: string
  /** Where the credentials come from, in words. */
  readonly from: string
}

/** Calls in the name of one account, to BigQuery and to the APIs beside it. */
export interface Desk {
  readonly role: Role
  readonly service: Service
  /** Reads the credentials; an AppError (usage) where there are none or they are damaged. */
  readonly who: () => Promise<Identity>
  readonly close: () => void
}

/** Opens the desk of an account; nothing is read or asked before the first call. */
export const openDesk = (options: DeskOptions): Desk => {
  const { role, project, dataset, location, logResultsTable, now } = options
  const { apiEndpoint = googleApi, tokenEndpoint } = options
  const tokens = tokenEndpoint === undefined ? {} : { tokenEndpoint }
  let email: string | undefined
  const read = async (): Promise<Credentials> => {
    const credentials = await credentialsOf(options)
    email = accountOf(credentials)
    return credentials
  }
  const gateway = openGateway({
    apiEndpoint,
    project,
    openClient: async () =>
      openClient({ credentials: await read(), project, location, apiEndpoint, scope: everyScope, ...tokens }),
    now,
  })
  return {
    role,
    service: openService(gateway, { place: { project, dataset, location, logResultsTable }, apiEndpoint }, () => email),
    who: async () => {
      const credentials = await read()
      return { ...(email === undefined ? {} : { email }), from: inWords(credentials) }
    },
    close: gateway.close,
  }
}

/** Nodes have nothing but the uploader's key file, so nobody's login stands in for it. */
const credentialsOf = async (options: DeskOptions): Promise<Credentials> => {
  const { role, project, credentialsPath: path, apiEndpoint = googleApi, tokenEndpoint, env } = options
  const found = await findCredentials({
    path,
    env: role === 'operator' || existsSync(path) ? env : {},
    apiEndpoint,
    ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
  }).catch((thrown: unknown) => {
    if (role === 'uploader' && !existsSync(path)) throw noUploader(path, project)
    throw thrown
  })
  const withoutKey = role === 'uploader' && !existsSync(path)
  if (withoutKey && (found.kind !== 'none' || tokenEndpoint !== undefined)) throw noUploader(path, project)
  return found
}

const noUploader = (path: string, project: string): AppError => {
  const email = `log-uploader@${project.split(':').reverse().join('.')}.iam.gserviceaccount.com`
  return new AppError({
    what: `The uploader's key file ${path} is not there.`,
    why: 'Nodes load rows with it.',
    next: [
      `Make the account: gcloud iam service-accounts create log-uploader --project=${project}`,
      `And its key: gcloud iam service-accounts keys create ${path} --iam-account=${email}`,
      'Or name another file: --cluster-uploader-credentials FILE',
    ],
    kind: 'usage',
  })
}

const inWords = (credentials: Credentials): string => {
  switch (credentials.kind) {
    case 'none':
      return 'no credentials, as this server wants none'
    case 'machine':
      return "this machine's own account"
    case 'secret':
      return credentials.secret.type === 'service_account'
        ? credentials.from
        : `the login of gcloud in ${credentials.from}`
  }
}
