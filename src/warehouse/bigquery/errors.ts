import { AppError, type ErrorParts } from '../../core/errors.ts'
import type { Failure } from './failure.ts'
import type { Place } from './place.ts'

export interface ErrorContext {
  readonly place: Place
  readonly apiEndpoint: string
  /** What was being done, to follow `BigQuery did not`: `list the rows of raw_logs`. */
  readonly doing: string
  /** Address of the service account that asked, where it is known. */
  readonly account?: string
}

type Case = (failure: Failure, context: ErrorContext) => ErrorParts | undefined

/** What BigQuery refused or did not answer, as the three parts of an error with the fix that helps. */
export const explain = (failure: Failure, context: ErrorContext): AppError => {
  for (const look of cases) {
    const parts = look(failure, context)
    if (parts !== undefined) return new AppError({ why: `${sentence(failure.message)}`, cause: failure, ...parts })
  }
  return new AppError({
    what: `BigQuery did not ${context.doing}.`,
    why: sentence(failure.message),
    next: ['Look at setup and rights: bbq doctor'],
    cause: failure,
  })
}

/** Text as a sentence with its full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

const member = ({ account }: ErrorContext): string =>
  account === undefined ? 'user:YOUR-ADDRESS' : `serviceAccount:${account}`

const who = ({ account }: ErrorContext): string => account ?? 'The account'

const refused: Case = ({ status, reason, message }) => {
  if (reason === 'tokenRefused' && status < 500)
    return {
      what: 'Google gives no access token for the account.',
      next: /short-lived|iat|exp\b/i.test(message)
        ? [
            'Set the clock of this machine right, then try again.',
            'If it is right: make a new key for the service account.',
          ]
        : [
            'The key was deleted or disabled: make a new one with gcloud iam service-accounts keys create, or log in again: gcloud auth application-default login',
            'Check the clock of this machine.',
          ],
      kind: 'refused',
    }
  if (status === 401)
    return {
      what: 'BigQuery does not accept the access token, not even a fresh one.',
      next: [
        'Make a new key for the service account, or log in again: gcloud auth application-default login',
        'Check the clock of this machine.',
      ],
      kind: 'refused',
    }
  return undefined
}

const unreachable: Case = ({ status, reason, message }, { apiEndpoint, doing }) => {
  if (status !== 0 && status < 500) return undefined
  if (isCap(reason, message)) return undefined
  const offline = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'].includes(reason)
  return {
    what: `BigQuery at ${apiEndpoint} did not ${doing}.`,
    why: sentence(
      offline
        ? `This machine does not reach it (${reason})`
        : reason === 'ECONNREFUSED'
          ? 'Nothing listens there (ECONNREFUSED)'
          : status === 0
            ? `There was ${reason === 'silence' ? message : `no whole answer (${message})`}`
            : message,
    ),
    next: [
      offline
        ? 'Check the network; what runs on the nodes goes on meanwhile.'
        : 'Try again in a moment; what runs on the nodes goes on meanwhile.',
      ...(reason === 'ECONNREFUSED' ? ['Start that server, or correct warehouse.api_endpoint.'] : []),
    ],
    kind: 'unreachable',
  }
}

const noAnswer: Case = ({ reason }, { apiEndpoint, doing }) =>
  reason === 'brokenAnswer'
    ? {
        what: `What answers at ${apiEndpoint} is not BigQuery, so it did not ${doing}.`,
        next: [
          'Look whether a proxy or the sign-in page of a network stands between, or correct warehouse.api_endpoint.',
        ],
        kind: 'unreachable',
      }
    : undefined

/** A login of gcloud names no project whose quota its calls use, and some APIs want one; Google gives it the reason of an API that is off. */
const wantsQuotaProject = ({ message }: Failure): boolean => /requires a quota project/i.test(message)

const noQuotaProject: Case = (failure, { place }) =>
  wantsQuotaProject(failure)
    ? {
        what: 'Your login of gcloud names no project whose quota its calls use.',
        next: [`Name it: gcloud auth application-default set-quota-project ${place.project}`],
        kind: 'refused',
      }
    : undefined

/** True where the API that was called is switched off in the project. */
export const isApiOff = (failure: Failure): boolean =>
  !wantsQuotaProject(failure) &&
  (failure.reason === 'accessNotConfigured' || /API has not been used in project|it is disabled/.test(failure.message))

const apiOff: Case = (failure, { place }) => {
  if (!isApiOff(failure)) return undefined
  const title = /([A-Z][\w ]{0,60}) API has not been used/.exec(failure.message)?.[1] ?? 'BigQuery'
  const name = /apis\/api\/([\w.-]+\.googleapis\.com)/.exec(failure.message)?.[1] ?? 'bigquery.googleapis.com'
  return {
    what: `The ${title} API is off in the project ${place.project}.`,
    next: [
      `Switch it on: gcloud services enable ${name} --project=${place.project}`,
      'Wait two minutes, then try again.',
    ],
    kind: 'refused',
  }
}

