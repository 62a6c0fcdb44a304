import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tableNames } from '../../../src/core/tables.ts'
import { dataEditor, jobUser, openWorld, type RightsWorld } from './world.ts'

const lines = 200
const nodes = ['aws-1', 'gcp-1']

describe('with Data Editor and Job User alone', () => {
  let world: RightsWorld

  beforeAll(async () => {
    world = await openWorld()
    for (const account of ['operator', 'uploader']) world.server.grant(account, [dataEditor, jobUser])
    appendFileSync(join(world.folder, 'config.yaml'), `demo:\n  lines: ${lines}\n`)
  })
  afterAll(() => world.close())

  /** Rows of every table, and the epochs in them, as the stand-in has them. */
  const stored = async () => {
    const rows = (await Promise.all(tableNames.map((table) => world.server.rowsOf('log_analytics', table)))).flat()
    return { rows: rows.length, epochs: [...new Set(rows.map((row) => String(row['chunk_id']).split('-')[0]))] }
  }
  /** Every line of two nodes arrives, under one epoch; the generator may make a blank one. */
  const fill = async () => {
    const report = await world.json(['run', 'raw', '--nodes', nodes.join(',')])
    const counts: readonly { lines_read: number; lines_blank: number }[] = report.nodes
    const { rows, epochs } = await stored()
    expect(counts.map(({ lines_read }) => lines_read)).toEqual(nodes.map(() => lines))
    expect(rows).toBe(counts.reduce((sum, { lines_read, lines_blank }) => sum + lines_read - lines_blank, 0))
    expect(epochs).toHaveLength(1)
    return { epoch: String(epochs[0]), rows }
  }

  test.each(['reset', 'tables confirm --reset'])(
    'bbq %s empties the tables after a yes, and runs read from the first byte again',
    async (text) => {
      const words = text.split(' ')
      const { epoch: old, rows } = await fill()
      const asked = await world.run(words)
      expect(asked.code).toBe(4)
      expect(asked.stderr).toContain(`holds ${rows} rows`)
      expect((await stored()).rows).toBe(rows)

      const { epoch } = await world.json([...words, '--yes'])
      expect(epoch).not.toBe(old)
      expect(await stored()).toEqual({ rows: 0, epochs: [] })
      expect((await fill()).epoch).toBe(epoch)
      await world.json([...words, '--yes'])
    },
    60_000,
  )

  test('no query is needed for that, and only jobs of others stay unseen', () => {
    const { requests } = world.server
    expect(requests.count('jobs.query', 'jobs.insert.query')).toBe(0)
    const refused = requests.all.filter(({ status }) => status === 403)
    expect(refused.length).toBeGreaterThan(0)
    for (const { endpoint, path } of refused) {
      expect(endpoint).toBe('jobs.list')
      expect(path).toContain('allUsers=true')
    }
    const loaders = requests.of('jobs.insert').map(({ account }) => account)
    expect(new Set(loaders)).toEqual(new Set([world.server.emailOf('uploader')]))
    expect(world.leaks()).toEqual([])
  })
})
