import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import type { LogInput, LogInspection } from '../../src/core/log-inspection.ts'
import type { OwnNode } from '../../src/core/own-files.ts'
import type { Generation, Holding } from '../../src/engine/holdings.ts'
import type { Ports } from '../../src/engine/ports.ts'
import { nextBeat } from '../../src/engine/script.ts'
import type { Before } from '../../src/engine/state.ts'
import { fakeCluster } from '../fakes/cluster.ts'
import { settle } from '../fakes/time.ts'
import { fakeWarehouse } from '../fakes/warehouse.ts'
import { type World, world } from '../fakes/world.ts'

const open: World[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ engine }) => engine.close()))
})

const node = (name: string, understood = 200): LogInspection['nodes'][number] => ({
  name,
  files: [`/logs/${name}.log`, `/logs/${name}.log.1`],
  patterns: [`/logs/${name}.log*`],
  bytes: 1_000,
  lines: 10,
  about: false,
  first: 0,
  last: 1,
  formats: understood > 0 ? ['combined'] : [],
  notices: [],
  understood,
  looked: 200,
  sample: 'a line',
})
const problem = { what: 'There is no file nope.', next: ['Type another.'] }

interface Opened {
  readonly fresh: boolean
  readonly inputs: readonly OwnNode[] | undefined
}

/** A world that notes how clusters were opened, how often tables were emptied, and what was noted of generations. */
const start = (options: Partial<Ports> & { readonly found?: LogInspection; readonly holding?: Holding } = {}) => {
  const {
    found = { nodes: [node('web1'), node('web2')], problems: [] },
    holding = { kind: 'nothing' },
    ...ports
  } = options
  const opened: Opened[] = []
  const asked: (readonly LogInput[])[] = []
  const notes: (readonly [string, Generation])[] = []
  const warehouse = fakeWarehouse()
  let resets = 0
  const before: Before = { stateDir: '.bbq', at: 0, canResume: true, connected: false, holding }
  const made = world({
    ...(holding.kind === 'nothing' ? {} : { before }),
    openCluster: async ({ fresh, inputs }) => {
      opened.push({ fresh, inputs })
      return fakeCluster({ nodes: inputs?.length ?? 3 })
    },
    openWarehouse: async () => ({
      ...warehouse,
      reset: (call) => {
        resets += 1
        return warehouse.reset(call)
      },
    }),
    holdings: {
      look: async () => holding,
      note: async (_, epoch, run) => {
        notes.push([epoch, run])
      },
    },
    inspectLogs: async (inputs) => {
      asked.push(inputs)
      return found
    },
    ...ports,
  })
  open.push(made)
  const state = () => made.engine.store.getState()
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await made.press(key)
    await settle()
  }
  return { ...made, opened, asked, notes, state, press, setup: () => state().setup, resets: () => resets }
}

/** Types a path and has it looked at. */
const name = async ({ engine, press }: ReturnType<typeof start>, text: string): Promise<void> => {
  engine.commands.openOwnLogs()
  engine.commands.draft(text)
  await press('Enter')
}

