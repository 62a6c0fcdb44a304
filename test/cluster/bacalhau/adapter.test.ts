import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { CallOptions } from '../../../src/cluster/cluster.ts'
import { AppError } from '../../../src/core/errors.ts'
import { type Cases, type Fake, fakeRequest, openFake } from './open-fake.ts'

const call: CallOptions = { signal: new AbortController().signal }
const toDispose: Fake[] = []

const fake = async (...given: Parameters<typeof openFake>): Promise<Fake> => {
  const opened = await openFake(...given)
  toDispose.push(opened)
  return opened
}

const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const thrown = await promise.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(AppError)
  return thrown as AppError
}

const started: Cases = { 'node list': ['node-list'], 'job run': ['job-run-ops'] }

afterEach(async () => {
  await Promise.all(toDispose.splice(0).map(({ dispose }) => dispose()))
})

describe('what the adapter asks of the CLI', () => {
  test('a run, from submit to stop, by exact arguments', async () => {
    const { cluster, calls, stateDir } = await fake({
      ...started,
      'job executions': ['job-executions-completed'],
      'job describe': ['job-describe-completed'],
      'job stop': ['job-stop-quiet'],
    })
    const request = fakeRequest()
    const job = await cluster.submit(request, call)
    for await (const { jobId } of cluster.watch(job, call)) expect(jobId).toBe(job.jobId)
    await cluster.logs({ jobId: job.jobId, executionId: 'e-b57bcbbc-aff3-4037-8e8b-fb991bba8eb7' }, call)
    await cluster.stop(job.jobId, call)

    const id = 'j-8f30c152-5fba-45c9-b809-fd17efe118aa'
    expect(job.jobId).toBe(id)
    const made = await calls()
    const lines = made.map(({ argv }) => argv.join(' '))
    expect(lines[0]).toBe('job run --wait=false --id-only --no-template')
    expect(lines.slice(1, 3).sort()).toEqual([
      `job executions ${id} --output json --limit 0`,
      'node list --output json',
    ])
    expect(lines.slice(3)).toEqual([
      `job describe ${id} --output json`,
      `job executions ${id} --output json --limit 0`,
      `job stop ${id} --quiet`,
    ])
    expect(made.map(({ stdin }) => stdin)).toEqual([request.spec, '', '', '', '', ''])
    for (const { env } of made) {
      expect(env).toMatchObject({ LOG_LEVEL: 'fatal', BACALHAU_UPDATECONFIG_INTERVAL: '0s' })
    }
    const path = join(stateDir, 'jobs', `${request.name}.yaml`)
    // the file carries a name of its own, so that the shown line touches nothing that was sent
    expect(await readFile(path, 'utf8')).toBe(request.spec.replace(request.name, `${request.name}-by-hand`))
    expect(job.command).toBe(`bacalhau job run --wait=false --id-only --no-template < ${path}`)
  })

  test('address and selector reach it; the shown line reaches the same API and holds no secret', async () => {
    const { cluster, calls } = await fake(
      started,
      { api: 'https://demo.example:4443', profile: 'talk', selector: 'cloud_provider=gcp' },
      { BACALHAU_API_KEY: 'key-0123456789abcdef' },
    )
    await cluster.nodes(call)
    const job = await cluster.submit(fakeRequest(), call)
    expect(cluster.about).toMatchObject({ label: 'https://demo.example:4443', access: 'API key' })
    const [listed, sent] = await calls()
    expect(listed?.argv.join(' ')).toBe('node list --output json --labels cloud_provider=gcp')
    expect(sent?.argv.join(' ')).toBe('job run --wait=false --id-only --no-template')
    expect(sent?.env).toMatchObject({
      BACALHAU_API_HOST: 'demo.example',
      BACALHAU_API_PORT: '4443',
      BACALHAU_API_TLS_USETLS: 'true',
      BACALHAU_API_KEY: 'key-0123456789abcdef',
    })
    expect(job.command).toMatch(
      /^BACALHAU_API_HOST=demo\.example BACALHAU_API_PORT=4443 BACALHAU_API_TLS_USETLS=true bacalhau job run .* </,
    )
    expect(job.command).not.toContain('0123456789')
  })

  test('a profile decides alone: nothing that is left in the environment wins over it', async () => {
    const { cluster, calls } = await fake(
      { ...started, 'profile list': ['profile-list'] },
      { profile: 'tok' },
      { BACALHAU_API_PORT: '99', BACALHAU_API_TLS_USETLS: 'true' },
    )
    const job = await cluster.submit(fakeRequest(), call)
    expect(cluster.about).toMatchObject({ label: 'http://127.0.0.1:1434', access: 'profile tok, its token' })
    const sent = (await calls()).find(({ key }) => key === 'job run')
    expect(sent?.argv.join(' ')).toBe('job run --wait=false --id-only --no-template --profile tok')
    expect(sent?.env).not.toHaveProperty('BACALHAU_API_PORT')
    expect(sent?.env).not.toHaveProperty('BACALHAU_API_TLS_USETLS')
    expect(job.command).toMatch(/--profile tok </)
  })

  test('a profile that the CLI does not know is refused: it would talk to this machine', async () => {
    const error = await failureOf(openFake({ ...started, 'profile list': ['profile-list'] }, { profile: 'nope' }))
    expect(error).toMatchObject({ kind: 'usage', what: 'The bacalhau CLI has no profile nope.' })
    expect(error.why).toBe('It has talk, tok.')
  })

  test('secrets of files go into the environment of the child alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bbq-secret-'))
    const apiKeyFile = join(folder, 'demo.key')
    await writeFile(apiKeyFile, 'key-0123456789abcdef\n', { mode: 0o600 })
    const { cluster, calls, stateDir } = await fake(started, { api: 'orch.example', apiKeyFile, caFile: 'ca.pem' })
    const job = await cluster.submit(fakeRequest(), call)
    const [sent] = await calls()
    expect(sent?.env).toMatchObject({
      BACALHAU_API_KEY: 'key-0123456789abcdef',
      BACALHAU_API_TLS_CAFILE: resolve('ca.pem'),
    })
    expect(sent?.argv.join(' ')).not.toContain('0123456789')
    expect(job.command).not.toContain('0123456789')
    expect(job.command).toContain(`BACALHAU_API_KEY="$(cat ${apiKeyFile})" bacalhau job run`)
    for (const name of await readdir(join(stateDir, 'jobs')))
      expect(await readFile(join(stateDir, 'jobs', name), 'utf8')).not.toContain('0123456789')
    await rm(folder, { recursive: true })
  })

  test.each([
    [{}, 'http://127.0.0.1:1234', 'no credentials'],
    [{ BACALHAU_API_HOST: 'http://orch.example', BACALHAU_API_PORT: '99' }, 'http://orch.example:99', 'no credentials'],
    [
      { BACALHAU_API_HOST: 'orch.example', BACALHAU_API_TLS_USETLS: 'true' },
      'https://orch.example:1234',
      'no credentials',
    ],
    [{ BACALHAU_API_USERNAME: 'demo', BACALHAU_API_PASSWORD: 'pw' }, 'http://127.0.0.1:1234', 'user demo'],
  ])('with %o it says that it talks to %s with %s', async (env, label, access) => {
    const { cluster } = await fake(started, {}, env)
    expect(cluster.about).toMatchObject({ label, access })
  })

  test.each([
    ['an address with a password in it', {}, { BACALHAU_API_HOST: 'https://user:pw-9@orch.example:7' }],
    ['http and https at once', { api: 'http://orch.example', tls: true }, {}],
    ['a key and a user at once', { username: 'demo' }, { BACALHAU_API_KEY: 'pw-9', BACALHAU_API_PASSWORD: 'pw-9' }],
    ['a user without a password', { username: 'demo' }, {}],
    ['a key file that is not there', { apiKeyFile: 'pw-9' }, {}],
  ])('%s is refused before anything is called, and no secret is shown', async (_, more, env) => {
    const error = await failureOf(openFake(started, more, env))
    expect(error.kind).toBe('usage')
    expect(`${error.message} ${error.next.join(' ')}`).not.toContain('pw-9')
    expect(error.next.length).toBeGreaterThan(0)
  })

  test('a key file that others may read is refused with what to type', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bbq secret-'))
    const apiKeyFile = join(folder, 'demo.key')
    await writeFile(apiKeyFile, 'key-0123456789abcdef\n', { mode: 0o644 })
    const error = await failureOf(openFake(started, { api: 'orch.example', apiKeyFile }))
    expect(error).toMatchObject({ kind: 'usage', next: [`Close it: chmod 600 '${apiKeyFile}'`] })
    expect(error.message).not.toContain('0123456789')
    await rm(folder, { recursive: true })
  })

  test('an address that is none is refused', async () => {
    const error = await failureOf(openFake(started, { api: 'http://' }))
    expect(error).toMatchObject({ kind: 'usage' })
  })

  test('a job of the same name is never forced over a running one, and nothing is stopped for it', async () => {
    const { cluster, calls } = await fake({ ...started, 'job run': ['job-run-ops', 'job-run-same-again'] })
    const request = fakeRequest()
    await cluster.submit(request, call)
    const error = await failureOf(cluster.submit(request, call))
    expect(error.what).toMatch(/the same was sent before/)
    const made = await calls()
    expect(made.map(({ key }) => key)).toEqual(['job run', 'job run'])
    for (const { argv } of made) expect(argv).not.toContain('--force')
  })

  test('nothing is sent for a spec that is not valid', async () => {
    const { cluster, calls } = await fake(started)
    await failureOf(cluster.submit({ ...fakeRequest(), spec: 'Name: [' }, call))
    await cluster.nodes(call)
    expect((await calls()).map(({ key }) => key)).toEqual(['node list'])
  })

  test('the job itself is asked only when it may have ended', async () => {
    const { cluster, calls } = await fake({
      ...started,
      'job executions': ['running-executions', 'running-executions', 'exit3-executions'],
      'job describe': ['exit3-describe'],
    })
    const job = await cluster.submit(fakeRequest(), call)
    const states: string[] = []
    for await (const { state } of cluster.watch(job, call)) states.push(state)
    expect(states).toEqual(['running', 'completed'])
    expect((await calls()).filter(({ key }) => key === 'job describe').length).toBe(1)
  })
})

