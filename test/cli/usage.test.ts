import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { forceColor } from '../../src/cli/color.ts'
import { parseDuration } from '../../src/cli/duration.ts'
import { oldNode } from '../../src/cli/node-version.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { hasFlag, plainWords } from '../../src/cli/words.ts'
import { bbq, freshFolder } from './bbq.ts'

describe('without loading anything', () => {
  test('--version and --help answer on stdout', async () => {
    const [version, help] = await Promise.all([bbq(freshFolder(), ['--version']), bbq(freshFolder(), ['--help'])])
    expect(version).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' })
    expect(help.code).toBe(0)
    expect(help.stderr).toBe('')
    const program = new Command()
    for (const verb of verbs) verb(program, () => async () => {})
    const names = program.commands.map((command) => command.name())
    // the same step as nodes prepare
    for (const name of names.filter((one) => one !== 'credentials')) expect(help.stdout).toContain(`bbq ${name}`)
    expect(names.length).toBeGreaterThan(10)
  })

  test.each([
    ['20.19.0', true],
    ['22.17.1', true],
    ['22.18.0', false],
    ['24.0.0', false],
  ])('Node %s is too old: %s', (version, old) => {
    const said = oldNode(version)
    expect(said !== undefined).toBe(old)
    if (old) expect(said).toContain(`needs Node 22.18 or later; this is Node ${version}`)
  })
})

describe('the words of a command line', () => {
  test.each([
    [
      ['run', 'raw'],
      ['run', 'raw'],
    ],
    [['--state', 'run', '--json', 'nodes'], ['nodes']],
    [
      ['--state=x', 'query', '--', '-1'],
      ['query', '-1'],
    ],
    [['--plain'], []],
  ])('%j holds %j', (argv, words) => {
    expect(plainWords(argv)).toEqual(words)
  })

  test('a value is no flag', () => {
    expect(hasFlag(['--state', '--help'], '--help')).toBe(false)
    expect(hasFlag(['--json', '--help'], '--help')).toBe(true)
  })
})

describe('colour', () => {
  test.each([
    [[], {}, undefined],
    [[], { NO_COLOR: '1' }, '0'],
    [[], { NO_COLOR: '' }, undefined],
    [[], { NO_COLOR: '1', FORCE_COLOR: '1' }, undefined],
    [['--color', 'never'], { FORCE_COLOR: '1' }, '0'],
    [['--color=always'], { NO_COLOR: '1' }, '2'],
    [['--color', 'always'], { COLORTERM: 'truecolor' }, '3'],
    [['--color', 'auto'], { NO_COLOR: '1' }, '0'],
    [['--no-color'], {}, '0'],
  ])('%j with %j sets %j', (argv, env, forced) => {
    expect(forceColor(argv, env)).toBe(forced)
  })
})

test.each([
  ['10s', 10_000],
  ['500ms', 500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['7', 7000],
  ['1.5s', 1500],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

describe('what is refused with exit 2', () => {
  test.each([
    [['inof'], 'There is no command inof.', 'The nearest one is info.'],
    [['run', 'pirvate'], 'There is no stage pirvate.', 'The nearest one is private.'],
    [['run'], "Missing required argument 'stage'.", undefined],
    [['run', 'raw', '--evry', '1s'], "Unknown option '--evry'.", 'Did you mean --every?'],
    [
      ['run', 'raw', '--every', 'soon'],
      "Option '--every <time>' argument 'soon' is invalid.",
      'It takes a time such as',
    ],
    [['run', 'raw', '--input', 'a', '--nodes', 'aws-1'], '--input and --nodes do not go together.', undefined],
    [['run', 'raw', '--input', 'no.log'], 'There is no file no.log.', 'Give log files with --input'],
    [['run', 'raw', '--input', '.'], '. is no file that could be read as a log.', 'Give log files with --input'],
    [['info', '--demo-lines', '0'], '--demo-lines: demo.lines is 0.', 'It takes at least 1.'],
    [['info', '--config', 'no.yaml'], 'There is no config file no.yaml.', 'without a config the demo runs'],
    [['query', 'raw-clods'], 'raw-clods is neither SQL nor the id of a query.', 'The nearest id is raw-clouds.'],
    [['nodes', 'fail', 'aws-1'], 'There is no simulated node aws-1 in .bbq.', 'Run bbq or bbq nodes first'],
  ])('%j', async (args, what, more) => {
    const { code, stdout, stderr } = await bbq(freshFolder(), args)
    expect(stderr.split('\n')[0]).toBe(what)
    if (more !== undefined) expect(stderr).toContain(more)
    expect(stderr).toContain('  next  ')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a typo in the config, with file and line; the stack only with --debug', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'config.yaml'), 'demo:\n  linse: 5\n')
    const plain = await bbq(folder, ['info'])
    expect(plain.code).toBe(2)
    expect(plain.stderr).toBe(`config.yaml:2: demo.linse is no key of the config.
  why   The nearest known one is demo.lines.
  next  Write demo.lines instead, or remove it; config.yaml.example lists every key.
`)
    const debug = await bbq(folder, ['info', '--debug'])
    expect(debug.stderr).toMatch(/^\s+at /m)
  })

  test('the original config, which means BigQuery', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'config.yaml'), 'project:\n  id: acme-logs\n')
    const { code, stderr } = await bbq(folder, ['run', 'raw'], {
      HOME: folder,
      CLOUDSDK_CONFIG: folder,
      GOOGLE_APPLICATION_CREDENTIALS: '',
    })
    expect(code).toBe(2)
    expect(stderr).toContain('The key file credentials.json is not there')
    expect(stderr).toContain('--warehouse-kind duckdb')
  })

  test('a state folder that cannot be one', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'file'), '')
    const { code, stderr } = await bbq(folder, ['reset', '--yes', '--state', 'file/below'])
    expect(stderr.split('\n')[0]).toBe('The state folder file/below cannot be written (ENOTDIR).')
    expect(code).toBe(2)
  })

  test('a config that is a folder', async () => {
    const folder = freshFolder()
    mkdirSync(join(folder, 'config.yaml'))
    const { code, stderr } = await bbq(folder, ['info'])
    expect(stderr.split('\n')[0]).toBe('The config file config.yaml cannot be read (EISDIR).')
    expect(code).toBe(2)
  })
})

test('info --json names every path, and where settings come from', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'mine.yaml'), 'stages:\n  mask_ipv4: 16\n')
  const { code, stdout } = await bbq(folder, ['info', '--json', '--config', 'mine.yaml', '--state', 'here'], {
    BBQ_DEMO_LINES: '7',
  })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    config_file: join(folder, 'mine.yaml'),
    state: join(folder, 'here'),
    state_exists: false,
    in_use_by: null,
    cluster: 'sandbox',
    warehouse: 'duckdb',
    warehouse_path: join(folder, 'here/warehouse'),
    origins: { 'stages.mask_ipv4': 'mine.yaml:2', 'demo.lines': 'BBQ_DEMO_LINES' },
  })
})
