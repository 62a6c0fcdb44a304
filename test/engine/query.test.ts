import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { selectAnswerRows } from '../../src/engine/selectors/answer.ts'
import type { QueryResult } from '../../src/warehouse/warehouse.ts'
import { settle } from '../fakes/time.ts'
import { fakeWarehouse } from '../fakes/warehouse.ts'
import { world } from '../fakes/world.ts'

const opened = async () => {
  const here = world()
  await here.engine.commands.start()
  await here.time.pass(500)
  here.engine.commands.show('query')
  return here
}

describe('a query', () => {
  test('answers with rows that can be sorted, shown as a chart and saved', async () => {
    const { engine, press, files, time } = await opened()
    await press('Enter')
    await time.pass(300)
    const column = () => selectAnswerRows(engine.store.getState()).map((row) => row[1])
    expect(column()).toEqual([1, 3, 2])
    for (let i = 0; i < 3; i++) await press('s')
    expect(column()).toEqual([3, 2, 1])
    await press('v')
    expect(engine.store.getState().query.view).toBe('chart')
    await press('e')
    const saved = [...files.keys()].filter((name) => name.startsWith('bbq-raw-clouds'))
    expect(saved.map((name) => name.split('.').at(-1))).toEqual(['csv', 'json', 'md'])
    expect(files.get(saved[0] ?? '')).toContain('b,3\na,2\n')
    expect(engine.store.getState().message?.text).toContain(saved[1])
    await engine.close()
  })

  test('drops the answer of one that was asked before', async () => {
    const { engine, warehouse } = await opened()
    const answers: ((result: QueryResult) => void)[] = []
    warehouse.answer = () => new Promise((resolve) => answers.push(resolve))
    const first = engine.commands.runQuery('raw-clouds').catch((error: unknown) => error)
    const second = engine.commands.runQuery('raw-sizes')
    await settle()
    const result = (n: number): QueryResult => ({ columns: [], rows: [[n]], truncated: false, ms: n })
    answers[1]?.(result(2))
    await second
    answers[0]?.(result(1))
    expect(await first).toMatchObject({ kind: 'interrupted' })
    await settle()
    expect(engine.store.getState().query.answer).toMatchObject({ queryId: 'raw-sizes', result: { ms: 2 } })
    await engine.close()
  })

  test('keeps the last answer when the next one fails, and says what happened', async () => {
    const { engine, warehouse, press, time } = await opened()
    await press('Enter')
    await time.pass(300)
    warehouse.answer = () => Promise.reject(new AppError({ what: 'No such column: statuz.', kind: 'usage' }))
    await press('j')
    await press('Enter')
    await time.pass(300)
    const { query, message } = engine.store.getState()
    expect(query.answer?.queryId).toBe('raw-clouds')
    expect(query.problem).toMatchObject({ queryId: 'raw-errors', problem: { what: 'No such column: statuz.' } })
    expect(message?.text).toContain('statuz')
    await engine.close()
  })

  test('is stopped with Esc, and given up after its deadline', async () => {
    const { engine, warehouse, press, time } = await opened()
    warehouse.answer = () => new Promise(() => {})
    await press('Enter')
    await time.pass(300)
    expect(engine.store.getState().query.running?.queryId).toBe('raw-clouds')
    await press('Esc')
    await time.pass(300)
    expect(engine.store.getState().query.running).toBeUndefined()
    const late = engine.commands.runQuery().catch((error: unknown) => error)
    await time.pass(61_000)
    expect(await late).toMatchObject({ kind: 'unreachable' })
    expect(engine.busy()).toBe(0)
    await engine.close()
  })

  test('that costs is selected by a beat; Enter shows its price, and a second one runs it', async () => {
    const dear = fakeWarehouse({ kind: 'bigquery', price: 12_000_000 })
    const { engine, press, time } = world({ openWarehouse: async () => dear })
    await engine.commands.start()
    engine.commands.show('query')
    await time.pass(2_000)
    expect(engine.store.getState().query.prices['raw-clouds']).toEqual({ bytes: 12_000_000, billedBytes: 12 * 2 ** 20 })
    await press('Space')
    expect(engine.store.getState().current).toBe('summary')
    expect(dear.queries).toEqual([])
    await press('Enter')
    expect(engine.store.getState().current).toBe('query')
    expect(engine.store.getState().query.offer).toMatchObject({ queryId: 'private-full' })
    await press('k')
    expect(engine.store.getState().query.offer).toBeUndefined()
    await press('Enter')
    expect(dear.queries).toEqual([])
    await press('Enter')
    expect(dear.queries.length).toBe(1)
    await engine.close()
  })

  test('saves the Summary as Markdown', async () => {
    const { engine, files, press } = await opened()
    await engine.commands.runStage('private')
    engine.commands.show('summary')
    await press('e')
    const text = [...files].find(([name]) => name.endsWith('.md'))?.[1] ?? ''
    expect(text).toContain('| the logs | 600 | 96 KB | 100 % |')
    expect(text).toContain('| 3 Private | 582 |')
    expect(text).toContain('read = parsed + rejected + blank')
    expect(text).toMatch(/## Cost[^#]+\| stored \| .* here, bills nothing; in BigQuery /)
    await engine.close()
  })
})
