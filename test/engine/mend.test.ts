import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { nextBeat } from '../../src/engine/script.ts'
import type { Check } from '../../src/engine/state.ts'
import type { SetupStep } from '../../src/warehouse/setup.ts'
import { settle } from '../fakes/time.ts'
import { type World, world } from '../fakes/world.ts'

const open: World[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ engine }) => engine.close()))
})

interface Needs {
  readonly missing: Set<string>
  readonly failing?: boolean
}

/** A world whose warehouse needs a project, on which all else depends, and rights, on which nothing does. */
const start = ({ missing, failing = false }: Needs) => {
  const ran: string[] = []
  let opened = 0
  let held: Promise<void> | undefined
  let change = '+'
  const step = (id: string, after?: string): SetupStep => ({
    id,
    title: `The ${id}`,
    ...(after === undefined ? {} : { after }),
    look: async () => {
      await held
      return missing.has(id)
        ? {
            problem: new AppError({ what: `There is no ${id}.`, next: [`make ${id}`] }),
            repair: {
              title: `make the ${id}`,
              flag: '--make',
              command: 'bbq setup --make',
              changes: [`${change} ${id}`],
              lines: [],
              run: async ({ onStep }) => {
                onStep('waiting')
                ran.push(id)
                if (failing) throw new AppError({ what: `Nobody may make the ${id}.`, kind: 'refused' })
                missing.delete(id)
                return `made the ${id}`
              },
            },
          }
        : { detail: `${id} is there` }
    },
  })
  const tables: SetupStep = { ...step('dataset', 'project'), opens: true }
  const made = world({
    openSetup: async () => {
      opened += 1
      return {
        steps: [step('project'), step('apis', 'project'), step('rights', 'apis'), tables, step('uploader', 'apis')],
        close: () => {
          opened -= 1
        },
      }
    },
  })
  open.push(made)
  const checks = (): Readonly<Record<string, Check>> =>
    Object.fromEntries(made.engine.store.getState().setup.checks.map((check) => [check.id, check]))
  /** From now on looks answer only when what is returned is called. */
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return () => {
      held = undefined
      resolve()
    }
  }
  const alter = (to: string): void => {
    change = to
  }
  return { ...made, ran, checks, opened: () => opened, hold, alter }
}

