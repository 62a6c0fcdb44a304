import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultKind } from './faults.ts'
import { ApiProblem, problemBody, rpcProblemBody } from './problem.ts'
import type { Answer } from './world.ts'

/** Sends an answer as it is. */
const send = (response: ServerResponse, { status, body, headers = {} }: Answer): void => {
  if (response.destroyed || response.headersSent) return
  const text = body === undefined ? '' : JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

export const answerOf = (problem: ApiProblem, otherApi = false): Answer => ({
  status: problem.status,
  body: otherApi ? rpcProblemBody(problem) : problemBody(problem),
  headers: problem.headers,
})

const backend = 'Error encountered during execution. Retrying may solve the problem.'

/** Faults that are an error as the API words it. */
const problems: Readonly<Partial<Record<FaultKind, ApiProblem>>> = {
  '500 before acceptance': new ApiProblem(
    500,
    'internalError',
    'An internal error occurred and the request could not be completed.',
  ),
  '503 before acceptance': new ApiProblem(503, 'backendError', backend),
  '429 Retry-After 1': new ApiProblem(429, 'rateLimitExceeded', 'Exceeded rate limits', { 'retry-after': '1' }),
  '403 rateLimitExceeded': new ApiProblem(
    403,
    'rateLimitExceeded',
    'Exceeded rate limits: too many api requests per user per method for this user_method',
  ),
  '403 quotaExceeded': new ApiProblem(
    403,
    'quotaExceeded',
    'Quota exceeded: Your project exceeded quota for imports per project',
  ),
  '403 accessDenied': new ApiProblem(403, 'accessDenied', 'Access Denied: The user does not have the permission.'),
  '403 billingNotEnabled': new ApiProblem(
    403,
    'billingNotEnabled',
    'Billing has not been enabled for this project. Enable billing at https://console.cloud.google.com/billing.',
  ),
  '403 no quota project': new ApiProblem(
    403,
    'accessNotConfigured',
    'Your application is authenticating by using local Application Default Credentials. The bigquery.googleapis.com API requires a quota project, which is not set by default.',
  ),
  '404 notFound': new ApiProblem(404, 'notFound', 'Not found'),
}

export const apiOff = (projectId: string, title = 'BigQuery', service = 'bigquery'): ApiProblem =>
  new ApiProblem(
    403,
    'accessNotConfigured',
    `${title} API has not been used in project ${projectId} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${service}.googleapis.com/overview?project=${projectId} then retry.`,
  )

export const noCredentials = (): ApiProblem =>
  new ApiProblem(401, 'authError', 'Request had invalid authentication credentials.')

const page = (title: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`

const sendPage = (response: ServerResponse, status: number, title: string): void => {
  response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8' })
  response.end(page(title))
}

/** Does what a fault does instead of the work; false when the work is to be done. */
export const breakBefore = (
  fault: FaultKind | undefined,
  projectId: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean => {
  if (fault === undefined) return false
  if (fault === 'cut before acceptance') request.socket.destroy()
  else if (fault === 'silence') request.pause()
  else if (fault === 'html page') sendPage(response, 502, '502 Bad Gateway')
  else if (fault === 'html page with 200') sendPage(response, 200, 'Sign in to this network')
  else if (fault === 'html page with 403') sendPage(response, 403, 'Access denied by policy')
  else {
    const problem = fault === '403 accessNotConfigured' ? apiOff(projectId) : problems[fault]
    if (problem === undefined) return false
    send(response, answerOf(problem))
  }
  if (fault !== 'silence') request.resume()
  return true
}

/** Sends the answer of work that was done, or does to it what the fault does; resolves to whether the whole answer was sent. */
export const breakAfter = async (
  fault: FaultKind | undefined,
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> => {
  const delay = /^answer after (\d+) ms$/.exec(fault ?? '')?.[1]
  if (delay !== undefined) await sleep(Number(delay), undefined, { ref: false })
  if (fault === 'cut after acceptance') request.socket.destroy()
  else if (fault === 'silence after acceptance') return false
  else if (fault === '503 after acceptance') send(response, answerOf(new ApiProblem(503, 'backendError', backend)))
  else if (fault === 'cut JSON' || fault === 'never ending answer') sendHalf(response, answer, fault === 'cut JSON')
  else if (fault === '200 without status') send(response, { ...answer, body: withoutStatus(answer.body) })
  else {
    send(response, answer)
    return true
  }
  return false
}

const sendHalf = (response: ServerResponse, { status, body }: Answer, end: boolean): void => {
  const whole = Buffer.from(JSON.stringify(body ?? {}))
  const half = whole.subarray(0, Math.max(1, Math.floor(whole.length / 2)))
  const length = end ? half.length : whole.length
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', 'content-length': length })
  if (end) response.end(half)
  else response.write(half)
}

const withoutStatus = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !('status' in body)) return {}
  const { status: _status, ...rest } = body
  return rest
}
