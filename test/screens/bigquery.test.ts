import { describe, expect, test } from 'vitest'
import { edgeQueries } from '../../src/engine/edge/questions.ts'
import type { QueryState } from '../../src/engine/query-state.ts'
import type { PaneId, State } from '../../src/engine/state.ts'
import { misfits, read } from './draw.ts'
import { failing, forbidden, inBigQuery } from './fixtures/bigquery.ts'
import { now, problem } from './fixtures/demo.ts'
import { answered, stageState, walked } from './fixtures/states.ts'

const mb = 2 ** 20
const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const

const query = (given: Partial<QueryState> = {}, spend = {}): State => {
  const state = inBigQuery(walked('query'), spend)
  return { ...state, query: { ...state.query, ...given } }
}

const [first = ''] = walked('query').query.items.map(({ id }) => id)

const focused = (state: State, pane: PaneId): State => ({
  ...state,
  views: { ...state.views, [state.current]: { selected: {}, sort: 0, plain: false, pane } },
})

const alike = (): State => {
  const state = query()
  const result = {
    columns: [
      { name: 'provider', type: 'STRING' },
      { name: 'line_count', type: 'INT64' },
    ],
    rows: [
      ['azure', 14_378],
      ['gcp', 14_289],
      ['aws', 14_240],
    ],
    truncated: false,
    ms: 90,
    bytesProcessed: 2 * mb,
    bytesBilled: 10 * mb,
  }
  return { ...state, query: { ...state.query, answer: { queryId: first, sql: 'SELECT 1', at: now, result } } }
}

const refused = {
  what: "Queries are paused: this one needs 10 MB, < $0.0001, and 2 MB of this session's 12 MB are left.",
  why: '10 MB were billed.',
  next: ['B allows 1 GB more, and asks first.'],
  kind: 'refused' as const,
}

const quota =
  "BigQuery's quota is used up at chunk 3d4fd5c434a5-952d28fe79c0 of log_results. Quota exceeded: too many imports. Wait some minutes. Run the stage again: it goes on with this chunk."

/** A stage that every node failed with that reason. */
const onNodes = (stageId: string, reason: string): State => {
  const state = inBigQuery(stageState(stageId, 'failed'))
  const run = state.runs[stageId]
  if (run === undefined) throw new Error('no run')
  const nodes = run.nodes.map((node) => ({ ...node, state: 'failed' as const, reason }))
  return { ...state, runs: { ...state.runs, [stageId]: { ...run, phase: 'ended', nodes } } }
}

const cases: readonly (readonly [name: string, state: State, facts: readonly RegExp[]])[] = [
  [
    'nothing asked',
    query(),
    [/bills 10 MB/, /billed 10 MB of 1 GB|billed +10 MB of 1 GB/, /133 free calls, 0 queries/],
  ],
  [
    'asking for the price',
    query({ running: { requestId: 'q', queryId: first, startedAt: now - 4_000, pricing: true } }),
    [/0:04/, /asked what it costs, which is free/],
  ],
  [
    'price shown',
    query({ offer: { queryId: first, price: { bytes: 8 * mb, billedBytes: 10 * mb } } }),
    [/Reads 8 MB and bills 10 MB/, /11 MB/, /1,014 MB/, /Enter runs it {4}Esc leaves it/],
  ],
  [
    'budget used up',
    query({ problem: { queryId: first, problem: refused } }, { budgetBytes: 12 * mb }),
    [/Queries are paused/, /❯ B allows 1 GB more/, /B raises it/, /B budget/],
  ],
  ['stopped', query({}, { unsureBytes: 11 * mb }), [/(\+ <=|\+ up to|up to) 11 MB/]],
  ['answered', alike(), [/azure +14,378\s/, /line_count differs by 1\.0 % at most/, /read 2 MB · billed 10 MB/]],
  ['many rows', inBigQuery(answered()), [/rows 1-\d+ of 84/]],
  ['silent', failing(query(), problem), [/(no news for|lost) 0:\d\d, again in 0:03/, /The folder is read-only/]],
  ['forbidden', failing(query(), forbidden), [/may not read/, /❯ Grant it: gcloud/]],
  ['stage, forbidden', failing(inBigQuery(stageState('raw', 'ended')), forbidden), [/may not read/, /❯ Grant it/]],
  [
    'stage with windows, forbidden',
    failing(focused(inBigQuery(walked('aggregated')), 'log_aggregates'), forbidden),
    [/may not read/, /❯ Grant it/],
  ],
  [
    'stage, quota used up on the nodes',
    onNodes('raw', quota),
    [
      /21 of 21 nodes have failed: BigQuery's quota is used up/,
      /❯ Enter on a node tells the rest/,
      /✖ aws-1 .*BigQuery's quota/,
    ],
  ],
  ['Summary', inBigQuery(walked()), [/load jobs today ~105 of 100,000/, /10 MB of 1 GB by queries/, /0 B by watching/]],
]

