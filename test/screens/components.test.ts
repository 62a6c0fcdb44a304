import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bar } from '../../screens/components/bar.ts'
import { columnsChart, niceTop } from '../../screens/components/columns.ts'
import { rail } from '../../screens/components/rail.ts'
import { sparkline } from '../../screens/components/sparkline.ts'
import { visiblePart } from '../../screens/components/table.ts'
import { textField, textFieldReducer } from '../../screens/components/text-field.ts'
import { shellRows } from '../../screens/overlays/command-page.ts'
import { statusSeries } from '../../screens/stage/windows.ts'
import { lineWidth } from '../../screens/text/line.ts'
import { textOf } from './draw.ts'
import { choosing } from './fixtures/demo.ts'

const steps = choosing().steps

describe('rail', () => {
  test('fits 80 columns exactly, and grows a line under what has been shown', () => {
    const [names, line] = rail(steps, 3, 80)
    expect(textOf([names])).toBe(' Setup  Nodes  1 Raw  2 Structured  3 Private  4 Aggregated  5 Query  6 Summary')
    expect(lineWidth(names)).toBe(80)
    expect(names.find((part) => part.back === 'accent')?.text).toBe(' 2 Structured ')
    expect(line[0]?.text).toHaveLength(35)
    expect(lineWidth(line)).toBe(80)
  })

  test('names only the current step where there is little room, or many steps', () => {
    expect(textOf([rail(steps, 4, 60)[0]])).toMatch(/Setup +Nodes +1 +2 +3 Private +4 +5 +6/)
    const many = [...steps, ...Array.from({ length: 5 }, (_, i) => ({ title: `Own ${i}`, digit: `${i + 7}` }))]
    expect(lineWidth(rail(many, 4, 80)[0])).toBeLessThanOrEqual(80)
  })
})

describe('figures as lines', () => {
  test('a bar shows any share above zero, and is always as wide as told', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.integer({ min: 1, max: 60 }), (share, width) => {
        const line = bar(share, width)
        expect(lineWidth(line)).toBe(width)
        expect(line[0]?.text === '').toBe(share === 0)
      }),
    )
    expect(textOf([bar(0.5, 10)])).toBe('━━━━━─────')
  })

  test('a sparkline starts at zero, leaves gaps for missed polls, and keeps below its height', () => {
    expect(sparkline([0, 5, undefined, 10], { width: 6 }).text).toBe('  ▁▄ █')
    expect(sparkline([10, 10], { width: 2, height: 5 }).text).toBe('▅▅')
    expect(
      sparkline(
        Array.from({ length: 60 }, () => 7),
        { width: 20 },
      ).text,
    ).toBe('█'.repeat(20))
  })

  test('columns stand on zero, no higher than the axis, with every kind in its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(5_000), { minLength: 4, maxLength: 4 }), { maxLength: 40 }),
        fc.integer({ min: 5, max: 30 }),
        (values, height) => {
          const rows = columnsChart(
            values.map((one) => ({ label: '10:00', values: one })),
            { series: statusSeries, width: 60, height, coloured: true },
          )
          expect(rows).toHaveLength(height)
          for (const row of rows) expect(lineWidth(row)).toBeLessThanOrEqual(61)
        },
      ),
    )
    expect([1, 14_000, 15_000, 15_001, 700].map(niceTop)).toEqual([3, 15_000, 15_000, 18_000, 750])
  })
})

describe('lists and fields', () => {
  test('the selected row is always among those shown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.nat(3_000),
        fc.integer({ min: 1, max: 60 }),
        (count, at, height) => {
          const selected = Math.min(at, count - 1)
          const { start, end } = visiblePart(count, at, height)
          expect(end - start).toBe(Math.min(count, height))
          expect(selected).toBeGreaterThanOrEqual(start)
          expect(selected).toBeLessThan(end)
        },
      ),
    )
  })

  test('a text field keeps its cursor within the text, and control characters out', () => {
    const action = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => ({ type: 'typed' as const, text: `${text}\u001b` })),
      fc.constant({ type: 'erased' as const }),
      fc.constantFrom('left', 'right', 'start', 'end').map((to) => ({ type: 'moved' as const, to })),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), fc.integer({ min: 8, max: 40 }), (actions, width) => {
        const state = actions.reduce(textFieldReducer, { text: '', cursor: 0 })
        expect(state.text).not.toMatch(/\u001b/)
        expect(lineWidth(textField(state, width))).toBe(width)
      }),
    )
  })

  test('a long command breaks where a shell joins it again', () => {
    const command = `bacalhau job run ${'.bbq/jobs/private-very-long-name.yaml '.repeat(4)}--api-host ${'x'.repeat(90)}`
    const rows = textOf(shellRows(command, 60)).split('\n')
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(60)
    expect(rows.map((row) => row.replace(/\\$/, '')).join('')).toBe(command)
  })
})
