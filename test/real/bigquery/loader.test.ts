import { cpSync, writeFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type LoaderEnd, runLoader } from '../../faults/loader.ts'
import { logText, randomFrom } from '../../faults/log-text.ts'
import { ask, tableOf } from '../../processors/run/compare.ts'
import { epoch, makeNode, type TestNode } from '../../processors/run/test-node.ts'
import { makeDataset } from '../../processors/sinks/bigquery-dataset.ts'
import { localBigquery, localProject, whyNoBigquery } from './server.ts'

const missing = await whyNoBigquery()
const seed = Number(process.env['BBQ_SEED'] ?? Math.floor(Math.random() * 1e9))

const answerSchema = z.object({ rows: z.array(z.object({ f: z.array(z.object({ v: z.string().nullable() })) })) })

describe.skipIf(missing !== undefined)(`loaders on a BigQuery server, BBQ_SEED=${seed}`, () => {
  let url = ''
  let datasets = 0
  const nodes: TestNode[] = []
  beforeAll(async () => {
    url = await localBigquery()
  }, 300_000)
  afterEach(() => {
    for (const node of nodes.splice(0)) node.remove()
  })

  const nodeWith = (lines: number): TestNode => {
    const node = makeNode()
    nodes.push(node)
    writeFileSync(node.log, logText(0, lines, randomFrom(seed)))
    return node
  }

  const newDataset = async (): Promise<string> => {
    const dataset = `loader_${process.pid}_${Date.now()}_${datasets++}`
    await makeDataset({ url, projectId: localProject, dataset }, epoch)
    return dataset
  }

  /** The first row of an answer of the server. */
  const askServer = async (query: string): Promise<readonly (string | null)[]> => {
    const answer = await fetch(`${url}/bigquery/v2/projects/${localProject}/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, useLegacySql: false }),
    })
    return answerSchema.parse(await answer.json()).rows[0]?.f.map(({ v }) => v) ?? []
  }

  const flagsOf = (node: TestNode, dataset: string, stage: string, chunkBytes: number): readonly string[] => [
    ...['--stage', stage, '--epoch', epoch, '--data', node.data, '--sink', `bigquery:${localProject}/${dataset}`],
    ...['--api-endpoint', url, '--chunk-bytes', String(chunkBytes), '--load-pause-ms', '50'],
  ]

  const foldered = async (node: TestNode, stage: string): Promise<TestNode> => {
    const truth = nodeWith(0)
    cpSync(node.log, truth.log)
    const flags = ['--stage', stage, '--epoch', epoch, '--data', truth.data, '--sink', `folder:${truth.dataset}`]
    expect((await runLoader({ flags })).code).toBe(0)
    return truth
  }

  const expectOnce = async (dataset: string, table: string, truth: TestNode): Promise<void> => {
    const figures =
      'count(*) AS n, count(DISTINCT remote_log_id) AS ids, min(remote_log_id) AS first, max(remote_log_id) AS last'
    const there = await askServer(`SELECT ${figures} FROM ${dataset}.${table}`)
    expect(there).toEqual((await ask(`SELECT ${figures} FROM ${tableOf(truth, table)}`)).map(String))
    expect(there[0]).toBe(there[1])
  }

  test('killed at random and started again load every row once', async () => {
    const random = randomFrom(seed)
    const node = nodeWith(20_000)
    const dataset = await newDataset()
    const ends: LoaderEnd[] = []
    for (let tries = 0; tries < 60; tries++) {
      const flags = flagsOf(node, dataset, 'structured', 25_000)
      ends.push(await runLoader({ flags, killAfter: Math.floor(random() * 1_500) }))
      if (ends.at(-1)?.code === 0) break
    }
    expect(ends.at(-1)?.code, ends.at(-1)?.stderr).toBe(0)
    expect(ends.filter(({ code }) => code === null).length).toBeGreaterThan(2)
    await expectOnce(dataset, 'log_results', await foldered(node, 'structured'))
  })

  test('say at once that a table is missing, keep the rows, and go on when it is there', async () => {
    const node = nodeWith(500)
    const dataset = await newDataset()
    const at = `${url}/bigquery/v2/projects/${localProject}/datasets/${dataset}/tables`
    const table: unknown = await (await fetch(`${at}/log_results`)).json()
    await fetch(`${at}/log_results`, { method: 'DELETE' })
    const flags = [...flagsOf(node, dataset, 'structured', 1_000_000), '--load-pause-ms', '5']
    const failed = await runLoader({ flags })
    expect(failed.code).toBe(1)
    expect(failed.report?.error).toMatch(/refuses chunk abcd1234-\w+ of log_results \(notFound\), its rows are kept in/)
    const { schema, tableReference, timePartitioning } = z
      .object({ schema: z.unknown(), tableReference: z.unknown(), timePartitioning: z.unknown() })
      .parse(table)
    await fetch(at, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema, tableReference, timePartitioning }),
    })
    expect((await runLoader({ flags })).code).toBe(0)
    await expectOnce(dataset, 'log_results', await foldered(node, 'structured'))
  })
})