describe.each(sizes)('BigQuery at %i x %i', (columns, rows) => {
  test.each(cases)('%s', (_name, state, facts) => {
    expect(misfits(state, columns, rows)).toEqual([])
    const text = read(state, columns, rows)
    for (const fact of facts) expect(text).toMatch(fact)
    expect(text).not.toMatch(/DuckDB|Parquet/)
  })
})

test('at 120x40 all questions are in sight, those to the nodes too', () => {
  for (const state of [query(), walked('query')]) {
    const text = read(state, 120, 40)
    for (const { title } of state.query.items) expect(text).toContain(title)
  }
})

test('where they are not, the last row counts them', () => {
  expect(read(query(), 80, 24)).toMatch(new RegExp(`13 more, ${edgeQueries.length} of them on the nodes`))
})

test('an answer that leaves room has recent rows below it, one that does not has all of the pane', () => {
  expect(read(alike(), 120, 40)).toMatch(/│ raw_logs +newest first/)
  expect(read(inBigQuery(answered()), 120, 40)).not.toMatch(/│ raw_logs +newest first/)
})

test('at 120x40 no reason and no SQL of a question is cut', () => {
  for (const { id } of query().query.items) {
    const state = query()
    const view = { sort: 0, plain: false, selected: { questions: { id, index: 0 } } }
    const right = read({ ...state, views: { ...state.views, query: view } }, 120, 40)
      .split('\n')
      .map((line) => line.slice(47))
      .filter((line) => !/^ \d\d:\d\d:\d\d /.test(line))
    expect(
      right.filter((line) => line.includes('…')),
      id,
    ).toEqual([])
  }
})

test('values that are alike have no bars, as a chart they have', () => {
  const bar = /14,378 +━/
  expect(read(alike(), 120, 40)).not.toMatch(bar)
  const state = alike()
  expect(read({ ...state, query: { ...state.query, view: 'chart' } }, 120, 40)).toMatch(bar)
})

test('of a second step nothing is shown rather than half of it', () => {
  const state = failing(inBigQuery(walked('aggregated')), {
    ...forbidden,
    next: ['Try again in a moment.', forbidden.next[0] ?? ''],
  })
  const text = read(state, 80, 24)
  expect(text).toMatch(/❯ Try again/)
  expect(text).not.toMatch(/❯ Grant it/)
})

test('a command to type is whole, whatever the width', () => {
  const text = read(query({ problem: { queryId: first, problem: forbidden } }), 120, 40).replaceAll(
    /[^\S\n]*\n.*?│ {3}/g,
    '',
  )
  expect(text.replaceAll(/\s/g, '')).toContain('operator-of-the-demo@log-demo.iam.gserviceaccount.com')
})

test('the meter never loses its figures to what has less weight', () => {
  for (const spend of [
    {},
    { unsureBytes: 900 * mb },
    { billedBytes: 1000 * mb, asked: 1_234 },
    { watchedBytes: 5 * mb },
  ])
    for (const columns of [60, 80, 99, 100, 120, 160])
      expect(read(query({}, spend), columns, 40), `${columns}`).toMatch(/billed [\d,.]+ \w?B of 1 GB .*watching /)
})

test('Tab leads to the emergencies of the Summary where they have no room beside the stages', () => {
  const state = inBigQuery(walked())
  expect(read(state, 80, 24)).toMatch(/emergencies +\d+ [a-z]+ [a-z]+/)
  const text = read(focused(state, 'endpoints'), 80, 24)
  expect(text).toMatch(/Emergencies by kind/)
  expect(text).toMatch(/5xx lines by endpoint and window/)
  expect(misfits(focused(state, 'endpoints'), 80, 24)).toEqual([])
})

test('the check that failed is in sight, however many there are', () => {
  const state = inBigQuery(walked())
  const checks = Array.from({ length: 14 }, (_, i) =>
    i === 12
      ? { id: 'rights', title: "Uploader's rights", state: 'problem' as const, problem: forbidden }
      : { id: `c${i}`, title: `Check ${i}`, state: i < 12 ? ('ok' as const) : ('waiting' as const) },
  )
  const checking: State = { ...state, current: 'setup', setup: { ...state.setup, mode: 'checking', checks } }
  const text = read(checking, 80, 24)
  expect(misfits(checking, 80, 24)).toEqual([])
  expect(text).toMatch(/✖ Uploader's rights/)
  expect(text).toMatch(/4 more: 4 ok/)
})

test('every stage says at 80x24 that watching bills nothing', () => {
  for (const { id } of walked().stages) expect(read(inBigQuery(walked(id)), 80, 24), id).toMatch(/0 B billed/)
})

test('a stage whose rows are behind those of others says so', () => {
  const state = inBigQuery(stageState('structured', 'ended'))
  const { log_results } = state.tables.byName
  const byName = { ...state.tables.byName, log_results: { ...log_results, tail: [] } }
  expect(read({ ...state, tables: { ...state.tables, byName } }, 120, 40)).toMatch(/Its rows are stored; newer ones/)
})
