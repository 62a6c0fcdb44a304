import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerWizard, openSession, type Session, walk } from '../../e2e/session.ts'
import { countLogs, emptyNodes, idsOf, nodesOf, openWorkplace, type Workplace } from '../bbq.ts'
import { realCluster } from '../cluster.ts'
import { makeReady } from '../make-ready.ts'
import { localBigquery, localProject, whyNoBigquery } from './server.ts'

const missing = await whyNoBigquery()

describe.skipIf(missing !== undefined)('the demo on a real cluster and a BigQuery server', () => {
  let place: Workplace
  let session: Session | undefined
  let env: Readonly<Record<string, string>> = {}

  beforeAll(async () => {
    emptyNodes()
    place = await openWorkplace()
    rmSync(join(place.folder, 'config.yaml'))
    // the server listens on this machine alone, and nodes share its network
    env = { BBQ_WAREHOUSE_API_ENDPOINT: await localBigquery(), BBQ_CLUSTER_NETWORK: 'host' }
  }, 300_000)
  afterAll(async () => {
    await session?.close()
    await place.close()
  })

  const bbq = (...args: readonly string[]) =>
    place.bbq(...args, '--warehouse-api-endpoint', env['BBQ_WAREHOUSE_API_ENDPOINT'] ?? '', '--cluster-network', 'host')

  test('goes from the wizard to the Summary in a terminal, every line counted once in BigQuery', async () => {
    const { api, nodes } = realCluster()
    session = await openSession({ columns: 120, rows: 40, folder: place.folder, env: { ...realCluster().env, ...env } })
    const { terminal } = session
    await terminal.waitFor('Give the demo here')
    terminal.press('Down', 'Down', 'Enter')
    await answerWizard(session, {
      'project.id': localProject,
      'bigquery.dataset_name': `crown_${process.pid}`,
      'cluster.api': api,
    })

    await makeReady(session)
    await walk(session, 'Space', /The same question, four ways to ask it/)
    terminal.press('q')
    expect(await terminal.exit).toEqual({ code: 0, signal: 0 })

    expect((await bbq('logs', 'stop')).code).toBe(0)
    for (const stage of ['raw', 'structured', 'private', 'aggregated'])
      expect(Object.values(nodesOf(await bbq('run', stage, '--json'))).map(({ state }) => state)).toEqual(
        nodes.map(() => 'done'),
      )
    const counted = countLogs()
    const same = (count: 'lines' | 'parsed') =>
      Object.fromEntries(nodes.map((node) => [node, { ids: counted[node]?.[count], rows: counted[node]?.[count] }]))
    expect(await idsOf({ bbq }, 'raw_logs')).toEqual(same('lines'))
    expect(await idsOf({ bbq }, 'log_results', "version = 'structured'")).toEqual(same('parsed'))
    expect(await idsOf({ bbq }, 'log_results', "version = 'private'")).toEqual(same('parsed'))
  }, 600_000)
})
