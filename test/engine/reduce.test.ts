import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stages } from '../../processors/stages/index.ts'
import { tableNames } from '../../src/core/tables.ts'
import type { Event } from '../../src/engine/events.ts'
import { initialState } from '../../src/engine/initial-state.ts'
import { isKeyEvent, reduce } from '../../src/engine/reduce.ts'
import { selectIndex, selectPane, selectPaneItems, selectPanes } from '../../src/engine/selectors/panes.ts'
import { partialLimit, tailLimit } from '../../src/engine/slices/tables.ts'
import type { PaneId, State } from '../../src/engine/state.ts'

const start = (): State => initialState({ stages, questions: [], answers: {}, now: 1_000, nodeCount: 21 })

const text = fc.string({ maxLength: 6 })
const now = fc.integer({ min: 1_000, max: 100_000 })
const stageId = fc.constantFrom(...stages.map(({ id }) => id), 'none')
const requestId = fc.constantFrom('r1', 'r2', 'r3')
const nodeId = fc.constantFrom('a', 'b', 'c', 'd')
const pane = fc.constantFrom<PaneId>('choices', 'nodes', 'stages', 'tables', 'questions', 'result', ...tableNames)
const problem = fc.constant({ what: 'It broke.', next: [], kind: 'failed' as const })
const rows = fc.array(
  fc.record({
    chunk_id: text,
    remote_log_id: text,
    time_window: fc.constantFrom('2026-11-24T10:00:00Z', '2026-11-24T10:05:00Z'),
    sync_time: text,
    version: fc.constantFrom('structured', 'private'),
  }),
  { maxLength: 20 },
)
const node = fc.record({
  id: nodeId,
  provider: fc.constantFrom('aws' as const, 'gcp' as const, 'azure' as const),
  region: text,
  state: fc.constantFrom('connected' as const, 'lost' as const),
  labels: fc.constant({}),
  log: fc.record({ path: text, bytes: fc.nat(), tail: fc.constant([]) }),
})
const snapshot = fc.record({
  jobId: text,
  state: fc.constantFrom('running' as const, 'completed' as const, 'failed' as const),
  executions: fc.uniqueArray(
    fc.record({
      id: text,
      nodeId,
      state: fc.constantFrom('running' as const, 'failed' as const, 'completed' as const),
      nodeLost: fc.boolean(),
    }),
    { selector: (one) => one.nodeId },
  ),
})

const event = fc.oneof<fc.Arbitrary<Event>[]>(
  fc.record({ type: fc.constant('step/shown'), step: fc.constantFrom(...start().steps.map(({ id }) => id), 'none') }),
  fc.record({ type: fc.constant('paused') }),
  fc.record({ type: fc.constant('resumed'), now }),
  fc.record({ type: fc.constant('pane/focused'), pane }),
  fc.record({ type: fc.constant('row/selected'), pane, id: text, index: fc.integer({ min: -5, max: 50 }) }),
  fc.record({ type: fc.constant('sort/changed') }),
  fc.record({ type: fc.constant('view/toggled') }),
  fc.record({ type: fc.constant('node/opened'), id: nodeId }),
  fc.record({ type: fc.constant('overlay/scrolled'), by: fc.integer() }),
  fc.record({ type: fc.constant('clock/ticked'), now }),
  fc.record({ type: fc.constant('nodes/received'), rows: fc.array(node, { maxLength: 5 }), now, missed: fc.boolean() }),
  fc.record({
    type: fc.constant('launch/requested'),
    stageId,
    requestId,
    now,
    nodes: fc.uniqueArray(
      fc.record({
        id: nodeId,
        provider: fc.constant('aws' as const),
        region: text,
        state: fc.constant('waiting' as const),
      }),
      { selector: ({ id }) => id },
    ),
  }),
  fc.record({ type: fc.constant('launch/progressed'), stageId, requestId, snapshot }),
  fc.record({ type: fc.constant('launch/finished'), stageId, requestId, now }),
  fc.record({ type: fc.constant('launch/failed'), stageId, requestId, problem, now }),
  fc.record({
    type: fc.constant('tables/received'),
    now,
    missed: fc.boolean(),
    status: fc.uniqueArray(
      fc.record({ table: fc.constantFrom(...tableNames), rows: fc.nat(), bytes: fc.nat(), strays: fc.nat() }),
      { selector: ({ table }) => table },
    ),
  }),
  fc.record({ type: fc.constant('tail/received'), table: fc.constantFrom(...tableNames), rows }),
  fc.record({ type: fc.constant('query/requested'), requestId, queryId: text, now }),
  fc.record({
    type: fc.constant('query/succeeded'),
    requestId,
    queryId: text,
    sql: text,
    now,
    result: fc.record({
      columns: fc.constant([{ name: 'a', type: 'INT64' }]),
      rows: fc.array(fc.tuple(fc.oneof(fc.integer(), text, fc.constant(null))), { maxLength: 5 }),
      truncated: fc.boolean(),
      ms: fc.nat(),
    }),
  }),
)

const run = (events: readonly Event[], from = start()): State => events.reduce(reduce, from)