describe('what a warehouse needs, in Setup', () => {
  test('is looked at between warehouse and tables; what opening mends itself is left to it', async () => {
    const { engine, press, checks, opened } = start({ missing: new Set() })
    await press('Enter')
    expect(
      engine.store
        .getState()
        .setup.checks.map(({ id }) => id)
        .slice(-6),
    ).toEqual(['warehouse', 'project', 'apis', 'rights', 'uploader', 'tables'])
    expect(checks()['uploader']).toMatchObject({ state: 'ok', detail: 'uploader is there' })
    expect(engine.store.getState().setup.mode).toBe('open')
    expect(opened()).toBe(0)
  })

  test('stops the opening where all else depends on it, and Space puts it right after a question', async () => {
    const { engine, press, checks, ran, opened } = start({ missing: new Set(['project']) })
    await press('Enter')
    expect(engine.store.getState().setup).toMatchObject({ mode: 'checking', problem: { what: 'There is no project.' } })
    expect(checks()['rights']).toMatchObject({ state: 'waiting' })
    expect(nextBeat(engine.store.getState())).toMatchObject({ kind: 'do', label: 'put it right' })
    await press('Space')
    expect(engine.store.getState().overlay).toMatchObject({
      kind: 'confirm',
      question: 'Make the project?',
      why: '+ project. Nothing else is changed.',
    })
    expect(ran).toEqual([])
    await press('Enter')
    await settle()
    expect(ran).toEqual(['project'])
    expect(engine.store.getState().setup.mode).toBe('open')
    expect(checks()['project']).toMatchObject({ state: 'ok' })
    expect(opened()).toBe(0)
  })

  test('lets the demo open without what nothing else depends on; F puts it right later', async () => {
    const { engine, press, checks, ran } = start({ missing: new Set(['uploader']) })
    await press('Enter')
    expect(engine.store.getState().setup.mode).toBe('open')
    expect(checks()['uploader']).toMatchObject({ state: 'problem', repair: 'make the uploader' })
    engine.commands.show('setup')
    await press('F')
    await press('Esc')
    expect(ran).toEqual([])
    await press('F')
    await press('Enter')
    expect(ran).toEqual(['uploader'])
    expect(checks()['uploader']).toMatchObject({ state: 'ok' })
    expect(engine.store.getState().message?.text).toBe('The uploader: made the uploader.')
  })

  test('somebody else was faster: nothing is changed', async () => {
    const missing = new Set(['project'])
    const { engine, press, ran } = start({ missing })
    await press('Enter')
    missing.clear()
    await press('F')
    await settle()
    expect(ran).toEqual([])
    expect(engine.store.getState().setup.mode).toBe('open')
  })

  test('a repair that is refused says why, and can be tried again', async () => {
    const { engine, press, checks, ran } = start({ missing: new Set(['project']), failing: true })
    await press('Enter')
    await press('F')
    await press('Enter')
    expect(checks()['project']).toMatchObject({
      state: 'problem',
      problem: { what: 'Nobody may make the project.' },
      repair: 'make the project',
    })
    expect(engine.store.getState().setup.problem?.what).toBe('Nobody may make the project.')
    await press('F')
    await press('Enter')
    expect(ran).toEqual(['project', 'project'])
  })

  test('a look that answers late opens no question over another one', async () => {
    const { engine, press, ran, hold } = start({ missing: new Set(['uploader']) })
    await press('Enter')
    engine.commands.show('setup')
    const answer = hold()
    await press('F')
    await engine.commands.prepare()
    answer()
    await settle()
    expect(engine.store.getState().overlay).toMatchObject({ command: { does: 'prepare nodes' } })
    expect(ran).toEqual([])
  })

  test('a look that answers late opens no question on another screen or a paused one', async () => {
    const { engine, press, hold } = start({ missing: new Set(['uploader']) })
    await press('Enter')
    for (const away of [() => engine.commands.show('nodes'), () => engine.commands.pause()]) {
      engine.commands.show('setup')
      const answer = hold()
      await press('F')
      away()
      answer()
      await settle()
      expect(engine.store.getState().overlay).toBeUndefined()
    }
    await press('F')
    expect(engine.store.getState().overlay).toBeUndefined()
    expect(engine.store.getState().message?.text).toContain('paused')
  })

  test('what is done is what was agreed to: when another change is needed by then, it is asked again', async () => {
    const { engine, press, ran, alter } = start({ missing: new Set(['project']) })
    await press('Enter')
    await press('F')
    alter('+ owner of')
    await press('Enter')
    expect(ran).toEqual([])
    expect(engine.store.getState().overlay).toMatchObject({
      kind: 'confirm',
      why: '+ owner of project. Nothing else is changed.',
    })
    await press('Enter')
    await settle()
    expect(ran).toEqual(['project'])
  })

  test('nothing is checked again while it is put right, and it is put right once', async () => {
    const { engine, press, ran, hold } = start({ missing: new Set(['project']) })
    await press('Enter')
    await press('F')
    const answer = hold()
    await press('Enter')
    for (const key of ['r', 'F', 'Space']) await press(key)
    answer()
    await settle()
    expect(ran).toEqual(['project'])
    expect(engine.store.getState().setup.mode).toBe('open')
    expect(engine.store.getState().overlay).toBeUndefined()
  })

  test('what stands in the way next is its own problem, and not that of what was put right', async () => {
    const { engine, press, checks } = start({ missing: new Set(['project', 'apis']) })
    await press('Enter')
    await press('F')
    await press('Enter')
    await settle()
    expect(checks()['project']).toMatchObject({ state: 'ok', detail: 'project is there' })
    expect(checks()['apis']).toMatchObject({ state: 'problem', repair: 'make the apis' })
    expect(engine.store.getState().setup.problem?.what).toBe('There is no apis.')
  })

  test('the screen may be left in the middle of it', async () => {
    const { engine, press, hold } = start({ missing: new Set(['project']) })
    await press('Enter')
    await press('F')
    hold()
    await press('Enter')
    await engine.close()
    expect(engine.store.getState().setup.mode).toBe('checking')
  })
})
