import { describe, expect, test } from 'vitest'
import { activeBindings, bindingFor, footerHints, isCaptured } from '../../screens/keys.ts'
import { bindings } from '../../src/engine/bindings.ts'
import type { State } from '../../src/engine/state.ts'
import { draw, read, sizes, textOf } from './draw.ts'
import { choosing, open } from './fixtures/demo.ts'
import { answered, stageState, walked } from './fixtures/states.ts'

const asking = (draft = ''): State => {
  const state = choosing()
  return { ...state, setup: { ...state.setup, mode: 'asking', draft } }
}
const helping = (): State => ({ ...walked(), overlay: { kind: 'help', scroll: 0 } })
const states: readonly (readonly [string, State])[] = [
  ['choosing', choosing()],
  ['asking', asking('x')],
  ['nodes', open()],
  ['running', stageState('raw', 'running')],
  ['ended', stageState('private', 'ended')],
  ['answered', answered()],
  ['summary', walked()],
  ['paused', { ...walked(), paused: true }],
  ['help', helping()],
]

describe('the footer', () => {
  test.each(states)('names only keys that do something now: %s', (_name, state) => {
    const { hints, always } = footerHints(bindings, state)
    const shown = [...hints, ...always].map(({ keys }) => keys)
    for (const keys of shown) {
      const binding = bindings.find((one) => (one.shown ?? one.keys.join(' ')) === keys && one.when(state))
      expect(binding, keys).toBeDefined()
      const [first = ''] = binding?.keys ?? []
      expect(bindingFor(bindings, state, first), keys).toBe(binding)
      expect(isCaptured(state, first), keys).toBe(false)
    }
  })

  test.each(sizes)('stands in the last row with help and quit on the right at %i x %i', (columns, rows) => {
    const text = read(open(), columns, rows).split('\n')
    expect(text[rows - 1]).toMatch(/^ Space next {2}Enter open node .* {2}\? help {2}q quit$/)
    expect(text[rows - 2]).toMatch(/^─+$/)
  })

  test('drops the least useful keys when there is little room', () => {
    const narrow = read(answered(), 60, 16).split('\n')[15] ?? ''
    expect(narrow).toMatch(/^ \S/)
    expect(narrow).toMatch(/\? help {2}q quit$/)
    expect(narrow.length).toBeLessThanOrEqual(60)
  })
})

describe('a text field', () => {
  test('swallows letters, Space and Backspace, and leaves Enter, Esc and Ctrl-C', () => {
    for (const key of ['q', '?', '1', 'Space', 'Left', 'Home']) expect(isCaptured(asking(), key), key).toBe(true)
    for (const key of ['Enter', 'Esc', 'Ctrl-C', 'Tab']) expect(isCaptured(asking(), key), key).toBe(false)
    expect(isCaptured(asking('a'), 'Backspace')).toBe(true)
    expect(isCaptured(asking(''), 'Backspace')).toBe(false)
    expect(isCaptured(open(), 'q')).toBe(false)
  })

  test('leaves the footer without letters', () => {
    const keys = activeBindings(bindings, asking('x')).flatMap((one) => one.keys)
    expect(keys).toContain('Enter')
    expect(keys).not.toContain('q')
  })
})

describe('help', () => {
  test('tells what every key does, and why one does nothing', () => {
    const lines = textOf(draw({ ...walked(), overlay: { kind: 'help', scroll: 0 } }, 120, 60))
    for (const binding of bindings.filter((one) => one.screens === undefined))
      expect(lines).toContain(binding.help.slice(0, 30))
    expect(lines).toContain('last step. q leaves')
  })
})
