import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fault, FaultKind } from '../bigquery/server/faults.ts'
import { startStandIn } from '../bigquery/server/stand-in.ts'
import type { StandIn } from '../bigquery/server/types.ts'
import { ask, tableOf } from '../processors/run/compare.ts'
import { epoch, makeNode, type TestNode } from '../processors/run/test-node.ts'
import { makeDataset } from '../processors/sinks/bigquery-dataset.ts'
import { type LoaderEnd, runLoader } from './loader.ts'
import { logText, randomFrom } from './log-text.ts'

const seed = Number(process.env['BBQ_SEED'] ?? Math.floor(Math.random() * 1e9))
const rights = ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser']

/** What a run lives through. */
const passing: readonly FaultKind[] = [
  ...(['cut before acceptance', 'cut after acceptance', '500 before acceptance', '503 before acceptance'] as const),
  ...(['503 after acceptance', 'silence', 'silence after acceptance', 'never ending answer'] as const),
  ...(['answer after 50 ms', '429 Retry-After 1', '403 rateLimitExceeded', '403 accessDenied'] as const),
  ...(['404 notFound', 'html page', 'html page with 200', 'html page with 403'] as const),
  ...(['cut JSON', '200 without status'] as const),
  ...(['expired token', 'RUNNING for 3 polls', 'job fails with backendError', 'job fails with internalError'] as const),
  ...(['job fails with jobBackendError', 'job fails with jobInternalError', 'job fails with stopped'] as const),
  ...(['job fails with jobRateLimitExceeded', 'job fails with rateLimitExceeded'] as const),
  ...(['job fails with notFound', 'job fails with accessDenied'] as const),
]

/** What ends a run, so that it is left to the next. */
const ending: readonly Fault[] = [
  ...([
    '403 quotaExceeded',
    '403 billingNotEnabled',
    '403 accessNotConfigured',
    'job fails with quotaExceeded',
  ] as const),
  ...(['job fails with invalid', '403 quotaExceeded', 'job fails with invalid'] as const),
].map((kind, i): Fault => ({ on: 'jobs.insert', do: kind, nth: 100 + i * 250 }))

const refusedKeys: readonly Fault[] = [
  { on: 'oauth.token', do: 'invalid_grant', nth: 10 },
  { on: 'oauth.token', do: 'clock wrong', nth: 20 },
]

interface Work {
  readonly stage: string
  readonly lines: number
  readonly node: TestNode
}

const servers: StandIn[] = []
const nodes: TestNode[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  for (const node of nodes.splice(0)) node.remove()
})

const nodeWith = (log: string): TestNode => {
  const node = makeNode()
  nodes.push(node)
  writeFileSync(node.log, log)
  return node
}

