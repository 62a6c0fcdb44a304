import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { nextBeat } from '../../src/engine/script.ts'
import type { State } from '../../src/engine/state.ts'
import { fakeCluster } from '../fakes/cluster.ts'
import { settle } from '../fakes/time.ts'
import { fakeWarehouse } from '../fakes/warehouse.ts'
import { type World, world } from '../fakes/world.ts'

const open: World[] = []
const start = (options: Parameters<typeof world>[0] = {}): World => {
  const made = world(options)
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ engine }) => engine.close()))
})

/** Presses the first of Space and Enter that the footer would name, until `done`. */
const walk = async ({ engine, press, time }: World, done: (state: State) => boolean): Promise<readonly string[]> => {
  const shown: string[] = []
  for (let i = 0; i < 200 && !done(engine.store.getState()); i++) {
    const state = engine.store.getState()
    if (shown.at(-1) !== state.current) shown.push(state.current)
    const best = engine.bindings
      .filter(({ id, when, weight }) => ['next', 'enter'].includes(id) && when(state) && weight(state) > 0)
      .sort((a, b) => b.weight(state) - a.weight(state))[0]
    if (best !== undefined) await press(best.keys[0] ?? '')
    await time.pass(500)
  }
  return [...shown, engine.store.getState().current]
}

