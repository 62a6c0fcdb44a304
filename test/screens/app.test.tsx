import { render } from 'ink-testing-library'
import { describe, expect, test, vi } from 'vitest'
import { App } from '../../screens/App.tsx'
import { EngineProvider, type EngineView } from '../../screens/hooks/use-engine.ts'
import { makeTheme } from '../../screens/theme.ts'
import { widthOf } from '../../src/core/width.ts'
import { bindings } from '../../src/engine/bindings.ts'
import type { Commands } from '../../src/engine/commands.ts'
import type { Event } from '../../src/engine/events.ts'
import { reduce } from '../../src/engine/reduce.ts'
import type { State } from '../../src/engine/state.ts'
import { createStore } from '../../src/engine/store.ts'
import { choosing, open } from './fixtures/demo.ts'
import { walked } from './fixtures/states.ts'

/** An engine with the real store and keys, whose commands are written down. */
const recording = (state: State) => {
  const store = createStore<State, Event>(state, reduce)
  const called: string[] = []
  const commands = new Proxy({} as Commands, {
    get:
      (_target, name) =>
      (...args: readonly unknown[]) => {
        called.push([String(name), ...args.map(String)].join(' '))
        if (name === 'draft') store.dispatch({ type: 'draft/changed', text: String(args[0]) })
        return Promise.resolve()
      },
  })
  const engine: EngineView = { store, commands, bindings }
  return { engine, called, store }
}

const show = (state: State) => {
  const { engine, called, store } = recording(state)
  const shown = render(
    <EngineProvider value={engine}>
      <App theme={makeTheme('none')} stopProcess={async () => undefined} />
    </EngineProvider>,
  )
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) {
      shown.stdin.write(key)
      // Ink holds a lone Esc back until it knows that no sequence follows
      await vi.waitFor(() => expect(shown.lastFrame()).toBeDefined())
    }
  }
  return { ...shown, called, press, store }
}

describe('the app', () => {
  test('fills the screen exactly', () => {
    const { lastFrame, unmount } = show(walked())
    const rows = (lastFrame() ?? '').replaceAll(/\u001b\[[\d;]*m/g, '').split('\n')
    expect(rows.length).toBeLessThanOrEqual(24)
    for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(100)
    expect(rows[0]).toMatch(/^ Setup/)
    unmount()
  })

  test('gives keys to the engine by its table', async () => {
    const { called, press, unmount } = show(open())
    await press('j', '\u001b[B', ' ', '\r', '?', '3', '\u001b[6~', '\u0003')
    await vi.waitFor(() => expect(called).toContain('interrupt'))
    expect(called).toEqual(['move 1', 'move 1', 'next', 'enter', 'showHelp', 'show private', 'next', 'interrupt'])
    unmount()
  })

  test('says why a key does nothing', async () => {
    const { called, press, unmount } = show(open())
    await press('\t')
    await vi.waitFor(() => expect(called).toEqual(['say This screen has one pane. warn']))
    unmount()
  })

  test('types letters, Space and pasted text into the wizard, at the cursor', async () => {
    const state = choosing()
    const { called, press, store, lastFrame, unmount } = show({ ...state, setup: { ...state.setup, mode: 'asking' } })
    await press('q', 'x', ' ', '1')
    await vi.waitFor(() => expect(store.getState().setup.draft).toBe('qx 1'))
    await press('\u001b[D', '\u001b[D', '\u007f', '?')
    await vi.waitFor(() => expect(store.getState().setup.draft).toBe('q? 1'))
    expect((lastFrame() ?? '').replaceAll(/\u001b\[[\d;]*m/g, '')).toContain('q? 1')
    // letters that come in one read, as over a slow line
    await press('\u001b[F', 'o', 'rch')
    await vi.waitFor(() => expect(store.getState().setup.draft).toBe('q? 1orch'))
    await press('\r')
    await vi.waitFor(() => expect(called.at(-1)).toBe('enter'))
    expect(called.filter((one) => !one.startsWith('draft'))).toEqual(['enter'])
    unmount()
  })

  test('draws again when the state changes', async () => {
    const { lastFrame, store, unmount } = show(open())
    store.dispatch({ type: 'step/shown', step: 'summary' })
    await vi.waitFor(() => expect(lastFrame()).toContain('The same question, four ways to ask it'))
    unmount()
  })
})
