import { describe, expect, test } from 'vitest'
import { activeBindings } from '../../screens/keys.ts'
import { paint } from '../../screens/text/paint.ts'
import { makeTheme } from '../../screens/theme.ts'
import type { LogInspection } from '../../src/core/log-inspection.ts'
import { bindings } from '../../src/engine/bindings.ts'
import type { OwnLogsState } from '../../src/engine/own-logs-state.ts'
import type { State } from '../../src/engine/state.ts'
import { draw, misfits, read, sizes } from './draw.ts'
import { choosing, line, now } from './fixtures/demo.ts'

type FoundNode = LogInspection['nodes'][number]

const node = (name: string, more: Partial<FoundNode> = {}): FoundNode => ({
  name,
  files: [`/logs/${name}.log`],
  patterns: [`/logs/${name}.log`],
  bytes: 10_000_000_000,
  lines: 61_234_567,
  about: true,
  first: now - 86_400_000,
  last: now,
  formats: ['combined'],
  notices: [],
  understood: 198,
  looked: 200,
  sample: line,
  ...more,
})

const foreign = node('web9', { formats: [], understood: 0, first: null, last: null, sample: 'not an access log' })
const problem = {
  what: 'web9: none of the first 200 lines is known.',
  why: 'It is no access log.',
  next: ['Name another.'],
}
const note: LogInspection['problems'][number] = {
  what: 'Left out of /logs: error.log.',
  next: ['Name such a file itself.'],
  note: true,
}

const naming = (own: Partial<OwnLogsState> = {}): State => {
  const state = choosing()
  return {
    ...state,
    setup: { ...state.setup, mode: 'naming', own: { text: '/var/log/', candidates: [], completions: 0, ...own } },
  }
}

const found = (inspection: LogInspection): State => {
  const state = naming({ text: 'web1=/logs/* web2=/logs/2/*', found: inspection })
  return { ...state, setup: { ...state.setup, mode: 'found' } }
}

const many = Array.from({ length: 60 }, (_, i) => node(`web${i}`))
const states: readonly (readonly [string, State])[] = [
  ['an empty field', naming({ text: '' })],
  ['a field with candidates', naming({ candidates: Array.from({ length: 200 }, (_, i) => `access-${i}.log`) })],
  ['a field with one long candidate', naming({ candidates: [`${'x'.repeat(300)}/`, 'y'] })],
  ['a field with a text longer than it', naming({ text: `/logs/${'long/'.repeat(60)}` })],
  ['files that are looked at', naming({ lookingSince: now - 3_000 })],
  ['a file that is not there', naming({ problem: { ...problem, kind: 'usage' } })],
  ['one node', found({ nodes: [node('local')], problems: [] })],
  ['a node that is not understood', found({ nodes: [foreign], problems: [problem] })],
  [
    'an empty file',
    found({
      nodes: [node('local', { bytes: 0, lines: 0, looked: 0, understood: 0, formats: [], sample: null })],
      problems: [problem],
    }),
  ],
  ['many nodes and problems', found({ nodes: [...many, foreign], problems: [problem, note, problem, note, problem] })],
]

test.each(states)('%s fits every size', (_, state) => {
  for (const [columns, rows] of sizes) expect(misfits(state, columns, rows)).toEqual([])
})

test.each(states)('%s cannot drive the terminal', (_, state) => {
  const bad = '\u001b[31m\u0007\u202e'
  const { own } = state.setup
  const dirty: State = {
    ...state,
    setup: {
      ...state.setup,
      own: {
        ...own,
        text: `${own.text}${bad}`,
        candidates: own.candidates.map((name) => `${bad}${name}`),
        ...(own.found === undefined
          ? {}
          : {
              found: {
                nodes: own.found.nodes.map((one) => ({
                  ...one,
                  name: `${bad}${one.name}`,
                  sample: `${bad}${one.sample}`,
                })),
                problems: own.found.problems.map((one) => ({ ...one, what: `${bad}${one.what}`, next: [bad] })),
              },
            }),
      },
    },
  }
  const painted = draw(dirty, 80, 24).map((row) => paint(row, makeTheme('true')))
  expect(painted.join('\n').replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
  )
})

