import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bbq, freshFolder } from './bbq.ts'

const good = '192.0.2.7 - - [24/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12'
const caddy = '{"request":{"remote_ip":"192.0.2.7","method":"GET","uri":"/a"},"status":200}'

interface Reason {
  readonly reason: string
  readonly count: number
  readonly line: number
  readonly file: string
  readonly guess: string | null
  readonly text: string | null
}

interface Kept {
  readonly node: string
  readonly stage: string
  readonly folder: string
  readonly here: boolean
  readonly reasons: readonly Reason[]
  readonly lines?: readonly { readonly line: number; readonly text: string }[]
}

const keptIn = async (folder: string, args: readonly string[] = []): Promise<readonly Kept[]> => {
  const { stdout, stderr, code } = await bbq(folder, ['rejects', ...args, '--json'])
  expect(code, stderr).toBe(0)
  return (JSON.parse(stdout) as { rejects: readonly Kept[] }).rejects
}

interface Sums {
  readonly before: Readonly<Record<string, number>>
  readonly totals: Readonly<Record<string, number>>
}

const query = async (folder: string, sql: string): Promise<readonly unknown[]> => {
  const { stdout } = await bbq(folder, ['query', sql, '--json'])
  return (JSON.parse(stdout) as { rows: readonly unknown[][] }).rows[0] ?? []
}

describe('a log that nobody understands', () => {
  test('is exit 1, with the line, what it looks like, where it is kept and what to do', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'own.log'), `${caddy} \u001b[2J\n`.repeat(60))
    const { code, stdout, stderr } = await bbq(folder, ['run', 'structured', '--input', 'own.log'])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^local .* unparsed +60 +60 .* nothing understood: all 60 lines are in no known format; it looks like JSON$/m,
    )
    expect(stdout).toContain('  60 in no known format (no_match); the first: line 1 of own.log; it looks like JSON')
    expect(stdout).toContain(`    ${caddy} ·[2J`)
    const kept = /kept in (\S+)/.exec(stdout)?.[1] ?? ''
    expect(readdirSync(join(folder, kept)).length).toBe(1)
    expect(stderr).toMatch(/^Nothing understood on local: it looks like JSON\.$/m)
    expect(stderr).toMatch(/^next {2}Give --format a map of its keys/m)
    expect(stderr).toMatch(/^next {2}.*bbq rejects local --retry --format FORMAT$/m)
    const json = await bbq(folder, ['run', 'private', '--input', 'own.log', '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      nodes: [{ state: 'unparsed', rejected: [{ reason: 'no_match', count: 60, line: 1, guess: 'JSON' }] }],
      // as a row of this stage would be
      rejected: [
        {
          node: 'local',
          text: `${caddy} ·[2J`.replace('192.0.2.7', '192.0.2.0'),
          folder: kept.replace('structured', 'private'),
        },
      ],
    })
  })

  test('is no failure of stage raw', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'own.log'), `${caddy}\n`)
    const { code, stdout } = await bbq(folder, ['run', 'raw', '--input', 'own.log'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^local .* done /m)
  })
})

test('much refused is a warning, exit 0', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'own.log'), `${[...Array.from({ length: 8 }, () => good), 'no', caddy].join('\n')}\n`)
  const { code, stdout, stderr } = await bbq(folder, ['run', 'structured', '--input', 'own.log'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^local .* done /m)
  expect(stderr).toMatch(/^2 of 10 lines were refused \(20 %\): it looks like JSON\.$/m)
})

