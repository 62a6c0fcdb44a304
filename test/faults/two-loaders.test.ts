import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { FaultKind } from '../bigquery/server/faults.ts'
import { startStandIn } from '../bigquery/server/stand-in.ts'
import type { StandIn } from '../bigquery/server/types.ts'
import { epoch, makeNode, type TestNode } from '../processors/run/test-node.ts'
import { makeDataset } from '../processors/sinks/bigquery-dataset.ts'
import { runLoader } from './loader.ts'
import { logText, randomFrom } from './log-text.ts'

const first = Number(process.env['BBQ_SEED'] ?? Math.floor(Math.random() * 1e9))
const seeds = Array.from({ length: Number(process.env['BBQ_SEEDS'] ?? 3) }, (_, i) => first + i)
const rights = ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser']
const lines = 900

/** What leaves one of two loaders in doubt about the job of the other. */
const doubts: readonly FaultKind[] = [
  ...(['cut before acceptance', 'cut after acceptance', '503 after acceptance', 'silence after acceptance'] as const),
  ...(['404 notFound', '500 before acceptance', '429 Retry-After 1', 'html page with 200'] as const),
  ...(['200 without status', 'answer after 50 ms', 'RUNNING for 3 polls', 'job fails with backendError'] as const),
  ...(['job fails with stopped', 'job fails with jobRateLimitExceeded', 'job fails with notFound'] as const),
]

let server: StandIn
let node: TestNode
afterEach(async () => {
  await server.close()
  node.remove()
})

test.each(seeds)(
  'two loaders at once on one log send no chunk under two ids that both load, BBQ_SEED=%i',
  async (seed) => {
    const random = randomFrom(seed)
    server = await startStandIn()
    for (const account of ['owner', 'uploader']) server.grant(account, rights)
    await makeDataset(
      { url: server.url, projectId: server.projectId, dataset: 'logs', token: server.token('owner') },
      epoch,
    )
    node = makeNode()
    writeFileSync(node.log, logText(0, lines, random))
    writeFileSync(join(node.data, '.bbq', 'credentials.json'), server.keyFile('uploader'), { mode: 0o600 })
    server.faults.random({ share: 0.25, kinds: doubts, seed, on: ['jobs.insert', 'jobs.get'] })
    const flags = [
      ...[
        '--stage',
        'aggregated',
        '--epoch',
        epoch,
        '--data',
        node.data,
        '--sink',
        `bigquery:${server.projectId}/logs`,
      ],
      ...['--api-endpoint', server.url, '--token-endpoint', server.tokenUrl, '--chunk-bytes', '2000'],
      ...['--load-pause-ms', '10', '--load-silence-ms', '300'],
    ]
    const untilDone = async (): Promise<void> => {
      for (let tries = 0; tries < 40; tries++) {
        const end = await runLoader({ flags, killAfter: 300 + Math.floor(random() * 4_000) })
        if (end.code === 0) return
      }
      throw new Error('a loader came to no end')
    }
    await Promise.all([untilDone(), untilDone()])
    await server.settled()

    const loaded = server.jobs().filter(({ state, error }) => state === 'DONE' && error === undefined)
    const chunks = loaded.map(({ id }) => id.slice(0, id.lastIndexOf('_')))
    expect(new Set(chunks).size).toBe(chunks.length)
    expect(server.faults.fired.length).toBeGreaterThan(10)
    const rows = await server.rowsOf('logs', 'log_aggregates')
    const counted = rows.reduce((sum, row) => sum + Number(row['total_count']), 0)
    server.faults.clear()
    const { report } = await runLoader({ flags })
    expect(report).toMatchObject({ chunks: 0, bytes_unread: 0 })
    expect(counted).toBeGreaterThan(lines * 0.95)
    expect(counted).toBeLessThanOrEqual(lines)
  },
  120_000,
)