const noBilling: Case = ({ reason, message }, { place }) =>
  reason === 'billingNotEnabled' || /billing has not been enabled|free tier/i.test(message)
    ? {
        what: `The project ${place.project} has no billing, and this needs it.`,
        next: [
          `Link a billing account: gcloud billing projects link ${place.project} --billing-account=ACCOUNT`,
          'Without one, loads and SELECT still work: 10 GB of tables that expire after 60 days, 1 TB of queries a month.',
        ],
        kind: 'refused',
      }
    : undefined

const tooFast: Case = ({ status, reason }) =>
  reason === 'rateLimitExceeded' || status === 429
    ? {
        what: 'BigQuery got more calls than it takes in a few seconds, and did not come round within the time for this one.',
        next: ['Wait a few seconds, then try again.'],
        kind: 'unreachable',
      }
    : undefined

const quotaUsed: Case = ({ reason }, { place }) =>
  reason === 'quotaExceeded'
    ? {
        what: `A quota of the project ${place.project} is used up.`,
        next: [
          'Wait: most quotas refill within a day, little by little.',
          'Until then send fewer, larger chunks: run stages less often.',
        ],
        kind: 'refused',
      }
    : undefined

const tooLarge: Case = ({ reason }) =>
  reason === 'responseTooLarge'
    ? {
        what: 'The answer of the query is larger than BigQuery gives.',
        next: ['Add a LIMIT, or read fewer columns.'],
        kind: 'refused',
      }
    : undefined

const mayNot: Case = ({ status, reason, message }, context) => {
  if (reason === 'blocked' || (status !== 403 && reason !== 'accessDenied')) return undefined
  const { project, dataset } = context.place
  const right = /bigquery\.[A-Za-z]+\.[A-Za-z]+/.exec(message)?.[0]
  if (right?.startsWith('bigquery.jobs.'))
    return {
      what: `${who(context)} may not run jobs in the project ${project}.`,
      next: [
        `Grant it: gcloud projects add-iam-policy-binding ${project} --member=${member(context)} --role=roles/bigquery.jobUser`,
        'A grant may take some minutes to arrive.',
      ],
      kind: 'refused',
    }
  return {
    what: `${who(context)} may not ${context.doing}${right === undefined ? '' : `: it lacks ${right}`}.`,
    next: [
      `Grant roles/bigquery.dataEditor on the dataset ${project}.${dataset}; the line for it: bbq permissions check`,
      `Or for the whole project: gcloud projects add-iam-policy-binding ${project} --member=${member(context)} --role=roles/bigquery.dataEditor`,
      'A grant may take some minutes to arrive.',
    ],
    kind: 'refused',
  }
}

const elsewhere: Case = ({ reason, message }, { place }) => {
  if (reason !== 'notFound' || !/not found in location/i.test(message) || !/dataset/i.test(message)) return undefined
  return {
    what: `There is no dataset ${place.project}.${place.dataset} in ${place.location}.`,
    next: [
      `See where it lies: bq show --format=prettyjson ${place.project}:${place.dataset}`,
      'Set bigquery.location to that; a dataset that does not exist yet is made by: bbq tables confirm',
    ],
    kind: 'usage',
  }
}

/** True where there is no such project. */
export const isNoProject = ({ status, reason, message }: Failure): boolean =>
  /not found: project|the project .*(?:not|invalid)|unknown project|invalid project/i.test(message) &&
  (reason === 'notFound' || reason === 'invalid' || status === 400 || status === 404)

const noProject: Case = (failure, { place }) =>
  isNoProject(failure)
    ? {
        what: `There is no project ${place.project}.`,
        next: [
          'Correct project.id; see yours: gcloud projects list',
          `Or make it: gcloud projects create ${place.project}`,
        ],
        kind: 'usage',
      }
    : undefined

const missing: Case = ({ status, reason }, { place }) =>
  status === 404 || reason === 'notFound'
    ? {
        what: `A table or the dataset ${place.project}.${place.dataset} is not there.`,
        next: ['Make what is missing: bbq tables confirm'],
      }
    : undefined

const isCap = (reason: string, message: string): boolean =>
  reason === 'bytesBilledLimitExceeded' || /exceeded limit for bytes billed/i.test(message)

const overCap: Case = ({ reason, message }) =>
  isCap(reason, message)
    ? {
        what: 'The query would cost more than its limit, and was not run.',
        next: ['Filter by a time or read fewer columns.', 'Or allow more: --max-bytes BYTES'],
        kind: 'refused',
      }
    : undefined

const used: Case = ({ status, reason }) =>
  status === 409 || reason === 'duplicate'
    ? { what: 'What was to be made is there already.', next: ['Try again; it is looked up then.'] }
    : undefined

const cases: readonly Case[] = [
  refused,
  overCap,
  noAnswer,
  unreachable,
  noQuotaProject,
  apiOff,
  noBilling,
  tooFast,
  quotaUsed,
  tooLarge,
  mayNot,
  elsewhere,
  noProject,
  missing,
  used,
]