describe('bbq rejects', () => {
  test('lists what is kept, shows it, and takes it again', async () => {
    const folder = freshFolder()
    expect((await bbq(folder, ['rejects'])).stderr).toContain('No refused lines are kept.')
    writeFileSync(join(folder, 'own.log'), `${[good, caddy, 'no \u001b[2J', caddy].join('\n')}\n`)
    for (const stage of ['structured', 'private', 'raw'])
      expect((await bbq(folder, ['run', stage, '--input', 'own.log'])).code).toBe(0)

    const [structured, privately, ...others] = await keptIn(folder)
    expect(others).toEqual([])
    expect(privately).toMatchObject({ node: 'local', stage: 'private', here: true })
    expect(structured).toMatchObject({
      node: 'local',
      stage: 'structured',
      here: true,
      reasons: [{ reason: 'no_match', count: 3, line: 2, file: 'own.log', guess: 'JSON', text: caddy }],
    })
    expect((await bbq(folder, ['rejects', 'local', '--stage', 'private'])).stdout).toMatch(
      /^local {2}private +3 {2}in no known format; it looks like JSON {2}line 2 of own\.log: \{"request"/m,
    )

    const shown = await keptIn(folder, ['local', '--show', '2', '--stage', 'structured'])
    expect(shown[0]?.lines?.map(({ line, text }) => [line, text])).toEqual([
      [2, caddy],
      [3, 'no ·[2J'],
    ])
    const text = (await bbq(folder, ['rejects', '--show'])).stdout
    expect(text).toMatch(/^local structured: the first 3 of 3$/m)
    expect(text).toMatch(/^own\.log +3 {2}no_match {2}no ·\[2J$/m)

    const useless = await bbq(folder, ['rejects', 'local', '--retry', '--stage', 'structured'])
    expect(useless.code).toBe(1)
    expect(await query(folder, 'SELECT count(*) FROM log_results')).toEqual([2])

    // in the place of a corrected format: the kept line is one that is understood
    const dead = join(folder, structured?.folder ?? '')
    const [name = ''] = readdirSync(dead).filter((one) => one.endsWith('.dead'))
    const before = readFileSync(join(dead, name), 'utf8')
    const length = `"length":${caddy.length}`
    writeFileSync(join(dead, name), before.replaceAll(caddy, good).replaceAll(length, `"length":${good.length}`))
    const retried = await bbq(folder, ['rejects', 'local', '--retry', '--stage', 'structured', '--json'])
    expect(retried.code, retried.stderr).toBe(0)
    expect(JSON.parse(retried.stdout)).toMatchObject({
      retries: [
        {
          stage: 'structured',
          nodes: [{ state: 'done' }],
          totals: { lines_read: 3, lines_parsed: 2, lines_rejected: 1, lines_retried: 3, rows: { log_results: 2 } },
        },
      ],
    })
    const place = "split_part(remote_log_id, '/', 3)"
    const places = `SELECT string_agg(${place}, ' ' ORDER BY ${place}::BIGINT) FROM log_results`
    const offsets = [0, good.length + 1, good.length + caddy.length + 'no \u001b[2J'.length + 3].join(' ')
    expect(await query(folder, `${places} WHERE version = 'structured'`)).toEqual([offsets])
    expect((await keptIn(folder, ['--stage', 'structured']))[0]?.reasons).toMatchObject([{ count: 1, line: 3 }])
  })

  test('takes lines of simulated nodes again, and the sums of the stage count each line once', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n  live: false\ngenerator:\n  malformed_rate: 0\n')
    const nodes = ['--nodes', 'aws-1']
    await bbq(folder, ['run', 'structured', ...nodes])
    const log = join(folder, '.bbq', 'nodes', 'aws-1', 'access.log')
    appendFileSync(log, `${good}\n${caddy}\n${caddy}\n`)
    expect((await bbq(folder, ['run', 'structured', ...nodes])).code).toBe(0)
    expect(await keptIn(folder)).toMatchObject([{ node: 'aws-1', reasons: [{ count: 2, line: 202, text: caddy }] }])
    const again = await bbq(folder, ['rejects', '--retry', '--json'])
    expect(JSON.parse(again.stdout)).toMatchObject({
      retries: [
        { nodes: [{ id: 'aws-1' }], totals: { lines_read: 2, lines_rejected: 2, lines_parsed: 0, bytes_read: 0 } },
      ],
    })
    const { runs } = JSON.parse(readFileSync(join(folder, '.bbq', 'runs.json'), 'utf8')) as { runs: readonly Sums[] }
    const sum = (name: string): number =>
      runs.reduce((all, { before, totals }) => all + (before[name] ?? 0) + (totals[name] ?? 0), 0)
    expect(sum('lines_read') - sum('lines_retried')).toBe(203)
    expect(sum('lines_parsed') + sum('lines_rejected') - sum('lines_retried') + sum('lines_blank')).toBe(203)
  })

  test.each([
    [['rejects', '--stage', 'raw'], 'Stage raw refuses no line.'],
    [['rejects', '--stage', 'nonsense'], 'Stage nonsense refuses no line.'],
    [['rejects', '--show', '--retry'], '--show and --retry do not go together.'],
    [['rejects', 'local', '--show', '0'], 'is invalid.'],
  ])('%j is refused', async (args, what) => {
    const { code, stderr } = await bbq(freshFolder(), args)
    expect(stderr).toContain(what)
    expect(code).toBe(2)
  })

  test('on a cluster it says where the lines are, and shows none', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 100\n  live: false\n')
    await bbq(folder, ['run', 'structured', '--nodes', 'aws-1'])
    appendFileSync(join(folder, '.bbq', 'nodes', 'aws-1', 'access.log'), `${caddy}\n`)
    await bbq(folder, ['run', 'structured', '--nodes', 'aws-1'])
    const cluster = [
      '--cluster-kind',
      'bacalhau',
      '--cluster-api',
      'orchestrator.example.com',
      '--warehouse-node-path',
      '/mnt/shared',
    ]
    const listed = await bbq(folder, ['rejects', ...cluster])
    expect(listed.code, listed.stderr).toBe(0)
    expect(listed.stdout).toMatch(/^aws-1 {2}structured +\d+ {2}.* line \d+ of access\.log$/m)
    expect(listed.stderr).toMatch(
      /^aws-1 structured: kept in \/bacalhau_data\/\.bbq\/state\/\w+\/structured\/dead, on aws-1$/m,
    )
    const shown = await bbq(folder, ['rejects', 'aws-1', '--show', ...cluster])
    expect(shown.code).toBe(4)
    expect(shown.stderr).toMatch(/never leaves its node\.\n {2}next {2}Look at them on aws-1: less \/bacalhau_data/)
  })

  test('takes lines again by the format that is given with it', async () => {
    const folder = freshFolder()
    const lines = [1, 2, 3].map((i) => `x${i} | "GET /p/${i} HTTP/1.1" | 200 | 12 | 24/Nov/2026:10:00:0${i} +0000`)
    writeFileSync(join(folder, 'own.log'), `${lines.join('\n')}\n`)
    const format = '%h | "%r" | %s | %b | %{%d/%b/%Y:%H:%M:%S %z}t'
    const first = await bbq(folder, ['run', 'structured', '--input', 'own.log'])
    expect(first.code).toBe(1)
    expect(first.stderr).toMatch(/^next {2}Give --format the LogFormat/m)
    expect((await bbq(folder, ['explain', lines[0] ?? ''])).stdout).toMatch(/^refused +in no known format/m)
    expect((await bbq(folder, ['explain', '--format', format, lines[0] ?? ''])).stdout).toMatch(/path +\/p\/1/)
    const again = await bbq(folder, ['run', 'structured', '--input', 'own.log', '--format', format])
    expect(again.stderr).toMatch(
      /^next {2}3 lines that were refused before are not read again .* bbq rejects --retry --format/m,
    )
    const retried = await bbq(folder, ['rejects', '--retry', '--format', format])
    expect(retried.code, retried.stderr).toBe(0)
    expect(await query(folder, 'SELECT count(*) FROM log_results')).toEqual([3])
    const last = await bbq(folder, ['run', 'structured', '--input', 'own.log', '--format', format])
    expect(last.stderr).not.toContain('refused before')
  })
})