describe('logs of one’s own', () => {
  test('are the second choice; what was typed is looked at, and Enter walks over it with empty tables', async () => {
    const here = start()
    expect(here.setup().choices.map(({ id }) => id)).toEqual(['demo', 'own', 'connect'])
    await here.press('Down', 'Enter')
    expect(here.setup().mode).toBe('naming')
    here.engine.commands.draft('web1=/logs/web1.log* web2=/logs/web2.log*')
    await here.press('Enter')
    expect(here.asked).toEqual([
      [
        { name: 'web1', pattern: '/logs/web1.log*' },
        { name: 'web2', pattern: '/logs/web2.log*' },
      ],
    ])
    expect(here.setup()).toMatchObject({
      mode: 'found',
      own: { found: { nodes: [{ name: 'web1' }, { name: 'web2' }] } },
    })
    expect(here.opened).toEqual([])
    await here.press('Enter')
    await here.time.pass(500)
    const inputs = [
      { name: 'web1', files: ['/logs/web1.log*'] },
      { name: 'web2', files: ['/logs/web2.log*'] },
    ]
    expect(here.opened).toEqual([{ fresh: true, inputs }])
    expect(here.resets()).toBe(1)
    expect(here.state().current).toBe('nodes')
    await here.engine.commands.runStage('raw')
    expect(here.notes).toEqual([['epoch2', { rows: 'own', at: expect.any(Number), nodes: inputs }]])
    expect(here.files.has('runs-own-logs.json')).toBe(true)
    expect(here.files.has('runs.json')).toBe(false)
  })

  test('a demo is noted as that', async () => {
    const here = start()
    await here.press('Enter')
    await here.time.pass(500)
    await here.engine.commands.runStage('raw')
    expect(here.notes.map(([, { rows, nodes }]) => [rows, nodes])).toEqual([['demo', undefined]])
  })

  test('Space begins the walk too; Esc goes back step by step, the text kept', async () => {
    const here = start()
    await name(here, '/logs/a')
    expect(nextBeat(here.state())).toMatchObject({ kind: 'do', label: 'start' })
    await here.press('Esc')
    expect(here.setup()).toMatchObject({ mode: 'naming', own: { text: '/logs/a' } })
    await here.press('Esc')
    expect(here.setup().mode).toBe('choosing')
    here.engine.commands.openOwnLogs()
    expect(here.setup()).toMatchObject({ mode: 'naming', own: { text: '/logs/a' } })
    await here.press('Enter', 'Space')
    await here.time.pass(500)
    expect(here.setup().mode).toBe('open')
  })

  test('a text that was changed meanwhile is not answered by what was found for the old one', async () => {
    const { promise, resolve } = Promise.withResolvers<LogInspection>()
    const here = start({ inspectLogs: () => promise })
    await name(here, '/logs/a')
    expect(here.setup().own.lookingSince).toBeDefined()
    here.engine.commands.draft('/logs/b')
    resolve({ nodes: [node('web1')], problems: [] })
    await settle()
    expect(here.setup()).toMatchObject({ mode: 'naming', own: { text: '/logs/b' } })
    expect(here.setup().own.found).toBeUndefined()
  })

  test('without a file the field stays, with what is wrong', async () => {
    const here = start({ found: { nodes: [], problems: [problem] } })
    await name(here, 'nope')
    expect(here.setup()).toMatchObject({ mode: 'naming', own: { text: 'nope', problem } })
    here.engine.commands.draft('nope2')
    expect(here.setup().own.problem).toBeUndefined()
  })

  test('what cannot be looked at is a problem in its place', async () => {
    const here = start({
      inspectLogs: async () => {
        throw new AppError({ what: 'The log files could not be looked at.', next: ['Name fewer files.'] })
      },
    })
    await name(here, 'a')
    expect(here.setup()).toMatchObject({ mode: 'naming', own: { problem: { next: ['Name fewer files.'] } } })
  })

  test('nothing typed is said', async () => {
    const here = start()
    await name(here, '  ')
    expect(here.state().message?.text).toContain('No log is named yet')
    expect(here.asked).toEqual([])
  })

  test('when nothing is understood there is nothing to go on with, and Enter and Space say so', async () => {
    const here = start({ found: { nodes: [node('web1', 0)], problems: [problem] } })
    await name(here, 'a')
    await here.press('Enter')
    expect(here.state().message?.text).toContain('Esc goes back')
    await here.press('Space')
    expect(here.state().message?.text).toContain('Waits for a log that bbq understands')
    expect(here.opened).toEqual([])
  })

  test('Tab completes the path; what was typed meanwhile wins', async () => {
    const { promise, resolve } = Promise.withResolvers<{ text: string; candidates: string[] }>()
    const here = start({ completePath: () => promise })
    here.engine.commands.openOwnLogs()
    here.engine.commands.draft('/lo')
    await here.press('Tab')
    here.engine.commands.draft('/log')
    resolve({ text: '/logs/', candidates: ['a.log'] })
    await settle()
    expect(here.setup().own).toMatchObject({ text: '/log', candidates: [] })
  })

  test('Tab shows what may follow, and a letter takes it away', async () => {
    const here = start({ completePath: async () => ({ text: '/logs/', candidates: ['a.log', 'b.log'] }) })
    here.engine.commands.openOwnLogs()
    here.engine.commands.draft('/lo')
    await here.press('Tab')
    expect(here.setup().own).toMatchObject({ text: '/logs/', candidates: ['a.log', 'b.log'], completions: 1 })
    here.engine.commands.draft('/logs/a')
    expect(here.setup().own.candidates).toEqual([])
  })
})

const own: Holding = {
  kind: 'own',
  noted: true,
  tables: 1,
  nodes: [{ name: 'web1', files: ['/logs/web1.log*'] }],
}

describe('a state folder with rows of somebody’s own', () => {
  const ways: readonly (readonly [string, (here: ReturnType<typeof start>) => Promise<unknown>])[] = [
    ['the demo', ({ engine }) => engine.commands.start()],
    ['the plain walk', ({ engine }) => engine.commands.start({ replace: 'a demo' })],
    [
      'the demo, checked again',
      async ({ engine }) => {
        await engine.commands.start({ replace: 'a demo' }).catch(() => undefined)
        await engine.commands.check()
      },
    ],
    [
      'other logs',
      async (here) => {
        await name(here, '/logs/b')
        await here.engine.commands.startOwnLogs()
      },
    ],
    ['the checks', ({ engine }) => engine.commands.check()],
    ['what was here before', ({ engine }) => engine.commands.resume()],
  ]

  test.each(ways)('keeps them when %s is opened', async (_, way) => {
    const here = start({ holding: own })
    await way(here).catch((thrown: unknown) => expect(thrown).toMatchObject({ kind: 'refused' }))
    await here.time.pass(500)
    expect(here.resets()).toBe(0)
    expect(here.opened.every(({ fresh }) => !fresh)).toBe(true)
  })

  test('a first Enter opens them again, over the same files', async () => {
    const here = start({ holding: own })
    await here.press('Enter')
    await here.time.pass(500)
    expect(here.opened).toEqual([{ fresh: false, inputs: [{ name: 'web1', files: ['/logs/web1.log*'] }] }])
    expect(here.resets()).toBe(0)
    expect(here.state().current).toBe('nodes')
  })

  test.each([
    ['the demo', 'replace by the demo', async ({ press }: ReturnType<typeof start>) => press('Home', 'Enter')],
    [
      'other logs',
      'replace by own logs',
      async (here: ReturnType<typeof start>) => {
        await name(here, '/logs/b')
        await here.press('Enter')
      },
    ],
  ] as const)('%s replaces them after a question that says what is there, and a yes', async (_, does, way) => {
    const here = start({ holding: own })
    await here.engine.commands.countRows()
    await way(here)
    expect(here.state().overlay).toMatchObject({
      kind: 'confirm',
      command: { does },
      why: expect.stringContaining('your own rows: 0 in 0 tables, 1 file'),
    })
    await here.press('Esc')
    expect([here.opened.length, here.resets()]).toEqual([0, 0])
    await here.press('Enter', 'Enter')
    await here.time.pass(500)
    expect(here.opened.map(({ fresh }) => fresh)).toEqual([true])
    expect(here.resets()).toBe(1)
  })
})
