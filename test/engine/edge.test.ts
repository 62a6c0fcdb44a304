import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { type EdgeLine, mostEdgeRows } from '../../src/core/edge.ts'
import { askEdge, type EdgeQuestion, type Merge } from '../../src/engine/edge/ask-edge.ts'
import type { EdgeRelation } from '../../src/engine/edge/relation.ts'
import { programs } from '../../src/programs.ts'
import { type FakeCluster, fakeCluster } from '../fakes/cluster.ts'
import { configOf, world } from '../fakes/world.ts'

type Rows = readonly (readonly (string | number)[])[]

const said = (columns: readonly string[], rows: Rows, more: Partial<Extract<EdgeLine, { type: 'end' }>> = {}) => {
  const lines: readonly EdgeLine[] = [
    { type: 'columns', columns: columns.map((name) => ({ name, type: 'BIGINT' })) },
    ...rows.map((values): EdgeLine => ({ type: 'row', values })),
    {
      type: 'end',
      rows: rows.length,
      truncated: false,
      full: false,
      ms: 3,
      lines_read: 9,
      lines_parsed: 8,
      bytes_read: 100,
      ...more,
    },
  ]
  return lines.map((line) => JSON.stringify(line))
}

/** The fake cluster, whose nodes print what `print` gives for their index. */
const printing = (cluster: FakeCluster, print: (node: number) => readonly string[]): Cluster => ({
  ...cluster,
  logs: async ({ executionId }) => print(Number(/-(\d+)$/.exec(executionId)?.[1])),
})

const merged: { relation: EdgeRelation; sql: string }[] = []
const merge: Merge = async (relation, { sql }) => {
  merged.push({ relation, sql })
  return { columns: [{ name: 'merged', type: 'BIGINT' }], rows: [[relation.rows.length]], truncated: false }
}

const ask = (cluster: Cluster, question: EdgeQuestion, nodes = ['aws-1', 'gcp-1', 'azure-1']) =>
  askEdge(
    {
      cluster,
      parts: { config: configOf(), template: async () => template, newId: () => 'id1' },
      nodes,
      runtime: 'abc123',
      question,
      merge,
      clock: () => 1_000,
      pause: async () => undefined,
    },
    { signal: new AbortController().signal, deadlineMs: 5_000 },
  )

const template = readFileSync(join(programs.jobs, 'edge.yaml'), 'utf8')

