import { AppError, type ErrorKind } from '../../../src/core/errors.ts'
import { redact } from '../../../src/core/redact.ts'
import { sanitize } from '../../../src/core/sanitize.ts'

/** Words of the service as one short line that holds no secret. */
const words = (text: string): string => {
  const line = sanitize(redact(text))
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

/** Two tokens in a row were not accepted, or there is no key to get one with. */
export const unauthorized = (endpoint: string, hasKey: boolean): AppError =>
  new AppError({
    what: `BigQuery at ${endpoint} does not accept this node's ${hasKey ? 'token' : 'call without credentials'} (401).`,
    ...(hasKey ? { why: 'A new token was refused as well.' } : {}),
    next: [hasKey ? 'Check that the uploader account is enabled: bbq permissions check' : noKeyNext],
  })

const noKeyNext = "Give the node the uploader's key: bbq nodes prepare"

/** No key file where one is needed. */
export const noKey = (path: string): AppError =>
  new AppError({
    what: `This node has no key for BigQuery: ${path} is missing.`,
    why: 'The node was not prepared with one, or the file is not mounted there.',
    next: [noKeyNext],
  })

/** The token endpoint does not know the key. */
export const tokenRefused = (error: string, description: string): AppError =>
  new AppError({
    what: `The uploader's key is refused: ${words([error, description.replace(/\.$/, '')].filter(Boolean).join(': '))}.`,
    why: 'It was deleted or disabled, or this clock is wrong.',
    next: ['Make a new key and prepare the nodes with it: bbq nodes prepare', "Check the node's clock."],
  })

interface Trouble {
  /** `chunk X of log_results`, or what else was asked. */
  readonly subject: string
  readonly reason: string
  readonly message: string
}

const goesOn = 'Run the stage again: it goes on with this chunk.'

const repairs: Readonly<Record<string, string>> = {
  accessDenied:
    'Grant the uploader roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on the project; the lines for it: bbq permissions check',
  notFound: 'Check project, dataset and location, and make what is missing: bbq tables confirm',
  accessNotConfigured: 'Enable the API: gcloud services enable bigquery.googleapis.com',
  billingNotEnabled: 'Link a billing account to the project.',
  invalid: 'Compare the table with what the stage writes: bbq tables confirm',
}

/** With a full stop, because the next step follows it. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)

const make = (what: string, message: string, next: readonly string[], kind: ErrorKind): AppError =>
  new AppError({ what, ...(message === '' ? {} : { why: sentence(words(message)) }), next, kind })

/** It stays so until somebody repairs it. `kept` is where the rows lie on the node. */
export const refusedForGood = ({ subject, reason, message }: Trouble, kept?: string): AppError => {
  const repair = repairs[reason] ?? 'Repair it, then run the stage again.'
  const place = kept === undefined ? '' : `, its rows are kept in ${kept}`
  return make(`BigQuery refuses ${subject} (${reason})${place}.`, message, [repair, goesOn], 'failed')
}

/** A quota is used up, which takes minutes to a day. */
export const quotaUsedUp = ({ subject, message }: Trouble): AppError =>
  make(`BigQuery's quota is used up at ${subject}.`, message, [`Wait some minutes. ${goesOn}`], 'refused')

/** It went wrong again and again in ways that pass. */
export const gaveUp = ({ subject, reason, message }: Trouble, tries: number): AppError =>
  make(`BigQuery did not take ${subject} in ${tries} tries (${words(reason)}).`, message, [goesOn], 'unreachable')

/** A job that does not end. */
export const stillRunning = (subject: string, jobId: string, ms: number): AppError =>
  make(`The load job ${jobId} of ${subject} still runs after ${Math.round(ms / 1000)} s.`, '', [goesOn], 'unreachable')

/** The tables were emptied meanwhile. */
export const otherEpoch = (dataset: string, there: string, epoch: string): AppError =>
  new AppError({
    what: `The dataset ${dataset} holds epoch ${there}, this run was started for ${epoch}.`,
    why: 'The tables were emptied meanwhile.',
    next: ['Start the stage again.'],
    kind: 'refused',
  })
