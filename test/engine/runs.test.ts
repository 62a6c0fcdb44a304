import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { parseRuns } from '../../src/engine/runs-file.ts'
import { selectLastRun, selectRunNodes } from '../../src/engine/selectors/nodes.ts'
import { selectSummaries } from '../../src/engine/selectors/summary.ts'
import { settle } from '../fakes/time.ts'
import { fakeWarehouse } from '../fakes/warehouse.ts'
import { world } from '../fakes/world.ts'

const opened = async (options: Parameters<typeof world>[0] = {}) => {
  const here = world(options)
  await here.engine.commands.start()
  await here.time.pass(500)
  return here
}

describe('running a stage', () => {
  test('resolves with the finished run, its nodes and sums', async () => {
    const { engine, files } = await opened()
    const run = await engine.commands.runStage('structured')
    expect(run).toMatchObject({ phase: 'ended', runs: 1 })
    expect(run.nodes.map(({ state }) => state)).toEqual(Array(6).fill('done'))
    const { lines_read, lines_parsed, lines_rejected, lines_blank } = run.totals
    expect(lines_read).toBe(600)
    expect(lines_parsed + lines_rejected + lines_blank).toBe(lines_read)
    expect(parseRuns(files.get('runs.json'))?.runs.map(({ stageId, totals }) => [stageId, totals])).toEqual([
      ['structured', run.totals],
    ])
    await engine.close()
  })

  test('adds up over runs, since a run takes only what is new', async () => {
    const { engine, cluster } = await opened()
    await engine.commands.runStage('raw')
    cluster.grow(130)
    const second = await engine.commands.runStage('raw')
    expect(second.totals.lines_read).toBe(6 * 30)
    const [summary] = selectSummaries(engine.store.getState())
    expect(summary?.totals.lines_read).toBe(6 * 130)
    expect(summary?.run.runs).toBe(2)
    await engine.close()
  })

  test('sends a stage again to nodes that were busy, as one run', async () => {
    const { engine, cluster, time } = await opened()
    cluster.busy.add('azure-1').add('gcp-2')
    const running = engine.commands.runStage('raw')
    await settle()
    cluster.busy.clear()
    await time.pass(2_000)
    const run = await running
    expect(run.nodes.map(({ state }) => state)).toEqual(Array(6).fill('done'))
    expect(run.totals.lines_read).toBe(600)
    expect(run.runs).toBe(1)
    const [first, second] = cluster.submitted
    expect(first?.nodes).toHaveLength(6)
    expect(second?.nodes).toEqual(['azure-1', 'gcp-2'])
    expect(second?.spec).toContain('{"Key":"name","Operator":"in","Values":["azure-1","gcp-2"]}')
    await engine.close()
  })

  test('gives nodes up that stay busy, and says so', async () => {
    const { engine, cluster, time } = await opened()
    cluster.busy.add('azure-1')
    const running = engine.commands.runStage('raw')
    for (const ms of [2_000, 4_000, 8_000, 16_000]) {
      await settle()
      await time.pass(ms)
    }
    const run = await running
    expect(run.nodes.find(({ id }) => id === 'azure-1')).toMatchObject({
      state: 'skipped',
      reason: expect.stringContaining('busy'),
    })
    expect(run.nodes.filter(({ state }) => state === 'done')).toHaveLength(5)
    expect(cluster.submitted).toHaveLength(5)
    await engine.close()
  })

  test('shows failures first, and the last run of a node', async () => {
    const { engine, cluster } = await opened({ fate: 'runs on' })
    const run = engine.commands.runStage('raw')
    await settle()
    cluster.lose('azure-2')
    cluster.finish()
    await run
    const state = engine.store.getState()
    expect(selectRunNodes(state, 'raw')[0]).toMatchObject({ id: 'azure-2', state: 'lost' })
    expect(selectLastRun(state, 'azure-2')).toMatchObject({ stageId: 'raw', node: { state: 'lost' } })
    await engine.close()
  })

  test('keeps what went wrong in its own slice, and throws it', async () => {
    const { engine, cluster } = await opened()
    const broken = new AppError({ what: 'The API does not answer.', next: ['Try again.'], kind: 'unreachable' })
    cluster.submit = () => Promise.reject(broken)
    await expect(engine.commands.runStage('raw')).rejects.toBe(broken)
    const { runs, nodes } = engine.store.getState()
    expect(runs['raw']).toMatchObject({ phase: 'ended', problem: { what: broken.what, kind: 'unreachable' } })
    expect(runs['raw']?.nodes.every(({ state }) => state === 'stopped')).toBe(true)
    expect(runs['structured']?.problem).toBeUndefined()
    expect(nodes.failure).toBeUndefined()
    await engine.close()
  })

  test('ends well although its record could not be written, and points that out', async () => {
    const full = () => Promise.reject(new AppError({ what: 'No space left on the disk.' }))
    const { engine } = await opened({
      files: { readRuns: async () => undefined, writeRuns: full, writeExport: async (name) => name },
    })
    expect(await engine.commands.runStage('raw')).toMatchObject({ phase: 'ended', runs: 1 })
    expect(engine.store.getState().message?.text).toContain('No space left')
    await engine.close()
  })

  test('is refused while it runs, and stops when it is told to', async () => {
    const { engine, cluster } = await opened({ fate: 'runs on' })
    const first = engine.commands.runStage('raw')
    await settle()
    await expect(engine.commands.runStage('raw')).rejects.toMatchObject({ kind: 'refused' })
    await engine.commands.stopStage('raw')
    expect((await first).nodes.map(({ state }) => state)).toEqual(Array(6).fill('stopped'))
    expect(cluster.stopped).toEqual(['j-1'])
    await engine.close()
  })

  test('stops its job when the caller gives up', async () => {
    const { engine, cluster } = await opened({ fate: 'runs on' })
    const controller = new AbortController()
    const run = engine.commands.runStage('raw', { signal: controller.signal })
    await settle()
    controller.abort()
    await expect(run).rejects.toMatchObject({ kind: 'interrupted' })
    expect(cluster.stopped).toEqual(['j-1'])
    await engine.close()
  })

  test('refuses before anything is open, and an unknown stage', async () => {
    const { engine } = world()
    await expect(engine.commands.runStage('raw')).rejects.toMatchObject({ kind: 'refused' })
    await expect(engine.commands.runStage('rwa')).rejects.toMatchObject({ kind: 'usage' })
    await expect(engine.commands.keepRunning('raw')).rejects.toMatchObject({ kind: 'refused' })
    await expect(engine.commands.runSql('SELECT 1')).rejects.toMatchObject({ kind: 'refused' })
    await engine.close()
  })
})

