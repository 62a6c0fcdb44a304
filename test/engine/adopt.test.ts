import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { settle } from '../fakes/time.ts'
import { configOf, type World, world } from '../fakes/world.ts'

const config = configOf({
  cluster: { kind: 'bacalhau', api: 'fake:1234' },
  warehouse: { path: '/w', node_path: '/w' },
})

const open = async (here: World): Promise<World> => {
  await here.engine.commands.resume()
  await here.time.pass(500)
  return here
}

const first = (): Promise<World> => open(world({ kind: 'bacalhau', config }))

/** A second program on the same cluster, tables and state folder. */
const second = (earlier: World): Promise<World> =>
  open(
    world({
      kind: 'bacalhau',
      config,
      openCluster: async () => earlier.cluster,
      openWarehouse: async () => earlier.warehouse,
      files: {
        readRuns: async () => earlier.files.get('runs.json'),
        writeRuns: async (text) => void earlier.files.set('runs.json', text),
        writeExport: async (name) => name,
      },
    }),
  )

/** A program that was killed in the middle of stage Raw. */
const killed = async (): Promise<World> => {
  const here = await first()
  here.cluster.fate = 'runs on'
  void here.engine.commands.runStage('raw').catch(() => undefined)
  await settle()
  here.cluster.fate = 'completes'
  return here
}

const stages = ({ cluster }: World): readonly string[] =>
  cluster.submitted.map(({ name }) => name).filter((name) => name.startsWith('bbq-raw'))

describe('a job that a killed program left running', () => {
  test('is followed to its end, and counted as the run that it was', async () => {
    const earlier = await killed()
    const { engine, time } = await second(earlier)
    expect(engine.store.getState().runs['raw']).toMatchObject({ phase: 'running', adopted: true })
    earlier.cluster.finish()
    await time.pass(1_000)
    const run = engine.store.getState().runs['raw']
    expect(run).toMatchObject({ phase: 'ended', runs: 1 })
    expect(run?.totals.lines_read).toBe(600)
    expect(run?.nodes.map(({ state }) => state)).toEqual(Array(6).fill('done'))
    expect(stages(earlier)).toHaveLength(1)
    await engine.close()
  })

  test('goes on when the program that followed it ends as well', async () => {
    const earlier = await killed()
    const { engine } = await second(earlier)
    await engine.close()
    expect(earlier.cluster.stopped).toEqual([])
  })

  test('needs no question when the person leaves', async () => {
    const earlier = await killed()
    const { engine } = await second(earlier)
    engine.commands.quit()
    expect(engine.store.getState()).toMatchObject({ leaving: 'quit' })
    await engine.close()
  })

  test('is stopped by a reset, which is said to empty the tables', async () => {
    const earlier = await killed()
    const { engine, time } = await second(earlier)
    const reset = engine.commands.reset()
    await time.pass(1_000)
    await reset
    expect(earlier.cluster.stopped).toHaveLength(1)
    await engine.close()
  })

  test('ends before the same stage is sent again', async () => {
    const earlier = await killed()
    const { engine, time } = await second(earlier)
    const again = engine.commands.runStage('raw')
    await settle()
    expect(stages(earlier)).toHaveLength(1)
    earlier.cluster.finish()
    await time.pass(1_000)
    const run = await again
    expect(run).toMatchObject({ runs: 2 })
    expect(run.before.lines_read + run.totals.lines_read).toBe(600)
    expect(stages(earlier)).toHaveLength(2)
    await engine.close()
  })

  test('keeps what nodes had done before it was sent again to those that were busy', async () => {
    const here = await first()
    here.cluster.busy.add('azure-1')
    void here.engine.commands.runStage('raw').catch(() => undefined)
    await settle()
    here.cluster.busy.clear()
    here.cluster.fate = 'runs on'
    await here.time.pass(2_000)
    here.cluster.fate = 'completes'
    const { engine, time } = await second(here)
    here.cluster.finish()
    await time.pass(1_000)
    const run = engine.store.getState().runs['raw']
    expect(run?.nodes.map(({ state }) => state)).toEqual(Array(6).fill('done'))
    expect(run?.totals.lines_read).toBe(600)
    await engine.close()
  })

  test('is not looked for on another cluster', async () => {
    const earlier = await killed()
    const text = earlier.files.get('runs.json') ?? ''
    earlier.files.set('runs.json', text.replace('fake:1234', 'elsewhere:1234'))
    const { engine } = await second(earlier)
    const run = engine.store.getState().runs['raw']
    expect(run).toMatchObject({ phase: 'ended' })
    expect(run?.nodes[0]?.reason).toContain('elsewhere:1234')
    await engine.close()
  })
})

describe('stopping a stage', () => {
  test('ends it while it waits for nodes that were busy', async () => {
    const { engine, cluster, time } = await first()
    cluster.busy.add('azure-1')
    const running = engine.commands.runStage('raw')
    await settle()
    await engine.commands.stopStage('raw')
    await time.pass(60_000)
    expect((await running).nodes.filter(({ state }) => state === 'done')).toHaveLength(5)
    expect(cluster.submitted.filter(({ name }) => name.startsWith('bbq-raw'))).toHaveLength(1)
    await engine.close()
  })
})

describe('a run that has loaded its rows', () => {
  test('is no failure because the nodes could not be listed afterwards', async () => {
    const { engine, cluster } = await first()
    cluster.busy.add('azure-1')
    const running = engine.commands.runStage('raw')
    cluster.nodesFail = new AppError({ what: 'The API does not answer.', kind: 'unreachable' })
    const run = await running
    expect(run).toMatchObject({ phase: 'ended', runs: 1 })
    expect(run.nodes.filter(({ state }) => state === 'done')).toHaveLength(5)
    await engine.close()
  })
})

describe('a node that comes back unprepared', () => {
  test('is looked at, and its preparation offered', async () => {
    const here = world({ kind: 'bacalhau', config })
    here.cluster.lose('gcp-2')
    here.cluster.unprepared.add('gcp-2')
    const { engine, cluster, time } = await open(here)
    expect(engine.store.getState().nodes.readiness['gcp-2']).toMatchObject({ state: 'unknown' })
    cluster.find('gcp-2')
    await time.pass(6_000)
    await settle()
    expect(engine.store.getState().nodes.readiness['gcp-2']).toMatchObject({ state: 'unprepared' })
    expect(engine.store.getState().message?.text).toContain('gcp-2 joined')
    await time.pass(30_000)
    expect(cluster.submitted.filter(({ name }) => name.startsWith('bbq-inspect'))).toHaveLength(2)
    await engine.close()
  })
})
