import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdingText } from '../../src/engine/holding-text.ts'
import {
  type FoundRows,
  type Generations,
  holdingOf,
  noteRun,
  parseGenerations,
  renderGenerations,
} from '../../src/engine/holdings.ts'

const found = (epochs: readonly string[], more: Partial<FoundRows> = {}): FoundRows => ({
  epochs,
  tables: epochs.length === 0 ? 0 : 2,
  ...more,
})
const nodes = [{ name: 'local', files: ['/var/log/a.log', '/var/log/b.log'] }]
const demo = { rows: 'demo', at: 1_000 } as const
const own = { rows: 'own', at: 2_000, nodes } as const

describe('what a state folder holds', () => {
  test.each<[string, Generations, FoundRows, string]>([
    ['no rows', {}, found([]), 'nothing'],
    ['no rows, whatever was noted', { e1: own }, found([]), 'nothing'],
    ['rows that a demo made', { e1: demo }, found(['e1']), 'demo'],
    ['rows that nobody noted', {}, found(['e1']), 'own'],
    ['rows of another generation than the noted one', { e1: demo }, found(['e2']), 'own'],
    ["a demo's rows and strays that nobody noted", { e1: demo }, found(['e1', 'e0']), 'own'],
    ["somebody's own rows", { e1: own }, found(['e1']), 'own'],
    ['no rows, and nodes that bbq did not fill', {}, found([], { strangeNodes: '.bbq/nodes' }), 'own'],
  ])('%s: %#', (_, generations, rows, kind) => {
    expect(holdingOf(generations, rows).kind).toBe(kind)
  })

  test('rows that are once noted as own stay own, and their files are remembered', () => {
    const first = noteRun({}, { epoch: 'e1', run: own, hasRows: false })
    const more = { rows: 'own', at: 3_000, nodes: [{ name: 'local', files: ['/var/log/b.log', '/c.log'] }] } as const
    const second = noteRun(first, { epoch: 'e1', run: more, hasRows: true })
    const third = noteRun(second, { epoch: 'e1', run: { rows: 'demo', at: 4_000 }, hasRows: true })
    expect(third['e1']).toEqual({
      rows: 'own',
      at: 4_000,
      nodes: [{ name: 'local', files: ['/var/log/a.log', '/var/log/b.log', '/c.log'] }],
    })
  })

  test('a demo over rows that nobody noted makes them no demo’s', () => {
    expect(noteRun({}, { epoch: 'e1', run: demo, hasRows: true })['e1']?.rows).toBe('own')
    expect(noteRun({}, { epoch: 'e1', run: demo, hasRows: false })['e1']?.rows).toBe('demo')
  })

  test('a note is read again as it was written; what is cut off, empty or foreign says nothing', () => {
    const text = renderGenerations({ e1: own })
    expect(parseGenerations(text)).toEqual({ e1: own })
    fc.assert(
      fc.property(fc.nat(text.length - 3), (end) => {
        expect(parseGenerations(text.slice(0, end))).toEqual({})
      }),
    )
    for (const foreign of [
      undefined,
      '',
      'null',
      '{}',
      '{"version":2,"generations":{}}',
      '{"version":1,"generations":[]}',
    ])
      expect(parseGenerations(foreign)).toEqual({})
  })

  test('only the newest generations are remembered', () => {
    let all: Generations = {}
    for (let i = 0; i < 40; i++) all = noteRun(all, { epoch: `e${i}`, run: { ...demo, at: i }, hasRows: false })
    expect(Object.keys(all)).toHaveLength(20)
    expect(all['e39']).toBeDefined()
  })
})

describe('what is there, in words', () => {
  const now = 302_000
  test.each([
    [{ e1: own }, { rows: 12_345, tables: 2 }, 'your own rows: 12,345 in 2 tables, 2 files, last 5 min ago'],
    [{ e1: own }, undefined, 'your own rows: in 2 tables, 2 files, last 5 min ago'],
    [{}, { rows: 1, tables: 1 }, 'rows that may be your own: 1 in 1 table'],
  ])('%#', (generations, counted, text) => {
    const holding = holdingOf(generations, found(['e1']))
    if (holding.kind !== 'own') throw new Error('not own')
    expect(holdingText(holding, { counted, now })).toBe(text)
  })
})
