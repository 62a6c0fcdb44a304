import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlainValue } from '../../../src/core/plain-value.ts'
import { type TableName, tableNames } from '../../../src/core/tables.ts'
import type { Endpoint } from '../../bigquery/server/types.ts'
import { dataEditor, jobUser, openWorld, type RightsWorld } from '../../cli/bigquery/world.ts'
import { answerWizard, openSession, type Session, walk } from '../session.ts'
import { clientsOf, fullAddressesIn } from './addresses.ts'
import { filesBelow, leaksIn, secretsOf } from './leaks.ts'

type Rows = readonly Readonly<Record<string, PlainValue>>[]

const lines = 300
const nodes = 7
const accounts = ['operator', 'uploader']
const secretFiles = ['credentials.json', 'log_uploader_credentials.json']

describe('the demo on simulated nodes and BigQuery, with Data Editor and Job User alone', () => {
  let world: RightsWorld
  let session: Session
  let keyFiles: readonly string[]
  /** Rows of all tables: after the walk, and after a reset and runs by hand. */
  const rows: Readonly<Record<TableName, Rows>>[] = []
  /** What was printed: by the screen, and by each command. */
  const printed: (readonly [string, string])[] = []

  const run = async (...args: readonly string[]) => {
    const ended = await world.run(args)
    printed.push([args.join(' '), `${ended.stdout}\n${ended.stderr}`])
    return ended
  }
  const rowsOf = async (): Promise<Readonly<Record<TableName, Rows>>> =>
    Object.fromEntries(
      await Promise.all(tableNames.map(async (table) => [table, await world.server.rowsOf('log_analytics', table)])),
    ) as Record<TableName, Rows>

  beforeAll(async () => {
    world = await openWorld()
    const { server, folder } = world
    // before a key is revoked
    keyFiles = accounts.map((account) => server.keyFile(account))
    for (const account of accounts) server.grant(account, [dataEditor, jobUser])
    writeFileSync(
      join(folder, 'config.yaml'),
      [
        'cluster:',
        '  nodes: [cloud_provider=gcp]',
        'warehouse:',
        `  api_endpoint: ${server.url}`,
        `  token_endpoint: ${server.tokenUrl}`,
        'demo:',
        `  lines: ${lines}`,
        '  live: false',
        '',
      ].join('\n'),
    )
    const env = { HOME: folder, GOOGLE_APPLICATION_CREDENTIALS: '', CLOUDSDK_CONFIG: folder, BACALHAU_API_HOST: '' }
    session = await openSession({ columns: 120, rows: 40, folder, env })
  })
  afterAll(async () => {
    await session.close()
    await world.close()
  })

  test('goes from the first screen through wizard, stages and a query to the Summary, exit 0', async () => {
    const { terminal } = session
    await terminal.waitFor('Give the demo here')
    terminal.press('Down', 'Down', 'Enter')
    await answerWizard(session, { 'project.id': world.server.projectId })
    await terminal.waitFor('All is ready', 60_000)
    await walk(session, 'Space', /Enter show price/)
    terminal.press('Enter')
    await terminal.waitFor('Enter run it at that price')
    terminal.press('Enter')
    await terminal.waitFor('billed 10 MB of 1 GB')
    await walk(session, 'Space', /The same question, four ways to ask it/)
    terminal.press('e')
    await terminal.waitFor(/Saved \S+/)
    terminal.press('q')
    expect(await terminal.exit).toEqual({ code: 0, signal: 0 })
    printed.push(['the screen', terminal.written()])
  })

  test('every line of the logs is counted once in BigQuery, in all four tables', async () => {
    const walked = await rowsOf()
    rows.push(walked)
    const logged = logs()
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.trim() !== '')
    expect(logged.length).toBeGreaterThan(nodes * lines * 0.99)
    expect(ids(walked.raw_logs).size).toBe(logged.length)
    expect(walked.raw_logs.length).toBe(logged.length)
    const structured = walked.log_results.filter(({ version }) => version === 'structured')
    const masked = walked.log_results.filter(({ version }) => version === 'private')
    expect(structured.length).toBeGreaterThan(logged.length * 0.98)
    expect(ids(structured).size).toBe(structured.length)
    expect(ids(masked)).toEqual(ids(structured))
    const counted = walked.log_aggregates.reduce((sum, { total_count }) => sum + Number(total_count), 0)
    expect(counted).toBe(structured.length)
    expect(walked.emergency_logs.length).toBeGreaterThan(0)
  })

  test('nothing was refused, and the one query is the one that a person asked', () => {
    const { requests } = world.server
    expect(requests.all.filter(({ status = 0 }) => status >= 400 && status !== 404)).toEqual([])
    expect(requests.count('jobs.query')).toBe(0)
    expect(requests.count('jobs.insert.query')).toBe(1)
    const accountsOf = (...endpoints: readonly Endpoint[]) => [
      ...new Set(requests.of(...endpoints).map(({ account }) => account)),
    ]
    expect(accountsOf('jobs.insert')).toEqual([world.server.emailOf('uploader')])
    expect(accountsOf('jobs.insert.query', 'tables.insert')).toEqual([world.server.emailOf('operator')])
  })

  test('single verbs go on in the same folder, and fail as they should', async () => {
    const { server, folder } = world
    const done = async (...args: readonly string[]) => {
      const ended = await run(...args)
      expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).toBe(0)
    }
    const failed = async (why: string, ...args: readonly string[]) => {
      const ended = await run(...args)
      expect(ended.code, `${args.join(' ')}: ${why}`).not.toBe(0)
      expect(ended.stdout + ended.stderr, args.join(' ')).not.toBe('')
    }
    await done('reset', '--yes', '--debug')
    await done('run', 'private', '--json', '--debug')
    await done('run', 'aggregated', '--json')
    await done('run', 'structured', '--debug')
    rows.push(await rowsOf())
    await done('query', 'SELECT COUNT(*) AS n FROM {log_results}', '--json', '--debug')
    await done('tables', 'sample', '--json')
    await done('permissions', 'check', '--json', '--debug')
    await run('doctor', '--json', '--debug')

    await failed('no such column', 'query', 'SELECT nosuch FROM {raw_logs}', '--debug')
    server.faults.add({ on: 'any', do: 'expired token', times: Number.POSITIVE_INFINITY })
    await failed('tokens are refused', 'query', 'SELECT 1', '--debug')
    server.faults.clear()
    for (const account of accounts) server.ungrant(account)
    await failed('no rights', 'query', 'SELECT 1', '--debug')
    for (const account of accounts) server.grant(account, [dataEditor, jobUser])
    server.revoke('uploader')
    await failed('the key of the nodes is gone', 'run', 'raw', '--json', '--debug')
    server.revoke('operator')
    await failed('the key of the operator is gone', 'tables', 'confirm', '--debug')
    const [key = ''] = keyFiles
    writeFileSync(join(folder, 'credentials.json'), key.slice(0, key.length / 2))
    await failed('half a key file', 'tables', 'confirm', '--debug')
    writeFileSync(join(folder, 'credentials.json'), key.replace('-----END', '----END'))
    await failed('a damaged key', 'tables', 'confirm', '--debug')
  })

  test('no key, no id of a key, no token and no signature stands in anything that was printed, written or sent', () => {
    const { server } = world
    const secrets = secretsOf(server, keyFiles)
    // the search finds what it is for
    for (const secret of [...keyFiles, ...server.tokens]) {
      const coded = ['', 'x', 'xx'].map((before) => Buffer.from(before + secret).toString('base64'))
      for (const text of [secret, ...coded]) expect(leaksIn(secrets, text).length).toBeGreaterThan(0)
    }
    expect(server.tokens.length).toBeGreaterThan(10)

    const sent = server.requests.all.filter(({ endpoint }) => endpoint !== 'oauth.token')
    const searched: (readonly [string, string])[] = [
      ...printed,
      ...[...filesBelow(world.folder)].filter(([path]) => !secretFiles.includes(path)),
      ['requests', sent.map(({ path, body }) => `${path} ${JSON.stringify(body ?? '')}`).join('\n')],
      ['rows', JSON.stringify(rows)],
    ]
    expect(searched.filter(([path]) => /\.yaml$|runs\.json$/.test(path)).length).toBeGreaterThan(5)
    for (const [where, text] of searched) expect(leaksIn(secrets, plain(text)), where).toEqual([])
  })

  test('no full client address stands in what the stages private and aggregated write, report or log', () => {
    const clients = clientsOf(logs())
    expect(clients.size).toBeGreaterThan(100)
    for (const { raw_logs, log_results, log_aggregates, emergency_logs } of rows) {
      const version = (name: string) => log_results.filter((row) => row['version'] === name)
      if (raw_logs.length > 0) expect(found(raw_logs, clients).length).toBe(clients.size)
      expect(found(version('structured'), clients).length).toBeGreaterThan(100)
      for (const one of [version('private'), log_aggregates, emergency_logs]) {
        expect(one.length).toBeGreaterThan(0)
        expect(found(one, clients)).toEqual([])
      }
    }
    const told = [
      ...printed.filter(([words]) => /^run (private|aggregated)/.test(words)),
      ...[...filesBelow(world.folder)].filter(([path]) => !isOwnOfNode.test(path)),
    ]
    expect(told.length).toBeGreaterThan(20)
    for (const [where, text] of told) expect(fullAddressesIn(text, clients), where).toEqual([])
  })

  const logs = (): readonly string[] =>
    [...filesBelow(join(world.folder, '.bbq', 'nodes'))]
      .filter(([path]) => /^gcp-\d+\/access\.log/.test(path))
      .map(([, text]) => text)
})

/** Logs, and the true bytes of lines that could not be read, stay on the node that they lie on, as its own address does. */
const isOwnOfNode = /nodes\/[^/]+\/(access\.log|\.bbq\/node\.json$|\.bbq\/state\/.*\.dead$)/

const ids = (rows: Rows): ReadonlySet<PlainValue | undefined> => new Set(rows.map((row) => row['remote_log_id']))

/** Full addresses of clients in rows; the private address of a node is its own. */
const found = (rows: Rows, clients: ReadonlySet<string>): readonly string[] =>
  fullAddressesIn(rows.map(({ private_ip: _, ...row }) => JSON.stringify(row)).join('\n'), clients)

/** A text, and the same without what moves a cursor, which could stand within a word. */
const plain = (text: string): string => `${text}\n${text.replace(/\u001B\[[\d;?]*[A-Za-z]/g, '')}`
