import { describe, expect, test } from 'vitest'
import { edgeQueries } from '../../src/engine/edge/questions.ts'
import type { NodesAsked } from '../../src/engine/query-state.ts'
import type { State } from '../../src/engine/state.ts'
import { misfits, read, sizes } from './draw.ts'
import { now } from './fixtures/demo.ts'
import { walked } from './fixtures/states.ts'

const [first] = edgeQueries
if (first === undefined) throw new Error('no question')

/** The Query screen with the first question to the nodes selected. */
const selected = (): State => {
  const state = walked('query')
  const view = { sort: 0, plain: false, selected: { questions: { id: first.id, index: 0 } } }
  return { ...state, views: { ...state.views, query: view } }
}

const nodes = (given: Partial<NodesAsked>): NodesAsked => ({
  ...{ asked: 21, answered: 21, failed: [], cut: 0, bytesRead: 33_200_000 },
  ...given,
})

const asking = (): State => {
  const state = selected()
  const running = { requestId: 'q1', queryId: first.id, startedAt: now - 4_000, nodes: nodes({ answered: 7 }) }
  return { ...state, query: { ...state.query, running } }
}

const answered = (given: Partial<NodesAsked> = {}): State => {
  const state = selected()
  const result = {
    columns: [
      { name: 'endpoint', type: 'VARCHAR' },
      { name: 'errors', type: 'BIGINT' },
    ],
    rows: Array.from({ length: 50 }, (_, i) => [`/products/${i}`, 500 - i]),
    truncated: false,
    ms: 4_100,
  }
  return {
    ...state,
    query: { ...state.query, answer: { queryId: first.id, sql: first.sql, result, at: now, nodes: nodes(given) } },
  }
}

const reason = 'this node was not prepared for this version of bbq'
const lacking = answered({ answered: 19, cut: 2, failed: ['aws-1', 'gcp-2'].map((id) => ({ id, reason })) })

const cases: readonly (readonly [string, State, readonly RegExp[]])[] = [
  ['not asked', selected(), [/Enter asks 21 nodes/, /job to 21 nodes/, /❯ 5xx by endpoint/]],
  ['asking', asking(), [/7 of 21 nodes · 0:04/, /The nodes are working on it; Esc stops it/]],
  ['answered', answered(), [/21 nodes · 33\.2 MB read there · 4\.1 s/, /\/products\/0 +500/, /rows 1-\d+ of 50/]],
  [
    'answered without some',
    lacking,
    [/19 of 21 nodes/, /✖ aws-1 and 1 more: this node was not prepared/, /2 nodes gave only the first rows/, /rows 1-/],
  ],
]

describe.each([...sizes, [60, 16], [200, 60]] as const)('questions to the nodes at %i x %i', (columns, rows) => {
  test.each(cases)('%s', (_name, state, facts) => {
    expect(misfits(state, columns, rows)).toEqual([])
    const text = read(state, columns, rows)
    if (columns >= 80) for (const fact of facts) expect(text).toMatch(fact)
  })
})

test('they stand in a group of their own, with both queries in full', () => {
  const text = read(selected(), 120, 40)
  expect(text).toMatch(/On the nodes +free/)
  for (const { title } of edgeQueries) expect(text).toContain(title)
  expect(text).toContain('-- then over all answers, edge:')
  const state: State = { ...selected(), overlay: { kind: 'command', scroll: 0 } }
  expect(read(state, 120, 40)).toContain('LIMIT 50')
})

test('every one of them fits its pane: no line of SQL and no reason is cut', () => {
  for (const { id } of edgeQueries) {
    const state = selected()
    const view = { sort: 0, plain: false, selected: { questions: { id, index: 0 } } }
    const right = read({ ...state, views: { ...state.views, query: view } }, 120, 40)
      .split('\n')
      .map((line) => line.slice(47))
    // recent rows of a table stand below the answer, and those may be cut
    const asked = right.filter((line) => !/^ \d\d:\d\d:\d\d /.test(line))
    expect(asked.filter((line) => line.includes('…'))).toEqual([])
  }
})
