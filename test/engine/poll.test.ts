import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { backOffMs } from '../../src/engine/poll.ts'
import { selectGrowth } from '../../src/engine/selectors/nodes.ts'
import { world } from '../fakes/world.ts'

const opened = async (options: Parameters<typeof world>[0] = {}) => {
  const here = world(options)
  await here.press('Enter')
  await here.time.pass(2_000)
  return here
}
const down = new AppError({ what: 'The API does not answer.', kind: 'unreachable' })

describe('polling', () => {
  test('counts by how much logs grow, once a second', async () => {
    const { engine, cluster, time } = await opened({ nodes: 2 })
    cluster.grow(110)
    await time.pass(1_200)
    expect(selectGrowth(engine.store.getState())).toBe(2 * 10 * 160)
    await engine.close()
  })

  test('keeps the last good nodes when a look fails, backs off, and comes back with a gap', async () => {
    const { engine, cluster, time } = await opened()
    const nodes = () => engine.store.getState().nodes
    cluster.nodesFail = down
    await time.pass(1_300)
    expect(nodes().rows.length).toBe(6)
    expect(nodes().failure).toMatchObject({ attempts: 1, problem: { what: down.what } })
    await time.pass(8_000)
    const { attempts = 0, at = 0, retryAt = 0 } = nodes().failure ?? {}
    expect(attempts).toBeGreaterThanOrEqual(3)
    expect(retryAt - at).toBe(backOffMs(attempts))
    cluster.nodesFail = undefined
    await engine.commands.refresh()
    await time.pass(300)
    expect(nodes().failure).toBeUndefined()
    expect(nodes().growth['aws-1']?.perSecond.at(-2)).toBeNull()
    await engine.close()
  })

  test('waits longer after each failure, but never longer than 30 s', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(backOffMs)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  test('drops an answer that comes after its deadline', async () => {
    const { engine, cluster, time } = await opened()
    const answers: (() => void)[] = []
    const { nodes } = cluster
    cluster.nodes = (options) => new Promise((resolve) => answers.push(() => resolve(nodes(options).then(() => []))))
    await time.pass(8_000)
    expect(engine.store.getState().nodes.failure?.problem.kind).toBe('unreachable')
    answers[0]?.()
    await time.pass(300)
    expect(engine.store.getState().nodes.rows.length).toBe(6)
    await engine.close()
  })

  test('reads a table only again after it changed, and only where it is shown', async () => {
    const { engine, warehouse, time, press } = await opened()
    const read: string[] = []
    const { tail } = warehouse
    warehouse.tail = (table, options) => {
      read.push(table)
      return tail(table, options)
    }
    await time.pass(3_000)
    expect(read).toEqual([])
    await press('2')
    await time.pass(3_000)
    expect(read).toEqual(['log_results'])
    warehouse.arrive('log_results', [{ chunk_id: 'c', remote_log_id: 'r', version: 'structured', sync_time: 'z' }])
    await time.pass(2_000)
    expect(read).toEqual(['log_results', 'log_results'])
    expect(engine.store.getState().tables.byName.log_results.tail.length).toBe(1)
    await engine.close()
  })

  test('reaches the store at most four times a second', async () => {
    const { engine, time } = await opened({ nodes: 50 })
    let changes = 0
    engine.store.subscribe(() => {
      changes += 1
    })
    void engine.commands.runStage('raw')
    await time.pass(5_000)
    expect(changes).toBeGreaterThan(4)
    // the run's own end is handed over at once
    expect(changes).toBeLessThanOrEqual(5 * 4 + 1)
    await engine.close()
  })
})

describe('a pause', () => {
  test('freezes data and clock, and shows afterwards what came meanwhile', async () => {
    const { engine, cluster, time, press } = await opened()
    await press('1')
    cluster.fate = 'runs on'
    await press('Space')
    await time.pass(1_000)
    await press('p')
    const frozen = engine.store.getState()
    let changes = 0
    engine.store.subscribe(() => {
      changes += 1
    })
    cluster.grow(500)
    cluster.finish()
    await time.pass(60_000)
    expect(engine.store.getState()).toBe(frozen)
    expect(changes).toBe(0)
    expect(frozen.runs['raw']?.phase).toBe('running')
    await press('p')
    expect(engine.store.getState().runs['raw']?.phase).toBe('ended')
    expect(engine.store.getState().clock.now).toBe(time.now())
    await engine.close()
  })

  test('starts nothing, and says so', async () => {
    const { engine, cluster, press } = await opened()
    await press('1')
    await press('p')
    for (const key of ['Space', 'r', 'f']) {
      await press(key)
      expect(engine.store.getState().message?.text).toContain('paused')
    }
    expect(cluster.submitted).toEqual([])
    await engine.close()
  })
})
