import { describe, expect, test } from 'vitest'
import { stages } from '../../processors/stages/index.ts'
import { bindings } from '../../src/engine/bindings.ts'
import { initialState } from '../../src/engine/initial-state.ts'
import { renderKeys } from '../../src/engine/keys-page.ts'
import type { State, StepKind } from '../../src/engine/state.ts'
import { world } from '../fakes/world.ts'

const kinds: readonly StepKind[] = ['setup', 'nodes', 'stage', 'query', 'summary']
const on = (kind: StepKind) => bindings.filter(({ screens }) => screens === undefined || screens.includes(kind))

describe('the keys', () => {
  test.each(kinds)('mean one thing each on %s', (kind) => {
    const keys = on(kind).flatMap((binding) => binding.keys)
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  test('have an id, a help and a label of their own, and a reason whenever they do nothing', () => {
    const state = initialState({ stages, questions: [], answers: {}, now: 0, nodeCount: 21 })
    const states: readonly State[] = state.steps.flatMap(({ id }) => [
      { ...state, current: id },
      { ...state, current: id, setup: { ...state.setup, mode: 'open' } },
      { ...state, current: id, setup: { ...state.setup, mode: 'open' }, paused: true },
      {
        ...state,
        current: id,
        overlay: { kind: 'confirm', command: { does: 'leave' }, question: '', why: '', yes: 'go', no: 'stay' },
      },
    ])
    expect(new Set(bindings.map(({ id }) => id)).size).toBe(bindings.length)
    for (const binding of bindings) {
      expect(binding.help).toMatch(/\.$/)
      for (const one of states) {
        expect(binding.label(one), binding.id).not.toBe('')
        if (!binding.when(one)) expect(binding.why(one), binding.id).toMatch(/\.$/)
      }
    }
  })

  test('that send jobs or change rights do nothing while the screen is paused, and say so', () => {
    const state = initialState({ stages, questions: [], answers: {}, now: 0, nodeCount: 21 })
    const check = { id: 'uploader', title: "Uploader's rights", state: 'problem', repair: 'grant it' } as const
    const node = {
      id: 'aws-1',
      provider: 'aws',
      region: 'r',
      state: 'connected',
      cpu: 1,
      memoryBytes: 1,
      labels: {},
    } as const
    const ready: State = {
      ...state,
      current: 'setup',
      setup: { ...state.setup, mode: 'open', checks: [check] },
      source: {
        cluster: { kind: 'bacalhau', label: 'bacalhau' },
        warehouse: { kind: 'bigquery', label: 'BigQuery' },
        epoch: 'e',
      },
      nodes: {
        ...state.nodes,
        rows: [node],
        readiness: { 'aws-1': { id: 'aws-1', state: 'unprepared', reason: 'no program' } },
      },
    }
    for (const id of ['prepare', 'mend', 'logs']) {
      const binding = bindings.find((one) => one.id === id)
      expect(binding?.when(ready), id).toBe(true)
      expect(binding?.when({ ...ready, paused: true }), id).toBe(false)
      expect(binding?.why({ ...ready, paused: true }), id).toContain('paused')
    }
  })

  test('cover what the walk needs', () => {
    const all = new Set(bindings.flatMap(({ keys }) => keys))
    const needed = '0123456789jkprfvxes?q'.split('')
    for (const key of [
      ...needed,
      'Enter',
      'Esc',
      'Space',
      'Backspace',
      'PgUp',
      'PgDn',
      'Tab',
      'Up',
      'Down',
      'Home',
      'End',
      'Ctrl-C',
    ])
      expect(all).toContain(key)
  })

  test('make the page of the docs', () => {
    for (const { help } of bindings) expect(renderKeys()).toContain(help)
  })

  test('move through rows and stay among them', async () => {
    const { engine, press, time } = world({ nodes: 3 })
    await press('Enter')
    await time.pass(2_000)
    const selected = () => engine.store.getState().views['nodes']?.selected.nodes
    for (const [key, id] of [
      ['j', 'gcp-1'],
      ['Down', 'azure-1'],
      ['j', 'azure-1'],
      ['Home', 'aws-1'],
      ['k', 'aws-1'],
      ['End', 'azure-1'],
      ['Up', 'gcp-1'],
    ] as const) {
      await press(key)
      expect(selected()?.id).toBe(id)
    }
    await press('Enter')
    expect(engine.store.getState().nodes.opened).toBe('gcp-1')
    await press('Esc')
    expect(engine.store.getState().nodes.opened).toBeUndefined()
    await engine.close()
  })
})