describe('the walk', () => {
  test('goes from the first screen to the Summary with Enter and Space alone', async () => {
    const here = start()
    const shown = await walk(here, ({ current }) => current === 'summary')
    expect(shown).toEqual(['setup', 'nodes', 'raw', 'structured', 'private', 'aggregated', 'query', 'summary'])
    const { runs, query } = here.engine.store.getState()
    for (const run of Object.values(runs)) expect(run).toMatchObject({ phase: 'ended', runs: 1 })
    expect(query.answer?.result.rows.length).toBeGreaterThan(0)
    expect(here.cluster.submitted.map(({ name }) => name.split('-')[1])).toEqual([
      'raw',
      'structured',
      'private',
      'aggregated',
    ])
  })

  test('goes back without running anything again, and on again from there', async () => {
    const here = start()
    await walk(here, ({ current, runs }) => current === 'structured' && runs['structured']?.phase === 'ended')
    const sent = here.cluster.submitted.length
    await here.press('Backspace')
    expect(here.engine.store.getState().current).toBe('raw')
    expect(nextBeat(here.engine.store.getState())).toMatchObject({ kind: 'step', to: 'structured' })
    await here.press('PgDn')
    expect(here.engine.store.getState().current).toBe('structured')
    expect(here.cluster.submitted.length).toBe(sent)
  })

  test('names what a Space waits for, and goes on at the second one', async () => {
    const here = start({ fate: 'runs on' })
    await walk(here, ({ current }) => current === 'raw')
    await here.press('Space')
    await here.time.pass(500)
    await here.press('Space')
    const { message, current } = here.engine.store.getState()
    expect(current).toBe('raw')
    expect(message?.text).toContain('0 of 6 nodes have ended')
    expect(message?.text).toContain('Space again')
    await here.press('Space')
    expect(here.engine.store.getState().current).toBe('structured')
    expect(here.cluster.stopped).toEqual([])
  })

  test('no longer says that it waits when the wait is over', async () => {
    const here = start({ fate: 'runs on' })
    await walk(here, ({ current }) => current === 'raw')
    await here.press('Space')
    await here.time.pass(500)
    await here.press('PgDn')
    expect(here.engine.store.getState().message?.text).toContain('Waits for')
    here.cluster.finish()
    await here.time.pass(500)
    expect(here.engine.store.getState().message).toBeUndefined()
    await here.press('PgDn')
    expect(here.engine.store.getState().current).toBe('structured')
  })

  test('asks before it starts over in a folder that holds a demo', async () => {
    const here = start({
      before: { stateDir: '.bbq', at: 0, canResume: true, connected: false, holding: { kind: 'demo' } },
    })
    await here.press('Enter')
    expect(here.engine.store.getState().overlay).toMatchObject({
      kind: 'confirm',
      command: { does: 'replace by the demo' },
    })
    await here.press('Space')
    expect(here.engine.store.getState().setup.mode).toBe('choosing')
    await here.press('Esc')
    expect(here.engine.store.getState().overlay).toBeUndefined()
    await here.press('Enter')
    await here.press('Enter')
    await here.time.pass(500)
    expect(here.engine.store.getState().setup.mode).toBe('open')
  })

  test('says why a digit does nothing before the demo is open, and jumps afterwards', async () => {
    const here = start()
    await here.press('3')
    expect(here.engine.store.getState().message?.text).toContain('Start the demo first')
    await here.press('Enter')
    await here.time.pass(500)
    for (const [key, step] of [
      ['3', 'private'],
      ['9', 'nodes'],
      ['6', 'summary'],
      ['0', 'setup'],
    ] as const) {
      await here.press(key)
      expect(here.engine.store.getState().current).toBe(step)
    }
  })

  test('opens what was here before with its finished runs', async () => {
    const first = start()
    await walk(first, ({ current, runs }) => current === 'structured' && runs['structured']?.phase === 'ended')
    const text = first.files.get('runs.json')
    const second = start({
      files: { readRuns: async () => text, writeRuns: async () => {}, writeExport: async () => '' },
    })
    await second.warehouse.confirm([], { signal: AbortSignal.timeout(1_000) })
    await second.warehouse.reset({ signal: AbortSignal.timeout(1_000) })
    second.warehouse.confirm = first.warehouse.confirm
    await second.engine.commands.resume()
    const { runs, current } = second.engine.store.getState()
    expect(current).toBe('structured')
    expect(runs['raw']).toMatchObject({ phase: 'ended', runs: 1 })
    expect(runs['raw']?.totals).toEqual(first.engine.store.getState().runs['raw']?.totals)
    expect(runs['private']?.phase).toBe('idle')
  })

  test('asks the questions of the wizard, keeps answers on the way back, saves and opens', async () => {
    const here = start()
    const { commands, store } = here.engine
    commands.select('choices', 'connect')
    await here.press('Enter')
    expect(store.getState().setup.mode).toBe('asking')
    commands.draft('NOT A PROJECT')
    await here.press('Enter')
    expect(store.getState().setup.misfit).toContain('project.id')
    commands.draft('my-project')
    await here.press('Enter')
    await here.press('Esc')
    expect(store.getState().setup.draft).toBe('my-project')
    for (let i = 0; i < store.getState().setup.questions.length; i++) await here.press('Enter')
    await here.time.pass(500)
    expect(here.saved[0]).toMatchObject({ 'project.id': 'my-project' })
    expect(store.getState().setup).toMatchObject({ mode: 'open', savedTo: 'config.yaml' })
    expect(store.getState().setup.checks.map(({ state }) => state)).toEqual(Array(6).fill('ok'))
  })

  test('says which check failed and what to do, and opens once it is solved', async () => {
    const reason = new AppError({ what: 'The warehouse is locked by pid 7.', next: ['Close it.'], kind: 'refused' })
    let locked = true
    const spare = fakeWarehouse()
    const here = start({ openWarehouse: () => (locked ? Promise.reject(reason) : Promise.resolve(spare)) })
    await here.press('Enter')
    await here.time.pass(500)
    const { setup } = here.engine.store.getState()
    expect(setup.problem?.what).toBe(reason.what)
    expect(setup.checks.find(({ state }) => state === 'problem')).toMatchObject({ id: 'warehouse' })
    expect(setup.checks.find(({ id }) => id === 'tables')?.state).toBe('waiting')
    expect(here.cluster.isClosed()).toBe(true)
    locked = false
    await here.press('r')
    await here.time.pass(500)
    expect(here.engine.store.getState()).toMatchObject({ current: 'nodes', setup: { mode: 'open' } })
  })

  test('closes what opens after the program was left', async () => {
    const late = fakeCluster()
    let arrive = (): void => {}
    const here = start({
      openCluster: () =>
        new Promise((resolve) => {
          arrive = () => resolve(late)
        }),
    })
    await here.press('Enter')
    await here.engine.close()
    arrive()
    await settle()
    expect(late.isClosed()).toBe(true)
    expect(here.warehouse.isClosed()).toBe(true)
  })

  test('leaves at once when nothing runs, asks while a job does, and stops it', async () => {
    const here = start({ fate: 'runs on' })
    await walk(here, ({ current }) => current === 'raw')
    await here.press('Space')
    await here.time.pass(500)
    await here.press('q')
    expect(here.engine.store.getState().overlay).toMatchObject({ kind: 'confirm', command: { does: 'leave' } })
    await here.press('Esc')
    await here.press('Ctrl-C')
    expect(here.engine.store.getState().leaving).toBeUndefined()
    expect(here.engine.store.getState().message?.text).toContain('Ctrl-C again')
    await here.press('Ctrl-C')
    expect(here.engine.store.getState().leaving).toBe('interrupt')
    await here.engine.close()
    expect(here.cluster.stopped.length).toBe(1)
    expect(here.cluster.isClosed() && here.warehouse.isClosed()).toBe(true)
    expect(here.time.open()).toBe(0)
  })
})
