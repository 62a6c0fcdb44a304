import { describe, expect, test } from 'vitest'
import { rowPage } from '../../screens/overlays/row-page.ts'
import { outcomeOf } from '../../src/core/job.ts'
import type { Report } from '../../src/core/report.ts'
import type { RunNode, State } from '../../src/engine/state.ts'
import { sumReports } from '../../src/engine/totals.ts'
import { draw, misfits, read, sizes } from './draw.ts'
import { stageState } from './fixtures/states.ts'

/** A stage that has run, with some nodes' reports changed; what their executions then mean. */
const reported = (change: (report: Report, i: number) => Report, current = 'structured'): State => {
  const state = stageState('structured', 'ended')
  const run = state.runs['structured']
  if (run === undefined) throw new Error('no run')
  const nodes = run.nodes.map((node, i): RunNode => {
    if (node.report === undefined) return node
    const report = change(node.report, i)
    const execution = {
      id: `e-${i}`,
      nodeId: node.id,
      state: 'completed',
      nodeLost: false,
      exitCode: 0,
      report,
    } as const
    return { ...node, ...outcomeOf(execution, { jobId: 'j', state: 'completed', executions: [] }), report }
  })
  const totals = sumReports(nodes.map(({ report }) => report))
  return { ...state, current, runs: { ...state.runs, structured: { ...run, nodes, totals } } }
}

const blind = (report: Report): Report => ({
  ...report,
  lines_rejected: report.lines_rejected + report.lines_parsed,
  lines_parsed: 0,
  rejected: [{ reason: 'no_match', count: 9_997, line: 1, file: 'access.log', guess: 'json' }],
  understood: false,
})

const rowsWith = (state: State, text: string, columns: number, rows: number) =>
  draw(state, columns, rows).filter((line) =>
    line
      .map((part) => part.text)
      .join('')
      .includes(text),
  )

describe.each(sizes)('at %i x %i', (columns, rows) => {
  test('a node that understood nothing is red and first, with what its lines look like', () => {
    const state = reported((report, i) => (i === 4 ? blind(report) : report))
    const screen = read(state, columns, rows)
    expect(screen).toContain('Nothing understood on aws-5: it looks like JSON.')
    expect(screen).toContain('❯ Give --format a map of its keys')
    const [row] = rowsWith(state, 'nothing understood: all', columns, rows)
    expect(row?.find(({ text }) => text.startsWith('nothing understood'))?.role).toBe('bad')
    const first = screen.split('\n').findIndex((line) => line.includes('nothing understood: all'))
    expect(screen.split('\n')[first - 1]).toContain('NODE')
    expect(misfits(state, columns, rows)).toEqual([])
  })

  test('so is its row on Nodes, and its detail has the reasons', () => {
    const state = reported((report, i) => (i === 0 ? blind(report) : report), 'nodes')
    const [row] = rowsWith(state, 'unparsed', columns, rows)
    expect(row?.find(({ text }) => text.includes('unparsed'))?.role).toBe('bad')
    const opened = { ...state, nodes: { ...state.nodes, opened: 'aws-1' } }
    expect(read(opened, columns, rows)).toContain(
      '9,997 in no known format, first line 1 of access.log; it looks like JSON',
    )
    expect(misfits(opened, columns, rows)).toEqual([])
  })

  test('more than a tenth refused is a warning that names the first line; less is none', () => {
    const some = (share: number) =>
      reported((report) => {
        const all = report.lines_parsed + report.lines_rejected
        const refused = Math.round(all * share)
        const rejected = [{ reason: 'bad_time', count: refused, line: 7, file: 'access.log' }]
        return { ...report, lines_parsed: all - refused, lines_rejected: refused, rejected }
      })
    const much = some(0.2)
    expect(read(much, columns, rows)).toMatch(/lines were refused \(20 %\)\./)
    expect(read(much, columns, rows)).toContain(
      'They are with an impossible time; the first: aws-1, line 7 of access.log.',
    )
    const [row] = rowsWith(much, 'lines were refused', columns, rows)
    expect(row?.find(({ text }) => text.includes('refused'))?.role).toBe('warn')
    expect(read(some(0.09), columns, rows)).not.toContain('were refused')
  })
})

describe('what was found of the lines', () => {
  const found = (current: string) =>
    reported(
      (report, i) =>
        i === 0
          ? {
              ...report,
              formats: [{ title: 'combined + 2 fields', lines: 198, of: 200 }],
              fields: ['%I'],
              repaired: 3,
              notices: ['Times have no zone: they are taken as UTC.'],
            }
          : { ...report, formats: [{ title: 'combined', lines: 200, of: 200 }] },
      current,
    )

  test.each(sizes)('is in the detail of a node at %i x %i', (columns, rows) => {
    const state = found('nodes')
    const opened = { ...state, nodes: { ...state.nodes, opened: 'aws-1' } }
    const screen = read(opened, columns, rows)
    expect(screen).toContain('format: combined + 2 fields, 198 of 200 lines')
    expect(screen).toContain('fields without a column: %I')
    expect(screen).toContain('Times have no zone')
    expect(screen).toContain('repaired: 3 lines')
    expect(misfits(opened, columns, rows)).toEqual([])
    expect(read({ ...opened, nodes: { ...opened.nodes, opened: 'aws-2' } }, columns, rows)).not.toContain('no zone')
  })

  test('is on the page of a node of a stage, with the reasons of refused lines', () => {
    const state = found('structured')
    const page = rowPage(state, 'nodes', 'aws-1', 100)
      .map((row) => row.map(({ text }) => text).join(''))
      .join('\n')
    expect(page).toMatch(/format +combined \+ 2 fields, 198 of 200 lines/)
    expect(page).toMatch(/without a column +%I/)
    expect(page).toMatch(/to know +Times have no zone/)
    expect(page).toContain('in no known format, first line 12 of access.log')
  })

  test('stands below the nodes of a stage where they leave room, and takes none from them', () => {
    const state = found('structured')
    const wide = read(state, 200, 60)
    expect(wide).toContain('format: combined')
    expect(wide).toContain('Times have no zone')
    expect(misfits(state, 200, 60)).toEqual([])
    expect(read(state, 80, 24)).not.toContain('format: ')
  })
})