describe('a question to the nodes', () => {
  test('lets all nodes together give as many bytes as one answer holds', async () => {
    for (const [nodes, share] of [
      [2, 8 * 1024 * 1024],
      [16, 4 * 1024 * 1024],
    ] as const) {
      const fake = fakeCluster({ nodes })
      const ids = (await fake.nodes({ signal: new AbortController().signal })).map(({ id }) => id)
      const cluster = printing(fake, () => said(['n'], [[1]]))
      await ask(cluster, { sql: 'SELECT 1', limit: 100 }, ids)
      expect(fake.submitted[0]?.spec).toContain(`"--bytes","${share}"`)
    }
  })

  test('is one job over a read-only folder, and its answers come under their nodes', async () => {
    const fake = fakeCluster({ nodes: 3 })
    const cluster = printing(fake, (node) => ['noise', ...said(['n'], [[node * 10]]), '{"type":"cut'])
    const { result, answered, failed } = await ask(cluster, { sql: "SELECT ':' || 1 FROM logs", limit: 100 })
    expect(result).toMatchObject({
      columns: [
        { name: 'node', type: 'VARCHAR' },
        { name: 'n', type: 'BIGINT' },
      ],
      rows: [
        ['aws-1', 0],
        ['gcp-1', 10],
        ['azure-1', 20],
      ],
      truncated: false,
    })
    expect([answered.length, failed.length]).toEqual([3, 0])
    const [request] = fake.submitted
    expect(request?.spec).toContain('"ReadWrite":false')
    expect(request?.spec).toContain(JSON.stringify("--sql=SELECT ':' || 1 FROM logs"))
    expect(request?.spec).toContain('/var/log/app/.bbq/runtime/abc123/run.mjs')
  })

  test('is merged by a second query over all rows, which asks every node for all that it may give', async () => {
    const fake = fakeCluster({ nodes: 3 })
    const cluster = printing(fake, () => said(['n', 'N', 'node'], [[1, 2, 3]], { truncated: true }))
    const { result, answered } = await ask(cluster, { sql: 'SELECT 1', merge: 'SELECT 2 FROM edge', limit: 5 })
    expect(result.rows).toEqual([[3]])
    expect(answered.every(({ truncated }) => truncated)).toBe(true)
    expect(merged.at(-1)?.sql).toBe('SELECT 2 FROM edge')
    expect(merged.at(-1)?.relation.columns.map(({ name }) => name)).toEqual(['node', 'n', 'N_1', 'node_1'])
    expect(fake.submitted[0]?.spec).toContain(`"--limit","${mostEdgeRows}"`)
  })

  test('is cut at its limit, and says so also when a node cut its own answer', async () => {
    const two = printing(fakeCluster({ nodes: 3 }), () => said(['n'], [[1], [2]]))
    expect((await ask(two, { sql: 'SELECT 1', limit: 5 })).result).toMatchObject({ truncated: true, full: false })
    expect((await ask(two, { sql: 'SELECT 1', limit: 6 })).result).toMatchObject({ truncated: false })
    const cut = printing(fakeCluster({ nodes: 3 }), () => said(['n'], [[1]], { truncated: true, full: true }))
    expect((await ask(cut, { sql: 'SELECT 1', limit: 6 })).result).toMatchObject({ truncated: true, full: true })
  })

  test('names every node that gave no answer, and goes on with the others', async () => {
    const answers = [
      [JSON.stringify({ type: 'error', what: 'There is no log.', why: 'It went away.' })],
      said(['n'], [[1], [2]]).filter((_, i) => i !== 1),
      said(['n'], [[7]]),
      said(['m'], [[7]]),
      ["Error: Cannot find module '/var/log/app/.bbq/runtime/abc123/run.mjs'"],
    ]
    const nodes = ['aws-1', 'gcp-1', 'azure-1', 'aws-2', 'gcp-2', 'azure-2']
    const fake = fakeCluster({ nodes: 6 })
    fake.lose('azure-2')
    const { result, failed } = await ask(
      printing(fake, (node) => answers[node] ?? []),
      { sql: 'SELECT 1', limit: 9 },
      nodes,
    )
    expect(result.rows).toEqual([['azure-1', 7]])
    expect(Object.fromEntries(failed.map(({ id, reason }) => [id, reason]))).toEqual({
      'aws-1': 'There is no log. It went away.',
      'gcp-1': 'its answer came incomplete: 1 of 2 rows',
      'aws-2': 'its columns are not those of azure-1',
      'gcp-2': 'this node was not prepared for this version of bbq',
      'azure-2': expect.stringContaining('node lost'),
    })
  })

  test('goes once more to a node that was busy, and to no other', async () => {
    const fake = fakeCluster({ nodes: 3 })
    async function* withoutFirst(...given: Parameters<Cluster['watch']>) {
      for await (const snapshot of fake.watch(...given)) {
        const executions = snapshot.executions.filter(({ nodeId }) => given[0].jobId !== 'j-1' || nodeId !== 'gcp-1')
        yield { ...snapshot, executions }
      }
    }
    const cluster: Cluster = { ...printing(fake, () => said(['n'], [[1]])), watch: withoutFirst }
    const { result, failed } = await ask(cluster, { sql: 'SELECT 1', limit: 9 })
    expect(result.rows.map(([node]) => node)).toEqual(['aws-1', 'gcp-1', 'azure-1'])
    expect(failed).toEqual([])
    expect(fake.submitted.map(({ nodes }) => nodes)).toEqual([['aws-1', 'gcp-1', 'azure-1'], ['gcp-1']])
    expect(fake.submitted[1]?.spec).toContain('"Operator":"in","Values":["gcp-1"]')
  })

  test('is an error only when no node answered, with the commonest reason', async () => {
    const refused = fakeCluster({ nodes: 3, fate: 'is refused' })
    await expect(
      ask(
        printing(refused, () => []),
        { sql: 'SELECT 1', limit: 1 },
      ),
    ).rejects.toMatchObject({
      what: 'None of 3 nodes gave an answer.',
      why: '3 say: rejected bid: too busy',
    })
  })
})

describe('on the Query screen', () => {
  const opened = async (print: (node: number) => readonly string[], more = {}) => {
    const fake = fakeCluster({ nodes: 3 })
    const here = world({ openCluster: async () => printing(fake, print), merge, ...more })
    await ('inputs' in more ? here.engine.commands.resume() : here.engine.commands.start())
    await here.time.pass(500)
    here.engine.commands.show('query')
    await here.press('End')
    return { ...here, fake, query: () => here.engine.store.getState().query }
  }

  test('Enter sends it to the nodes; the answer says who gave it and who did not', async () => {
    const bad = [JSON.stringify({ type: 'error', what: 'There is no log.' })]
    const { engine, press, time, query } = await opened((node) => (node === 1 ? bad : said(['n'], [[node]])))
    const last = query().items.at(-1)
    expect(last?.merge).toMatch(/FROM edge/)
    await press('Enter')
    await time.pass(1_000)
    expect(query().answer).toMatchObject({
      queryId: last?.id,
      result: { rows: [[2]] },
      nodes: { asked: 3, answered: 2, failed: [{ id: 'gcp-1', reason: 'There is no log.' }], cut: 0, bytesRead: 200 },
    })
    await engine.close()
  })

  test('it tells how far it is, and Esc stops its job', async () => {
    const { engine, press, time, fake, query } = await opened(() => [])
    fake.fate = 'runs on'
    await press('Enter')
    await time.pass(300)
    expect(query().running?.nodes).toEqual({ asked: 3, answered: 0, failed: [], cut: 0, bytesRead: 0 })
    await press('Esc')
    await time.pass(300)
    expect(query().running).toBeUndefined()
    expect(fake.stopped).toHaveLength(1)
    await engine.close()
  })

  test('that nobody answers is a problem beside the question', async () => {
    const { engine, press, time, query } = await opened(() => [])
    await press('Enter')
    await time.pass(1_000)
    expect(query().problem?.problem.what).toBe('None of 3 nodes gave an answer.')
    await engine.close()
  })

  test('there are none over files of somebody’s own, and none has a price', async () => {
    const { engine, query } = await opened(() => [], { inputs: [{ name: 'local', files: ['/tmp/some.log'] }] })
    expect(query().items.some((item) => item.merge !== undefined)).toBe(false)
    await engine.close()
  })
})
