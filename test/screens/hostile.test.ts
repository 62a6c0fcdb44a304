import { expect, test } from 'vitest'
import { paint } from '../../screens/text/paint.ts'
import { makeTheme } from '../../screens/theme.ts'
import type { State } from '../../src/engine/state.ts'
import { draw, misfits, sizes, textOf } from './draw.ts'
import { now, problem } from './fixtures/demo.ts'
import { answered, stageState, walked } from './fixtures/states.ts'

const hostile = 'x\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp\r\n\t'

/** The same state with every text from outside replaced by one that wants the terminal. */
const poisoned = (state: State): State =>
  JSON.parse(JSON.stringify(state), (key: string, value: unknown) =>
    typeof value === 'string' && outside.has(key) ? `${value}${hostile}` : value,
  ) as State

const outside = new Set([
  'region',
  'reason',
  'message',
  'path',
  'ip',
  'nodeName',
  'raw_line',
  'command',
  'clusterCommand',
  'sql',
  'what',
  'why',
  'text',
  'label',
  'jobId',
  'method',
])

const withTails = (state: State): State => {
  const dirty = poisoned(state)
  return {
    ...dirty,
    // functions do not survive JSON
    stages: state.stages,
    message: { text: hostile, tone: 'bad', at: now },
    nodes: {
      ...dirty.nodes,
      rows: dirty.nodes.rows.map((row) => ({
        ...row,
        ...(row.log === undefined ? {} : { log: { ...row.log, tail: [hostile] } }),
      })),
    },
  }
}

const failing = (state: State): State => {
  const run = state.runs['raw']
  return run === undefined ? state : { ...state, runs: { ...state.runs, raw: { ...run, problem } } }
}

const states: readonly (readonly [string, State])[] = [
  ['nodes', walked('nodes')],
  ['stage', failing(stageState('raw', 'failed'))],
  ['private', stageState('private', 'failed')],
  ['aggregated', walked('aggregated')],
  ['query', answered()],
  ['summary', walked()],
  ['command', { ...stageState('raw', 'failed'), overlay: { kind: 'command', scroll: 0 } }],
  ['row', { ...stageState('raw', 'failed'), overlay: { kind: 'row', pane: 'nodes', id: 'aws-1', scroll: 0 } }],
]

test.each(states)('text from logs, SQL and errors cannot drive the terminal: %s', (_name, state) => {
  const dirty = withTails(state)
  for (const [columns, rows] of sizes) {
    const painted = draw(dirty, columns, rows).map((line) => paint(line, makeTheme('true')))
    expect(painted.join('\n').replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
    )
    expect(misfits(dirty, columns, rows)).toEqual([])
  }
})

test('a secret in an error, a command or a log line is not shown', () => {
  const secret = 'token=5ecr3t-5ecr3t'
  const dirty = (state: State): State => ({
    ...failing(state),
    message: { text: `refused ${secret}`, tone: 'bad', at: now },
    nodes: {
      ...state.nodes,
      rows: state.nodes.rows.map((row) =>
        row.log === undefined ? row : { ...row, log: { ...row.log, tail: [secret] } },
      ),
    },
  })
  for (const state of [walked('nodes'), stageState('raw', 'failed')])
    expect(textOf(draw(dirty(state), 120, 40, { example: secret }))).not.toContain('5ecr3t')
})
