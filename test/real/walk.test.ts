import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { answerWizard, openSession, type Session, walk } from '../e2e/session.ts'
import { countLogs, emptyNodes, idsOf, nodesOf, openWorkplace, type Workplace } from './bbq.ts'
import { realCluster } from './cluster.ts'
import { makeReady } from './make-ready.ts'
import { marksIn, newSecret } from './secrets.ts'

describe('the demo on a real cluster', () => {
  const secret = newSecret()
  let place: Workplace
  let session: Session

  beforeAll(async () => {
    emptyNodes()
    place = await openWorkplace()
    rmSync(join(place.folder, 'config.yaml'))
    writeFileSync(join(place.folder, 'log_uploader_credentials.json'), secret.keyFile, { mode: 0o600 })
  })
  afterEach(() => session.close())
  afterAll(() => place.close())

  test('goes from the wizard to the Summary by the keys of a presenter, every line counted once', async () => {
    const { api, env, shared, nodes } = realCluster()
    const warehouse = join(shared, 'walked')
    session = await openSession({ columns: 120, rows: 40, folder: place.folder, env })
    const { terminal } = session
    await terminal.waitFor('Give the demo here')
    terminal.press('Down', 'Down', 'Enter')
    await answerWizard(session, { 'cluster.api': api, 'warehouse.path': warehouse, 'warehouse.node_path': warehouse })

    await makeReady(session)
    await walk(session, 'Space', /The same question, four ways to ask it/)
    terminal.press('q')
    expect(await terminal.exit).toEqual({ code: 0, signal: 0 })
    expect(marksIn(secret, terminal.written())).toEqual([])

    expect((await place.bbq('logs', 'stop')).code).toBe(0)
    for (const stage of ['raw', 'structured', 'private'])
      expect(Object.values(nodesOf(await place.bbq('run', stage, '--json'))).map(({ state }) => state)).toEqual(
        nodes.map(() => 'done'),
      )
    const counted = countLogs()
    const raw = await idsOf(place, 'raw_logs')
    const structured = await idsOf(place, 'log_results', "version = 'structured'")
    const masked = await idsOf(place, 'log_results', "version = 'private'")
    for (const node of nodes) {
      const { lines = 0, parsed = 0 } = counted[node] ?? {}
      expect(lines).toBeGreaterThan(9_900)
      expect(parsed).toBeGreaterThan(9_900)
      expect(raw[node], node).toEqual({ ids: lines, rows: lines })
      expect(structured[node], node).toEqual({ ids: parsed, rows: parsed })
      expect(masked[node], node).toEqual({ ids: parsed, rows: parsed })
    }
  })
})