describe('the reducers', () => {
  test('keep selection, focus and buffers in their bounds, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const state = run(events)
        expect(selectPanes(state)).toContain(selectPane(state))
        for (const one of selectPanes(state)) {
          const index = selectIndex(state, one)
          const { length } = selectPaneItems(state, one)
          expect(index).toBeGreaterThanOrEqual(length === 0 ? -1 : 0)
          expect(index).toBeLessThan(Math.max(length, 0))
        }
        for (const table of tableNames) {
          const view = state.tables.byName[table]
          expect(view.tail.length).toBeLessThanOrEqual(tailLimit[table])
          expect(view.rate.length).toBeLessThanOrEqual(60)
          for (const rate of view.rate) expect(rate ?? 0).toBeGreaterThanOrEqual(0)
        }
        expect(state.tables.partials.length).toBeLessThanOrEqual(partialLimit)
        for (const growth of Object.values(state.nodes.growth)) expect(growth.perSecond.length).toBeLessThanOrEqual(60)
        expect(state.reached).toBeGreaterThanOrEqual(state.steps.findIndex(({ id }) => id === state.current))
      }),
    )
  })

  test('let nothing but keys change a paused state', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.array(event, { maxLength: 30 }), (before, after) => {
        const paused = run([...before, { type: 'paused' }])
        const data = after.filter((one) => !isKeyEvent(one))
        expect(run(data, paused)).toBe(paused)
      }),
    )
  })

  test('ignore answers to older requests', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const state = run(events)
        const about = { stageId: 'raw', requestId: 'older' }
        const stale: readonly Event[] = [
          { type: 'launch/progressed', ...about, snapshot: { jobId: 'j', state: 'running', executions: [] } },
          { type: 'launch/finished', ...about, now: 5 },
          { type: 'launch/failed', ...about, problem: { what: 'x', next: [], kind: 'failed' }, now: 5 },
          { type: 'query/failed', requestId: 'older', queryId: 'q', problem: { what: 'x', next: [], kind: 'failed' } },
        ]
        expect(run(stale, state)).toBe(state)
      }),
    )
  })

  test('show an execution on a node that joined after the job was sent, and since when a node is silent', () => {
    const about = { stageId: 'raw', requestId: 'r1' }
    const late = { id: 'gcp-9', provider: 'gcp', region: 'us-central1', state: 'connected', labels: {} } as const
    const open = { state: 'running', nodeLost: false } as const
    const state = run([
      {
        type: 'launch/requested',
        ...about,
        now: 1_000,
        nodes: [{ id: 'aws-1', provider: 'aws', region: 'us-east-1', state: 'waiting' }],
      },
      { type: 'nodes/received', rows: [late], now: 1_100, missed: false },
      {
        type: 'launch/progressed',
        ...about,
        snapshot: {
          jobId: 'j',
          state: 'running',
          executions: [
            { id: 'e1', nodeId: 'aws-1', ...open, silentSince: 900 },
            { id: 'e2', nodeId: 'gcp-9', ...open },
          ],
        },
      },
    ])
    expect(state.runs['raw']?.nodes).toEqual([
      { id: 'aws-1', provider: 'aws', region: 'us-east-1', state: 'running', silentSince: 900, executionId: 'e1' },
      { id: 'gcp-9', provider: 'gcp', region: 'us-central1', state: 'running', executionId: 'e2' },
    ])
    const ended = run([{ type: 'launch/finished', ...about, now: 5_000 }], state)
    expect(ended.runs['raw']?.nodes[0]).not.toHaveProperty('silentSince')
  })

  test('close the question whether to leave once nothing of this program runs any more', () => {
    const overlay = {
      kind: 'confirm',
      command: { does: 'leave' },
      question: '',
      why: '',
      yes: 'leave',
      no: 'stay',
    } as const
    const asked = run([
      { type: 'launch/requested', stageId: 'raw', requestId: 'r1', now: 1_000, nodes: [] },
      { type: 'launch/requested', stageId: 'private', requestId: 'r2', now: 1_000, nodes: [] },
      { type: 'overlay/opened', overlay },
    ])
    const one = run([{ type: 'launch/finished', stageId: 'raw', requestId: 'r1', now: 5_000 }], asked)
    expect(one.overlay).toEqual(overlay)
    const none = run([{ type: 'launch/finished', stageId: 'private', requestId: 'r2', now: 6_000 }], one)
    expect(none).not.toHaveProperty('overlay')
    expect(none.message?.text).toContain('ended')
  })

  test('leave a gap where a look was missed, and rates in rows a second', () => {
    const look = (rows: number, now: number, missed = false): Event => ({
      type: 'tables/received',
      status: [{ table: 'raw_logs', rows, bytes: 0, strays: 0 }],
      now,
      missed,
    })
    const state = run([look(0, 1_000), look(100, 2_000), look(100, 3_000), look(400, 6_000, true), look(0, 7_000)])
    expect(state.tables.byName.raw_logs.rate).toEqual([100, 0, null, 100, 0])
  })

  test('begin the rates anew with each stage, and go on with them while one is run again', () => {
    const look = (rows: number, now: number): Event => ({
      type: 'tables/received',
      status: [{ table: 'log_results', rows, bytes: 0, strays: 0 }],
      now,
      missed: false,
    })
    const sent = (stageId: string, now: number): Event => ({
      type: 'launch/requested',
      stageId,
      requestId: `${stageId}-${now}`,
      now,
      nodes: [],
    })
    const structured = [
      sent('structured', 0),
      look(0, 1_000),
      look(100, 2_000),
      sent('structured', 2_500),
      look(300, 3_000),
    ]
    expect(run(structured).tables.byName.log_results.rate).toEqual([100, 200])
    const state = run([...structured, sent('private', 3_500), look(310, 4_000)])
    expect(state.tables.byName.log_results.rate).toEqual([10])
  })

  test('keep each recent row once, the newest arrival first', () => {
    const row = (id: string, sync_time: string) => ({ chunk_id: 'c', remote_log_id: id, sync_time, timestamp: '' })
    const state = run([
      { type: 'tail/received', table: 'log_results', rows: [row('b', '2'), row('a', '1')] },
      { type: 'tail/received', table: 'log_results', rows: [row('c', '3'), row('b', '2')] },
    ])
    expect(state.tables.byName.log_results.tail.map((one) => one['remote_log_id'])).toEqual(['c', 'b', 'a'])
  })
})
