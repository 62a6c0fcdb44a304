import { describe, expect, test } from 'vitest'
import type { State } from '../../src/engine/state.ts'
import { misfits, read, sizes } from './draw.ts'
import { choosing, now, open, problem } from './fixtures/demo.ts'
import { answered, stageState, walked } from './fixtures/states.ts'

const lost = (state: State): State => ({
  ...state,
  nodes: { ...state.nodes, failure: { problem, at: now - 12_000, retryAt: now + 3_000, attempts: 2 } },
  tables: { ...state.tables, failure: { problem, at: now - 12_000, retryAt: now + 3_000, attempts: 2 } },
})

const loading = (current: string): State => {
  const state = open({ nodes: 0, current })
  const { receivedAt: _, ...nodes } = state.nodes
  return { ...state, nodes }
}

const checking = (): State => {
  const state = choosing()
  return {
    ...state,
    setup: {
      ...state.setup,
      mode: 'checking',
      chosen: 'demo',
      openingSince: now - 7_000,
      checks: [
        { id: 'cli', title: 'Bacalhau CLI', state: 'ok', detail: '1.9.3' },
        { id: 'api', title: 'API answers', state: 'problem', problem },
        { id: 'nodes', title: 'Nodes connected', state: 'running', detail: '19 of 21', startedAt: now - 7_000 },
        { id: 'logs', title: 'Log source', state: 'waiting' },
      ],
    },
  }
}

const connectedToNothing = (): State => {
  const state = open()
  return { ...state, current: 'setup', setup: { ...state.setup, mode: 'open', chosen: 'connect', checks: [] } }
}

const asking = (): State => {
  const state = choosing()
  return {
    ...state,
    setup: {
      ...state.setup,
      mode: 'asking',
      answers: { 'project.id': 'log-demo' },
      at: 1,
      draft: 'nowhere',
      misfit: 'project.region a multi-region such as US.',
    },
  }
}

const manyRows = (): State => {
  const state = answered(1_000)
  return {
    ...state,
    views: {
      ...state.views,
      query: {
        ...state.views['query'],
        selected: { ...state.views['query']?.selected, result: { id: '500', index: 500 } },
        pane: 'result',
        sort: 0,
        plain: false,
      },
    },
  }
}

const running = (state: State): State => ({
  ...state,
  query: {
    ...state.query,
    running: { requestId: 'q1', queryId: state.query.items[0]?.id ?? '', startedAt: now - 4_000 },
  },
})

const cases: readonly (readonly [name: string, state: State, facts: readonly RegExp[]])[] = [
  [
    'Setup, first screen',
    choosing(),
    [/Give the demo here, now/, /21 simulated nodes/, /2 hours ago · stopped after 3 Private/],
  ],
  ['Setup, wizard', asking(), [/Where may data lie\?/, /nowhere/, /✖ project\.region/, /question 2 of 3/]],
  [
    'Setup, checks with a problem',
    checking(),
    [/● Bacalhau CLI +1\.9\.3/, /✖ API answers/, /0:07/, /Press r to read again/],
  ],
  ['Setup, connected to nothing', connectedToNothing(), [/All is ready/, /cluster\.api was left empty/]],
  ['Nodes, loading', loading('nodes'), [/asking the cluster for its nodes {2}3:12/]],
  ['Nodes, none', open({ nodes: 0 }), [/The cluster has no node/, /0 goes back to Setup/]],
  ['Nodes, failed', lost(loading('nodes')), [/does not answer/, /Give the folder back/]],
  [
    'Nodes, connection lost',
    lost(open()),
    [/(no news for|lost) 0:01, again in 0:03/, /✖ The warehouse does not answer.* Give the/, /aws-1/],
  ],
  ['Nodes, one', open({ nodes: 1 }), [/1 node {2}in 1 cloud, 1 region/, /access\.log/]],
  ['Nodes, many', open({ nodes: 1_000 }), [/1,000 nodes/, /❯ {2}aws-1 /]],
  ['Stage, nothing sent', open({ current: 'raw' }), [/Send everything/, /○ aws-1 .* ready/, /0 of 21/]],
  [
    'Stage, running',
    stageState('structured', 'running'),
    [/✖ azure-2 .*mount refused/, /◐ aws-2 .*running .*━/, /before {2}88\.103/, /17 of 21/],
  ],
  [
    'Stage, failed',
    {
      ...stageState('raw', 'failed'),
      runs: {
        ...stageState('raw', 'failed').runs,
        raw: { ...stageState('raw', 'failed').runs['raw'], problem } as never,
      },
    },
    [/does not answer/, /Give the folder back/],
  ],
  [
    'Stage, done',
    stageState('private', 'ended'),
    [/Send no address/, /● aws-1 .*done/, /6\.3 %/, /log_results +209,394 rows/],
  ],
  ['Stage, one node', stageState('raw', 'ended', { nodes: 1 }), [/aws-1/, /1 of 1/]],
  ['Stage, many nodes', stageState('raw', 'running', { nodes: 1_000 }), [/more: /, /✖ /]],
  [
    'Stage, connection lost',
    lost(stageState('private', 'ended')),
    [/(no news for|lost) 0:/, /does not answer/, /read-only/, /❯ Give the folder/],
  ],
  ['Query, nothing asked', walked('query'), [/Questions/, /Enter runs it/]],
  ['Query, asking', running(walked('query')), [/0:04/, /Esc stops it/]],
  ['Query, answered', answered(), [/Status codes by region, masked/, /9,120/, /rows 1-\d+ of 84/]],
  ['Query, one row', answered(1), [/rows 1-1 of 1/]],
  ['Query, no rows', answered(0), [/No rows/]],
  ['Query, many rows', manyRows(), [/rows \d+-\d+ of 1,000/]],
  ['Summary, nothing run', open({ current: 'summary' }), [/Nothing has run yet/, /has not run/]],
  [
    'Summary, all run',
    walked(),
    [
      /the logs +212,670 +33\.2 MB/,
      /1 Raw +212,607 +4\.3 MB/,
      /110x less sent/,
      /0 full addresses stored/,
      /212,670 lines = 209,394 parsed \+ 3,213 rejected \+ 63 blank/,
    ],
  ],
]

