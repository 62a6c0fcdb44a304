import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { answerWizard, openSession } from '../e2e/session.ts'
import {
  countLogs,
  emptyNodes,
  fillLogs,
  idsOf,
  type LineCounts,
  nodesOf,
  openWorkplace,
  type Workplace,
} from './bbq.ts'
import { bacalhau, containerOn, docker, killNode, realCluster, startNode, waitConnected } from './cluster.ts'

/** Enough for a stage to take some seconds. */
const lines = 250_000

interface Job {
  readonly ID: string
  readonly Name: string
}

const jobsOf = async (stage: string): Promise<readonly Job[]> => {
  const all = JSON.parse(await bacalhau(['job', 'list', '--limit', '0', '--output', 'json'])) as readonly Job[]
  return all.filter(({ Name }) => Name.startsWith(`bbq-${stage}-`))
}

const done = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(realCluster().nodes.map((node) => [node, { state: 'done', reason: '' }]))

describe('on a real cluster, nothing is lost and nothing counted twice', () => {
  let place: Workplace
  let counted: Readonly<Record<string, LineCounts>>

  beforeAll(async () => {
    emptyNodes()
    await fillLogs(lines)
    counted = countLogs()
    place = await openWorkplace()
    const prepared = await place.bbq('nodes', 'prepare')
    expect(prepared.code, prepared.stderr).toBe(0)
  }, 180_000)
  afterAll(() => place.close())

  /** Whether the state folder says that the job of stage Raw had not ended. */
  const runUnderWay = (): boolean => {
    const { runs } = JSON.parse(readFileSync(join(place.folder, '.bbq/runs.json'), 'utf8')) as {
      readonly runs: readonly { readonly stageId: string; readonly endedAt?: number }[]
    }
    const raw = runs.find(({ stageId }) => stageId === 'raw')
    return raw !== undefined && raw.endedAt === undefined
  }

  const expectOnce = async (table: string, count: keyof LineCounts, where?: string): Promise<void> => {
    const found = await idsOf(place, table, where)
    for (const node of realCluster().nodes)
      expect(found[node], node).toEqual({ ids: counted[node]?.[count], rows: counted[node]?.[count] })
  }

  test('when the terminal UI is killed in the middle of a stage: a new start goes on with the running job', async () => {
    const options = { columns: 120, rows: 40, folder: place.folder, env: realCluster().env }
    const first = await openSession(options)
    onTestFinished(() => first.close())
    await first.terminal.waitFor('Give the demo here')
    first.terminal.press('Down', 'Down', 'Enter')
    await answerWizard(first, {})
    await first.terminal.waitFor('All is ready', 60_000)
    first.terminal.press('1')
    await first.terminal.waitFor(/run it/)
    first.terminal.press('Space')
    await first.terminal.waitFor(/running/, 60_000)
    await first.close()
    expect(runUnderWay()).toBe(true)
    const sent = await jobsOf('raw')

    const second = await openSession(options)
    try {
      await second.terminal.waitFor('Open what was here before')
      second.terminal.press('End', 'Enter')
      // Setup shows for a moment that all is ready, before the screen goes to the job
      await second.terminal.waitFor(/job j-\S+ · done in .* s/, 120_000)
      await second.terminal.waitFor(/Space next/, 120_000)
      second.terminal.press('q')
      expect(await second.terminal.exit).toEqual({ code: 0, signal: 0 })
    } finally {
      await second.close()
    }
    // the second program sent none
    expect((await jobsOf('raw')).map(({ ID }) => ID).sort()).toEqual(sent.map(({ ID }) => ID).sort())
    await expectOnce('raw_logs', 'lines')
  })

  test('when a node dies: the stage ends with its name, and a run after its return completes it', async () => {
    const run = place.start('run', 'structured', '--json')
    await containerOn('azure-1', '--stage')
    await killNode('azure-1')
    const outcome = await run.done
    startNode('azure-1')
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/azure-1: no news for \d+ s/)
    const nodes = nodesOf(outcome)
    expect(nodes['azure-1']?.state).toBe('lost')
    expect(nodes['azure-1']?.reason).toContain('lost')
    expect([nodes['aws-1']?.state, nodes['gcp-1']?.state]).toEqual(['done', 'done'])
    await waitConnected()
    expect(nodesOf(await place.bbq('run', 'structured', '--json'))).toEqual(done())
    await expectOnce('log_results', 'parsed', "version = 'structured'")
  })

  test('when a container runs out of memory, or is killed: it is named as that, and the next run completes it', async () => {
    const short = await place.bbq('run', 'private', '--json', '--cluster-memory-mb', '64')
    expect(short.code).toBe(1)
    for (const { state, reason } of Object.values(nodesOf(short))) {
      expect(state).toBe('failed')
      expect(reason).toContain('memory limit exceeded')
    }
    const run = place.start('run', 'private', '--json')
    await docker('gcp-1', ['kill', await containerOn('gcp-1', '--stage')])
    const outcome = await run.done
    expect(outcome.code).toBe(1)
    expect(nodesOf(outcome)['gcp-1']).toMatchObject({ state: 'failed', reason: expect.stringContaining('137') })
    expect(nodesOf(await place.bbq('run', 'private', '--json'))).toEqual(done())
    await expectOnce('log_results', 'parsed', "version = 'private'")
  })

  test('when a job is stopped by somebody else: it is named as that, and the next run completes it', async () => {
    const run = place.start('run', 'aggregated', '--json')
    await containerOn('aws-1', '--stage')
    const [job] = await jobsOf('aggregated')
    await bacalhau(['job', 'stop', job?.ID ?? '', '--quiet'])
    const outcome = await run.done
    expect(outcome.code).toBe(1)
    expect(Object.values(nodesOf(outcome)).map(({ state }) => state)).toContain('stopped')
    expect(nodesOf(await place.bbq('run', 'aggregated', '--json'))).toEqual(done())
    const sql =
      'SELECT nodeName, sum(total_count)::BIGINT, count(*) - count(DISTINCT (chunk_id, time_window)) FROM log_aggregates GROUP BY 1'
    const { rows } = JSON.parse((await place.bbq('query', sql, '--json')).stdout) as {
      readonly rows: readonly (readonly [string, number, number])[]
    }
    for (const [node, total, twice] of rows) expect([node, total, twice]).toEqual([node, counted[node]?.parsed, 0])
    expect(rows).toHaveLength(3)
  })
})