describe('keeping a stage running', () => {
  test('submits again and again at its pace until it is stopped', async () => {
    const { engine, cluster, time } = await opened()
    const seen: number[] = []
    const kept = engine.commands.keepRunning('raw', {
      everyMs: 5_000,
      onRun: (run) => seen.push(run.totals.lines_read),
    })
    await time.pass(500)
    expect(engine.store.getState().runs['raw']?.keep).toMatchObject({ everyMs: 5_000 })
    cluster.grow(120)
    await time.pass(10_000)
    engine.commands.stopKeeping('raw')
    await time.pass(20_000)
    await kept
    expect(seen).toEqual([600, 120, 0])
    expect(cluster.submitted.length).toBe(3)
    expect(engine.store.getState().runs['raw']?.keep).toBeUndefined()
    await engine.close()
  })

  test('sends nothing while the screen is paused', async () => {
    const { engine, cluster, time } = await opened()
    const kept = engine.commands.keepRunning('raw', { everyMs: 5_000 })
    await time.pass(500)
    engine.commands.pause()
    await time.pass(60_000)
    expect(cluster.submitted.length).toBe(1)
    engine.commands.pause()
    await time.pass(100)
    expect(cluster.submitted.length).toBe(2)
    engine.commands.stopKeeping('raw')
    await time.pass(100)
    await kept
    await engine.close()
  })
})

describe('keeping a stage running into BigQuery', () => {
  const openedOn = (nodes: number) => opened({ nodes, openWarehouse: async () => fakeWarehouse({ kind: 'bigquery' }) })

  test('is refused at a pace that passes half of a quota, with the arithmetic', async () => {
    const { engine, cluster } = await openedOn(21)
    await expect(engine.commands.keepRunning('aggregated', { everyMs: 5_000 })).rejects.toMatchObject({
      what: expect.stringContaining('21 nodes x 2 tables x 17,280 runs a day are 725,760 load jobs'),
      next: expect.arrayContaining(['Run it every 122 s or less often: --every 122s']),
      kind: 'refused',
    })
    expect(cluster.submitted).toEqual([])
    await engine.close()
  })

  test('takes the shortest pace that fits when none was wished for', async () => {
    const { engine, time } = await openedOn(21)
    const kept = engine.commands.keepRunning('raw')
    await time.pass(500)
    expect(engine.store.getState().runs['raw']?.keep).toMatchObject({ everyMs: 122_000 })
    engine.commands.stopKeeping('raw')
    await time.pass(500)
    await kept
    await engine.close()
  })
})

describe('reset', () => {
  test('stops the jobs and starts a new epoch without runs', async () => {
    const { engine, cluster, files, time } = await opened()
    await engine.commands.runStage('raw')
    cluster.fate = 'runs on'
    const run = engine.commands.runStage('structured')
    await settle()
    const before = engine.store.getState().source?.epoch
    const { epoch } = await engine.commands.reset()
    await run
    await time.pass(500)
    expect(epoch).not.toBe(before)
    expect(engine.store.getState().source?.epoch).toBe(epoch)
    expect(cluster.stopped.length).toBe(1)
    expect(engine.store.getState().runs['raw']?.runs).toBe(0)
    expect(parseRuns(files.get('runs.json'))?.epoch).toBe(epoch)
    await engine.close()
  })
})