describe.each(sizes)('at %i x %i', (columns, rows) => {
  test.each(cases)('%s', (_name, state, facts) => {
    expect(misfits(state, columns, rows)).toEqual([])
    const text = read(state, columns, rows)
    for (const fact of facts) expect(text).toMatch(fact)
  })

  test('the rows of a thousand nodes are only those that fit', () => {
    const text = read(open({ nodes: 1_000 }), columns, rows)
    expect(text.match(/connected/g)?.length).toBeLessThan(rows)
  })
})

test('every other size fits too, and below 60x16 it says what is needed', () => {
  for (const [, state] of cases)
    for (const [columns, rows] of [
      [60, 16],
      [73, 19],
      [99, 30],
      [200, 60],
    ] as const)
      expect(misfits(state, columns, rows)).toEqual([])
  const small = read(walked(), 50, 12)
  expect(misfits(walked(), 50, 12)).toEqual([])
  expect(small).toMatch(/have 50x12 {2}need 60x16/)
})

test('at 120x40 the Summary also tells emergencies by kind and 5xx lines by endpoint and window', () => {
  const text = read(walked(), 120, 40)
  expect(text).toMatch(/Emergencies by kind/)
  expect(text).toMatch(/security alert +80 +━/)
  expect(text).toMatch(/5xx lines by endpoint and window/)
})

test('a stage with windows shows them stacked beside the emergencies', () => {
  const text = read(walked('aggregated'), 120, 40)
  expect(text).toMatch(/log_aggregates .*■ OK ■ 3xx ■ 4xx ■ 5xx/)
  expect(text).toMatch(/10:22:59 ▌ critical error {2}aws-3/)
  expect(text).toMatch(/588 windows \+ 420 emergencies instead of 209,394 lines/)
})

test('a pane stays where it is when its data change', () => {
  const rulesOf = (state: State) =>
    read(state, 120, 40)
      .split('\n')
      .map((line, y) => (/^─/.test(line) ? `${y}${line}` : ''))
      .join('')
  expect(rulesOf(stageState('private', 'running'))).toBe(rulesOf(stageState('private', 'ended')))
  expect(rulesOf(open({ current: 'private' }))).toBe(rulesOf(stageState('private', 'ended')))
})

test('a reason that is too long for its row loses what called what, not the cause', () => {
  const state = stageState('raw', 'failed')
  const reason = 'calculating resource usage of job: mount refused: allow /bacalhau_data on the node'
  const run = state.runs['raw']
  if (run === undefined) throw new Error('no run')
  const nodes = run.nodes.map((one) => (one.state === 'failed' ? { ...one, reason } : one))
  const text = read({ ...state, runs: { ...state.runs, raw: { ...run, nodes } } }, 80, 24)
  expect(text).toMatch(/✖ azure-2 +\S+ +mount refused: allow \/bacalhau_data on the node/)
})

test.each(sizes)('a node of which nothing is heard says for how long, at %i x %i', (columns, rows) => {
  for (const stageId of ['raw', 'private', 'aggregated']) {
    const state = stageState(stageId, 'running')
    const run = state.runs[stageId]
    if (run === undefined) throw new Error('no run')
    const nodes = run.nodes.map((one) =>
      one.state === 'running'
        ? { ...one, silentSince: state.clock.now - 24_400 }
        : { ...one, state: 'done' as const, reason: undefined },
    )
    const silent = { ...state, runs: { ...state.runs, [stageId]: { ...run, nodes } } } as State
    expect(read(silent, columns, rows), stageId).toMatch(/no news for 24 s/)
    expect(misfits(silent, columns, rows)).toEqual([])
  }
})