test.each([
  ['was scheduled and ended between two answers', 'no-nodes-executions'],
  ['met an orchestrator that did not answer for a moment', 'api-unreachable'],
])('a job that %s keeps its executions', async (_, first) => {
  const { cluster } = await fake({
    ...started,
    'job executions': [first, 'exit3-executions'],
    'job describe': ['exit3-describe'],
  })
  const job = await cluster.submit(fakeRequest(), call)
  const counts: number[] = []
  for await (const { executions } of cluster.watch(job, call)) counts.push(executions.length)
  expect(counts).toEqual([3])
})

describe('a CLI that misbehaves', () => {
  test('that never answers is ended at the deadline', async () => {
    const { cluster } = await fake({ 'node list': ['slow'] })
    const error = await failureOf(cluster.nodes({ ...call, deadlineMs: 300 }))
    expect(error).toMatchObject({ kind: 'unreachable' })
    expect(error.why).toContain('0.3 s')
  })

  test('is ended when the caller gives up, and when the cluster is closed', async () => {
    const { cluster } = await fake({ 'node list': ['slow'] })
    expect((await failureOf(cluster.nodes({ signal: AbortSignal.timeout(100) }))).kind).toBe('interrupted')
    const waiting = failureOf(cluster.nodes(call))
    await cluster.close()
    expect((await waiting).kind).toBe('interrupted')
  })

  test.each([
    ['garbage', /502 Bad Gateway/],
    ['silent', /It was empty/],
  ])('that answers %s', async (mode, why) => {
    const { cluster } = await fake({ 'node list': [mode], 'job run': [mode] })
    expect((await failureOf(cluster.nodes(call))).why).toMatch(why)
    expect((await failureOf(cluster.submit(fakeRequest(), call))).kind).toBe('failed')
  })

  test('that writes its log before the answer is understood', async () => {
    const { cluster } = await fake({ 'node list': ['noise:node-list'] })
    expect((await cluster.nodes(call)).length).toBe(3)
  })

  test('that is missing is named, with the way out', async () => {
    const error = await failureOf(fake(started, { command: 'bacalhau-that-is-not-here' }))
    expect(error.what).toBe('The program bacalhau-that-is-not-here was not found.')
    expect(error.next.join(' ')).toContain('sandbox')
  })

  test('that is too old is named with its version, before anything is asked of it', async () => {
    const cli = await failureOf(fake({ 'version --client': ['old:version-client'] }))
    expect(cli).toMatchObject({ kind: 'usage', what: 'The bacalhau CLI is v1.7.2.' })
    const server = await failureOf(fake({ 'agent version': ['old:agent-version'] }))
    expect(server).toMatchObject({ kind: 'usage', what: 'The Bacalhau orchestrator is v1.7.2.' })
  })

  test('that reaches no orchestrator does not open', async () => {
    const error = await failureOf(fake({ 'agent version': ['api-unreachable'] }))
    expect(error).toMatchObject({ kind: 'unreachable' })
    expect(error.what).toContain('does not answer')
  })

  test('that fails says why', async () => {
    const { cluster } = await fake({ 'node list': ['api-unreachable'] })
    expect(await failureOf(cluster.nodes(call))).toMatchObject({ kind: 'unreachable' })
  })
})