describe(`loads under faults and kills, BBQ_SEED=${seed}`, () => {
  test('2,000 loads with 20 % faults of every kind: every row once', async () => {
    const random = randomFrom(seed)
    const server = await startStandIn()
    servers.push(server)
    for (const account of ['owner', 'uploader']) server.grant(account, rights)
    const place = { url: server.url, projectId: server.projectId, dataset: 'logs', token: server.token('owner') }
    await makeDataset(place, epoch)

    const work: readonly Work[] = ['raw', 'structured', 'aggregated', 'raw', 'structured', 'aggregated'].map(
      (stage, i) => ({ stage, lines: 5_200, node: nodeWith(logText(i * 10_000, 5_200, random)) }),
    )

    const flagsOf = ({ stage, node }: Work): readonly string[] => [
      ...['--stage', stage, '--epoch', epoch, '--data', node.data, '--sink', `bigquery:${server.projectId}/logs`],
      ...['--api-endpoint', server.url, '--token-endpoint', server.tokenUrl, '--chunk-bytes', '1500'],
      ...['--load-pause-ms', '20', '--load-silence-ms', '400'],
    ]
    for (const { node } of work)
      writeFileSync(join(node.data, '.bbq', 'credentials.json'), server.keyFile('uploader'), { mode: 0o600 })
    server.faults.add(...ending, ...refusedKeys)
    server.faults.random({ share: 0.2, kinds: passing, seed })

    const ends: LoaderEnd[] = []
    const finish = async (each: Work): Promise<void> => {
      for (let tries = 0; tries < 500; tries++) {
        const end = await runLoader({ flags: flagsOf(each), killAfter: 500 + Math.floor(random() * 12_000) })
        ends.push(end)
        if (end.code === 0) return
      }
      throw new Error(`stage ${each.stage} did not come to an end`)
    }
    await Promise.all(work.map(finish))

    const done = server.jobs().filter(({ error, state }) => error === undefined && state === 'DONE')
    const chunks = done.map(({ id }) => id.slice(0, id.lastIndexOf('_')))
    expect(new Set(chunks).size).toBe(chunks.length)
    expect(done.length).toBeGreaterThan(2_000)
    expect(ends.filter(({ code }) => code === null).length).toBeGreaterThan(10)
    const hit = new Set(server.faults.fired.map(({ kind }) => kind))
    const kinds = [...passing, ...[...ending, ...refusedKeys].map((fault) => fault.do)]
    expect(kinds.filter((kind) => !hit.has(kind))).toEqual([])
    expect(server.faults.fired.length / server.requests.count()).toBeGreaterThan(0.15)

    server.faults.clear()
    for (const each of work) {
      const clean = await runLoader({ flags: flagsOf(each) })
      expect(clean.report, clean.stderr).toMatchObject({ chunks: 0, bytes_unread: 0 })
    }
    await expectOnce(server, work)

    const said = ends.map(({ stdout, stderr }) => stdout + stderr).join('\n')
    const key: unknown = JSON.parse(server.keyFile('uploader'))
    for (const secret of [...keyLines(key), 'ya29.', 'eyJ']) expect(said).not.toContain(secret)
    for (const { report } of ends) expect(Buffer.byteLength(report?.error ?? '')).toBeLessThanOrEqual(600)
  }, 600_000)
})

/** The lines of the private key in a key file. */
const keyLines = (file: unknown): readonly string[] =>
  typeof file === 'object' && file !== null && 'private_key' in file
    ? String(file.private_key)
        .split('\n')
        .filter((line) => line.length > 20)
    : []

/** The same rows as runs into folders give that nothing disturbed. */
const expectOnce = async (server: StandIn, work: readonly Work[]): Promise<void> => {
  const truths: { readonly node: TestNode; readonly tables: readonly string[] }[] = []
  for (const { stage, lines, node } of work) {
    const truth = nodeWith('')
    cpSync(node.log, truth.log)
    const flags = ['--stage', stage, '--epoch', epoch, '--data', truth.data, '--sink', `folder:${truth.dataset}`]
    const { report } = await runLoader({ flags })
    expect(report).toMatchObject({ lines_read: lines, chunks: 1 })
    truths.push({ node: truth, tables: Object.keys(report?.rows ?? {}) })
  }
  for (const table of ['raw_logs', 'log_results', 'emergency_logs'] as const) {
    const kind = table === 'emergency_logs' ? "' ' || kind" : "''"
    const all = truths.filter(({ tables }) => tables.includes(table)).map(({ node }) => `FROM ${tableOf(node, table)}`)
    const [expected] = await ask(
      `SELECT list(id ORDER BY id) FROM (${all.map((from) => `SELECT remote_log_id || ${kind} AS id ${from}`).join(' UNION ALL ')})`,
    )
    const rows = await server.rowsOf('logs', table)
    const ids = rows.map((row) => [row['remote_log_id'], row['kind']].filter((part) => part !== undefined).join(' '))
    expect(new Set(ids).size, table).toBe(ids.length)
    expect(ids.sort(), table).toEqual(expected)
  }
  const rows = await server.rowsOf('logs', 'log_aggregates')
  const keys = rows.map((row) => `${row['chunk_id']} ${row['time_window']}`)
  expect(new Set(keys).size).toBe(keys.length)
  const parsed = rows.reduce((sum, row) => sum + Number(row['total_count']), 0)
  const aggregated = truths.filter(({ tables }) => tables.includes('log_aggregates'))
  let expected = 0
  for (const { node } of aggregated)
    expected += Number((await ask(`SELECT sum(total_count)::INT FROM ${tableOf(node, 'log_aggregates')}`))[0])
  expect(parsed).toBe(expected)
}