describe('what was found', () => {
  test('is a row a node, with how sure the format is, and one line before and after each stage', () => {
    const text = read(found({ nodes: [node('local')], problems: [] }), 80, 24)
    expect(text).toMatch(/local +1 +10\.0 GB +about 61,234,567 +● combined, 198 of 200 lines/)
    for (const stage of ['before', '1 Raw', '2 Structured', '3 Private', '4 Aggregated']) expect(text).toContain(stage)
    expect(text).toMatch(/3 Private +88\.103\.25\.0/)
    expect(text).toContain('UTC')
  })

  test('names every format, and what to know of the lines, also where the cell has no room', () => {
    const mixed = node('local', {
      formats: ['combined + 2 fields', 'Caddy, JSON'],
      notices: ['Times have no zone: they are taken as UTC.'],
    })
    const text = read(found({ nodes: [mixed], problems: [] }), 80, 24)
    expect(text).toMatch(/format +● combined \+ 2 fields · Caddy, JSON, 198 of 200 lines/)
    expect(text).toContain('Times have no zone')
    expect(read(found({ nodes: [node('local', { formats: ['combined + 2 fields'] })], problems: [] }), 80, 24)).toMatch(
      /● combined \+ 2 fields, 198 of 200$/m,
    )
  })

  test('an empty file is not called not understood', () => {
    const empty = node('local', { formats: [], understood: 0, looked: 0, lines: 0, bytes: 0, sample: null })
    const text = read(found({ nodes: [empty], problems: [problem] }), 80, 24)
    expect(text).toContain('no line yet')
    expect(text).not.toContain('not understood')
  })

  test('names what stands in the way, and what to do', () => {
    const text = read(found({ nodes: [node('web1'), foreign], problems: [problem, note] }), 80, 24)
    expect(text).toContain('✖ not understood')
    expect(text).toContain(problem.what)
    expect(text).toContain('❯ Name another.')
    expect(text).toContain(note.what)
  })

  test('can be started only where something is understood', () => {
    const keysOf = (state: State): readonly string[] => activeBindings(bindings, state).map(({ id }) => id)
    expect(keysOf(found({ nodes: [node('a')], problems: [] }))).toContain('enter')
    expect(keysOf(found({ nodes: [foreign], problems: [problem] }))).not.toContain('enter')
  })
})

describe('the first screen', () => {
  const withOwn = (counted?: { readonly rows: number; readonly tables: number }): State => {
    const state = choosing()
    const before = {
      stateDir: '.bbq',
      at: now - 300_000,
      canResume: true,
      connected: false,
      holding: {
        kind: 'own',
        noted: true,
        tables: 2,
        at: now - 300_000,
        nodes: [{ name: 'local', files: ['/a.log', '/b.log'] }],
      },
      ...(counted === undefined ? {} : { counted }),
    } as const
    return { ...state, setup: { ...state.setup, before } }
  }

  test('says what is there of somebody’s own, with the rows once they are counted', () => {
    expect(read(withOwn(), 80, 24)).toContain('your own rows: in 2 tables, 2 files, last 5 min ago')
    expect(read(withOwn({ rows: 12_345, tables: 2 }), 80, 24)).toContain(
      'your own rows: 12,345 in 2 tables, 2 files, last 5 min ago',
    )
  })

  test('shows all four ways in at 80x24', () => {
    const text = read(withOwn(), 80, 24)
    for (const title of ['Give the demo here, now', 'Your own logs', 'Connect a cluster', 'Open what was here before'])
      expect(text).toContain(title)
    for (const [columns, rows] of sizes) expect(misfits(withOwn(), columns, rows)).toEqual([])
  })
})
