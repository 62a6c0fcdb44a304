import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { type AppError, toAppError } from '../../../src/core/errors.ts'
import { type Desk, openDesk } from '../../../src/warehouse/bigquery/rights/desk.ts'
import type { Grant } from '../../../src/warehouse/bigquery/rights/grants.ts'
import { makeGrants } from '../../../src/warehouse/bigquery/rights/make-grants.ts'
import { datasetStep } from '../../../src/warehouse/bigquery/setup/dataset.ts'
import { operatorStep, uploaderStep } from '../../../src/warehouse/bigquery/setup/rights.ts'

type Json = Readonly<Record<string, unknown>>

interface Seen {
  readonly method: string
  readonly path: string
  readonly ifMatch: string | undefined
  readonly body: Json
}

let close = (): void => {}
afterEach(() => close())

/** A server that answers with what `answer` gives, and the operator's desk on it. */
const serve = async (answer: (seen: Seen) => { readonly status?: number; readonly body: Json }) => {
  const all: Seen[] = []
  const seenOf = async (request: IncomingMessage): Promise<Seen> => {
    const sent = await text(request)
    return {
      method: request.method ?? '',
      path: request.url ?? '',
      ifMatch: request.headers['if-match'],
      body: sent === '' ? {} : JSON.parse(sent),
    }
  }
  const server: Server = createServer((request, response) => {
    void seenOf(request).then((seen) => {
      all.push(seen)
      const { status = 200, body } = answer(seen)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const desk: Desk = openDesk({
    role: 'operator',
    project: 'demo-project',
    dataset: 'logs',
    location: 'US',
    logResultsTable: 'log_results',
    credentialsPath: '/nonexistent/key.json',
    apiEndpoint: `http://127.0.0.1:${port}`,
    env: {},
    now: Date.now,
  })
  close = () => {
    desk.close()
    server.closeAllConnections()
    server.close()
  }
  return { desk, all, written: () => all.filter(({ method, path }) => method === 'PATCH' || path.includes('setIam')) }
}

const email = 'loader@demo-project.iam.gserviceaccount.com'
const grant = (on: Grant['on']): Grant => ({
  account: 'uploader',
  role: on === 'project' ? 'jobUser' : 'dataEditor',
  on,
  email,
  change: `${on}: + a role`,
  line: `by hand on the ${on}`,
})

const make = (desk: Desk, ...grants: readonly Grant[]): Promise<AppError | undefined> =>
  makeGrants(desk, grants, { signal: new AbortController().signal, deadlineMs: 5_000 }).then(
    () => undefined,
    (thrown: unknown) => toAppError(thrown),
  )

const dataset = { datasetReference: { datasetId: 'logs' }, location: 'US' }

const entries = [
  { role: 'OWNER', specialGroup: 'projectOwners' },
  { view: { projectId: 'other', datasetId: 'd', tableId: 'v' } },
  { routine: { projectId: 'other', datasetId: 'd', routineId: 'r' } },
  { dataset: { dataset: { projectId: 'other', datasetId: 'd' }, targetTypes: ['VIEWS'] } },
  { role: 'READER', iamMember: 'allAuthenticatedUsers' },
  { role: 'WRITER', iamMember: `deleted:serviceAccount:${email}?uid=123` },
  { role: 'WRITER', groupByEmail: email },
  { role: 'roles/bigquery.dataEditor', userByEmail: email, condition: { expression: 'false', title: 'never' } },
  { role: 'projects/p/roles/own', domain: 'example.com', unheardOf: { kept: [1] } },
]

test('whatever an access list holds stays as it is, in its order', async () => {
  const { desk, written } = await serve(() => ({ body: { ...dataset, etag: '"e1"', access: entries } }))
  expect(await make(desk, grant('dataset'))).toBeUndefined()
  expect(written().map(({ ifMatch }) => ifMatch)).toEqual(['"e1"'])
  expect(written()[0]?.path).toContain('accessPolicyVersion=3')
  expect(written()[0]?.body).toEqual({ access: [...entries, { role: 'WRITER', userByEmail: email }] })
})

test.each([
  ['WRITER', { userByEmail: email.toUpperCase() }],
  ['roles/bigquery.dataOwner', { iamMember: `serviceAccount:${email}` }],
])('an account that the list names as %s already is added no second time', async (role, who) => {
  const access = [{ role, ...who }]
  const { desk, written } = await serve(() => ({ body: { ...dataset, etag: '"e1"', access } }))
  expect(await make(desk, grant('dataset'))).toBeUndefined()
  expect(written()).toEqual([])
})

test.each([
  ['an access list that is not shown', { etag: '"e1"' }],
  ['an access list without an etag', { access: entries }],
])('%s is never replaced', async (_, given) => {
  const { desk, written } = await serve(() => ({ body: { ...dataset, ...given } }))
  const error = await make(desk, grant('dataset'))
  expect(written()).toEqual([])
  expect(error).toMatchObject({ kind: 'refused', next: expect.arrayContaining(['by hand on the dataset']) })
})

test('whatever a policy holds stays as it is, in its order', async () => {
  const bindings = [
    { role: 'roles/bigquery.jobUser', members: ['user:a@example.com'], condition: { title: 't', expression: 'false' } },
    {
      role: 'roles/owner',
      members: ['deleted:user:b@example.com?uid=1', 'principal://iam.googleapis.com/x/subject/y'],
    },
    { role: 'roles/bigquery.jobUser', members: [`deleted:serviceAccount:${email}?uid=1`], unheardOf: 1 },
  ]
  const rest = { auditConfigs: [{ service: 'allServices' }], unheardOf: { kept: true } }
  const { desk, written } = await serve(() => ({ body: { version: 1, etag: 'e1', bindings, ...rest } }))
  expect(await make(desk, grant('project'))).toBeUndefined()
  const [first, second, third] = bindings
  expect(written()[0]?.body).toEqual({
    policy: {
      version: 3,
      etag: 'e1',
      bindings: [first, second, { ...third, members: [...(third?.members ?? []), `serviceAccount:${email}`] }],
      ...rest,
    },
  })
})

test.each([
  ['nothing', {}],
  ['no etag', { bindings: [{ role: 'roles/owner', members: ['user:a@example.com'] }] }],
])('a policy that is answered with %s is never replaced', async (_, policy) => {
  const { desk, written } = await serve(() => ({ body: policy }))
  expect(await make(desk, grant('project'))).toBeDefined()
  expect(written()).toEqual([])
})

test('what was granted before a refusal is told, with the line for the rest', async () => {
  const { desk, written } = await serve(({ path }) =>
    path.startsWith('/v3/')
      ? { status: 403, body: { error: { message: 'The caller does not have permission' } } }
      : { body: { ...dataset, etag: '"e1"', access: entries } },
  )
  const error = await make(desk, grant('dataset'), grant('project'))
  expect(written()).toHaveLength(1)
  expect(error?.why).toContain('Made before that: dataset: + a role.')
  expect(error?.next).toContain('by hand on the project')
  expect(error?.next).not.toContain('by hand on the dataset')
})

test('a change that the service takes for wrong ends in its words and in the line by hand', async () => {
  const message = 'One or more users named in the policy do not belong to a permitted customer.'
  const { desk } = await serve(({ path }) =>
    path.includes('setIam') ? { status: 400, body: { error: { message } } } : { body: { etag: 'e1', bindings: [] } },
  )
  const error = await make(desk, grant('project'))
  expect(error?.why).toContain(message)
  expect(error?.next).toContain('by hand on the project')
})

test('a service account is granted as one, whatever its address looks like', async () => {
  const { desk, written } = await serve(() => ({ body: { etag: 'e1', bindings: [] } }))
  expect(await make(desk, { ...grant('project'), email: 'loader@demo.example.com' })).toBeUndefined()
  expect(JSON.stringify(written()[0]?.body)).toContain('"serviceAccount:loader@demo.example.com"')
})

describe('what setup says of an account', () => {
  const look = async (id: string, answer: Parameters<typeof serve>[0]) => {
    const { desk } = await serve(answer)
    const step = [operatorStep, uploaderStep, datasetStep]
      .map((make) => make({ operator: desk, uploader: { ...desk, role: 'uploader' }, createIfMissing: true, newEpoch }))
      .find((one) => one.id === id)
    return step?.look({ signal: new AbortController().signal, deadlineMs: 5_000 })
  }
  const newEpoch = (): string => 'e1'
  const denied = {
    status: 403,
    body: { error: { message: 'Access Denied: you may not', errors: [{ reason: 'accessDenied' }] } },
  }

  test('whose address is not known: the lines by hand, in whole sentences, and no repair that nobody could be granted', async () => {
    const seen = await look('operator', ({ path }) =>
      path.startsWith('/v3/') ? { body: {} } : path.includes('/jobs') ? denied : { body: { ...dataset, access: [] } },
    )
    expect(seen).not.toHaveProperty('repair')
    const { problem } = seen as { readonly problem: AppError }
    expect(problem.what).toBe('The operator lacks Job User.')
    expect(problem.why).toMatch(/^Its account may not run load jobs/)
    expect(problem.next[0]).toContain('--member=user:YOUR-ADDRESS')
  })

  test('on a server that cannot test a project at all: nothing is said to lack', async () => {
    const seen = await look('operator', ({ path }) =>
      path.startsWith('/v3/')
        ? { status: 405, body: {} }
        : { body: path.includes('/jobs') ? { status: { state: 'DONE' } } : { ...dataset } },
    )
    expect(seen).toHaveProperty('detail', expect.stringContaining('nothing says that it lacks the rest'))
  })
})
