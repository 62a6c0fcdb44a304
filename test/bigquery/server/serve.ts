import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { answerOf, apiOff, breakAfter, breakBefore, noCredentials } from './break.ts'
import type { FaultKind, FaultPicker } from './faults.ts'
import { ApiProblem, notFound } from './problem.ts'
import { readBody, readMultipart } from './read-body.ts'
import type { OpenRequest } from './requests.ts'
import { findRoute, type Route } from './router.ts'
import type { Endpoint } from './types.ts'
import type { Answer, Call, Handler, World } from './world.ts'

export interface Desk {
  readonly world: World
  readonly handlers: Readonly<Record<Endpoint, Handler>>
  readonly faults: FaultPicker
  readonly withoutToken: 'refused' | 'owner'
  /** Told of every request when it arrives; facts are filled in later. */
  readonly seen: (request: OpenRequest) => void
}

const dryRunSchema = z.object({ configuration: z.object({ dryRun: z.literal(true) }) })

const bearer = (request: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]

const failure = (error: unknown, otherApi: boolean): Answer =>
  answerOf(
    error instanceof ApiProblem
      ? error
      : new ApiProblem(500, 'standInBroken', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    otherApi,
  )

/** The account of a request; refuses a token that is not known, or none where one is needed. */
const checkToken = ({ world, withoutToken }: Desk, token: string | undefined): string | undefined => {
  if (token === undefined && withoutToken === 'owner') return undefined
  const account = token === undefined ? undefined : world.accounts.accountOf(token)
  if (account === undefined) throw noCredentials()
  return account
}

const checkProject = (world: World, route: Route): void => {
  const endpoint = route.endpoint
  if (/^(datasets|tables|tabledata|jobs)\./.test(endpoint)) {
    const project = route.params['project']
    if (project !== world.projectId || !world.projectExists) throw notFound(`Project ${project}`)
    if (!world.apiEnabled) throw apiOff(world.projectId)
  }
  if (/^projects\./.test(endpoint) && endpoint !== 'projects.getBillingInfo' && !world.resourceManagerEnabled)
    throw apiOff(world.projectId, 'Cloud Resource Manager', 'cloudresourcemanager')
}

/** Serves one request: reads it, lets a fault have its way, lets the handler do its work, answers. */
export const serve = async (desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { world, faults } = desk
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const route = findRoute(request.method ?? '', url.pathname)
  const seen: OpenRequest = {
    endpoint: route?.endpoint ?? 'unknown',
    method: request.method ?? '',
    path: request.url ?? '',
  }
  desk.seen(seen)
  let fault: FaultKind | undefined
  const meet = (body: unknown): boolean => {
    if (body !== undefined) seen.body = body
    if (seen.endpoint === 'jobs.insert.query' && dryRunSchema.safeParse(body).success)
      seen.endpoint = 'jobs.insert.dryRun'
    fault = faults.pick(seen.endpoint, `${seen.path} ${JSON.stringify(body ?? '')}`)
    if (fault !== undefined) seen.fault = fault
    return breakBefore(fault, world.projectId, request, response)
  }
  const work = async (): Promise<Answer | undefined> => {
    const token = bearer(request)
    const body = route?.upload === true ? await readMultipart(request, meet) : { value: await readBody(request) }
    if (body === undefined || (route?.upload !== true && meet(body.value))) return undefined
    if (route === undefined) throw notFound(`${request.method} ${url.pathname}`)
    if (fault === 'expired token' && token !== undefined) world.accounts.forget(token)
    const account = route.endpoint === 'oauth.token' ? undefined : checkToken(desk, token)
    if (account !== undefined) seen.account = account
    checkProject(world, route)
    const call: Call = {
      world,
      account,
      params: route.params,
      query: url.searchParams,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: body.value,
      file: 'file' in body ? body.file : undefined,
      fault,
    }
    return desk.handlers[seen.endpoint](call)
  }
  const answer = await work().catch((error: unknown) =>
    request.destroyed && !request.complete ? undefined : failure(error, /^\/v[13]\//.test(url.pathname)),
  )
  if (answer === undefined) {
    if (response.headersSent) seen.status = response.statusCode
    return
  }
  await breakAfter(fault, answer, request, response)
  if (response.headersSent) seen.status = response.statusCode
}
