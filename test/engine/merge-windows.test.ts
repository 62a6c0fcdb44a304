import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeWindows } from '../../src/engine/merge-windows.ts'
import { mergePartials, toPartial } from '../../src/engine/rows.ts'
import type { WindowPartial } from '../../src/engine/state.ts'

const partial = (id: string, start: string, n: number, endpoints: Record<string, number>) => ({
  id,
  start,
  node: `node-${id}`,
  total: n,
  ok: n - 1,
  redirect: 0,
  clientError: 0,
  serverError: 1,
  bytes: n * 100,
  endpoints,
})

describe('windows', () => {
  test('add partials of all nodes and chunks up', () => {
    const windows = mergeWindows([
      partial('1', '10:05', 4, { '/b': 4 }),
      partial('2', '10:00', 10, { '/a': 6, '/b': 3, '(other)': 50 }),
      partial('3', '10:00', 5, { '/b': 4 }),
    ])
    expect(
      windows.map(({ start, total, ok, serverError, topEndpoint, nodes }) => ({
        start,
        total,
        ok,
        serverError,
        topEndpoint,
        nodes,
      })),
    ).toEqual([
      { start: '10:00', total: 15, ok: 13, serverError: 2, topEndpoint: '/b', nodes: 2 },
      { start: '10:05', total: 4, ok: 3, serverError: 1, topEndpoint: '/b', nodes: 1 },
    ])
    expect(windows[0]?.avgBytes).toBe(100)
  })

  test('are the same in whatever order and however often partials arrive', () => {
    const some = fc.array(
      fc
        .tuple(fc.nat(20), fc.constantFrom('10:00', '10:05', '10:10'), fc.integer({ min: 1, max: 9 }))
        .map(([id, start, n]) => partial(`${id} ${start}`, start, n, { '/a': n })),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(some, fc.nat(40), (given, cut) => {
        const all = [...new Map(given.map((one) => [one.id, one])).values()]
        const parts = [all.slice(0, cut), all.slice(cut), all.toReversed()]
        const arrived = parts.reduce<readonly WindowPartial[]>(
          (known, received) => mergePartials(known, received, 1_000),
          [],
        )
        expect(mergeWindows(arrived)).toEqual(mergeWindows(all))
      }),
    )
  })

  test('come from rows as a warehouse gives them', () => {
    expect(
      toPartial({
        chunk_id: 'c1',
        time_window: '2026-11-24T10:00:00.000000Z',
        nodeName: 'aws-1',
        total_count: 3,
        ok_count: '2',
        server_error_count: 1,
        total_bytes: '9007199254740991',
        endpoints: [{ endpoint: '/a', count: 3, bytes: 10 }],
      }),
    ).toEqual({
      id: 'c1 2026-11-24T10:00:00.000000Z',
      start: '2026-11-24T10:00:00.000000Z',
      node: 'aws-1',
      total: 3,
      ok: 2,
      redirect: 0,
      clientError: 0,
      serverError: 1,
      bytes: Number.MAX_SAFE_INTEGER,
      endpoints: { '/a': 3 },
    })
  })
})
