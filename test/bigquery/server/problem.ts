/** An error as the API answers it. */
export class ApiProblem extends Error {
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, reason: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.reason = reason
    this.headers = headers
  }
}

const words: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

const limits = new Set(['quotaExceeded', 'rateLimitExceeded', 'accessNotConfigured'])

const places: Readonly<Record<string, object>> = {
  authError: { location: 'Authorization', locationType: 'header' },
  conditionNotMet: { location: 'If-Match', locationType: 'header' },
  invalidQuery: { location: 'q', locationType: 'parameter' },
}

/** The body of an error, in the two forms at once that the API uses. */
export const problemBody = ({ status, reason, message }: ApiProblem): object => ({
  error: {
    code: status,
    message,
    errors: [{ message, domain: limits.has(reason) ? 'usageLimits' : 'global', reason, ...places[reason] }],
    status: words[status] ?? 'UNKNOWN',
  },
})

/** The body of an error as the APIs beside BigQuery give it: no list of errors, and an API that is off is told in the details. */
export const rpcProblemBody = ({ status, reason, message }: ApiProblem): object => ({
  error: {
    code: status,
    message,
    status: status === 409 && reason === 'aborted' ? 'ABORTED' : (words[status] ?? 'UNKNOWN'),
    ...(reason === 'accessNotConfigured'
      ? { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED' }] }
      : {}),
  },
})

export const notFound = (what: string): ApiProblem => new ApiProblem(404, 'notFound', `Not found: ${what}`)

export const invalid = (message: string): ApiProblem => new ApiProblem(400, 'invalid', message)

export const duplicate = (what: string): ApiProblem => new ApiProblem(409, 'duplicate', `Already Exists: ${what}`)

export const accessDenied = (message: string): ApiProblem =>
  new ApiProblem(403, 'accessDenied', `Access Denied: ${message}`)

const onlyJobs: Readonly<Record<string, number>> = {
  invalid: 400,
  invalidQuery: 400,
  notFound: 404,
  accessDenied: 403,
  quotaExceeded: 403,
  rateLimitExceeded: 403,
  billingNotEnabled: 403,
  duplicate: 409,
  backendError: 503,
  bytesBilledLimitExceeded: 500,
}

export interface JobError {
  readonly reason: string
  readonly message: string
}

/** The HTTP error by which a query's failure is told to who waits for its rows. */
export const problemOfJob = ({ reason, message }: JobError): ApiProblem =>
  new ApiProblem(onlyJobs[reason] ?? 400, reason, message)

/** A failure inside a job: its reason, if it has one of the API's. */
export const jobErrorOf = (error: unknown): JobError =>
  error instanceof ApiProblem
    ? { reason: error.reason, message: error.message }
    : { reason: 'internalError', message: error instanceof Error ? error.message : String(error) }