describe('logs that do not come', () => {
  test('an execution that never started is not asked', async () => {
    const { cluster, calls } = await fake({ 'job executions': ['forbidden-mount-executions'], 'job logs': ['slow'] })
    const [first] = JSON.parse(
      await readFile(new URL('../../fixtures/bacalhau/forbidden-mount-executions.stdout', import.meta.url), 'utf8'),
    )
    expect(await cluster.logs({ jobId: 'j', executionId: first.ID }, call)).toEqual([])
    expect((await calls()).map(({ key }) => key)).toEqual(['job executions'])
  })

  test('one that ended is told by what Bacalhau kept of it', async () => {
    const { cluster } = await fake({ 'job executions': ['exit3-executions'], 'job logs': ['slow'] })
    const executionId = 'e-9f424920-559a-4e00-ae7a-67e7e8eadcf7'
    expect(await cluster.logs({ jobId: 'j', executionId }, { ...call, deadlineMs: 500 })).toEqual(['broken', 'before'])
  })

  test('one that runs on a busy node ends in words', async () => {
    const { cluster } = await fake({ 'job executions': ['running-executions'], 'job logs': ['slow'] })
    const executionId = 'e-524896c0-d37b-439a-ab47-0c450bfe75ca'
    const error = await failureOf(cluster.logs({ jobId: 'j', executionId }, { ...call, deadlineMs: 500 }))
    expect(error).toMatchObject({ kind: 'unreachable', what: 'The log of aws-1 does not come.' })
  })
})
