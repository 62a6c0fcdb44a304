import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderExample } from '../../src/config/example.ts'
import { loadConfig } from '../../src/config/load.ts'
import { answersIn, questions } from '../../src/config/questions.ts'
import { saveConfig } from '../../src/config/save.ts'
import { keys } from '../../src/config/schema.ts'

const fresh = (): string => join(mkdtempSync(join(tmpdir(), 'bbq-save-')), 'config.yaml')
const load = (file: string) => loadConfig({ file, required: false, env: {}, flags: {}, stateDir: '.bbq' })

describe('the example', () => {
  test('says what no config says', () => {
    const file = fresh()
    const without = load(file)
    writeFileSync(file, renderExample())
    const { file: _, origins: __, ...from } = load(file)
    const { origins: ___, ...defaults } = without
    expect(from).toEqual(defaults)
  })

  test('with every line uncommented is valid and names every key', () => {
    const file = fresh()
    writeFileSync(
      file,
      renderExample().replaceAll(/^( +)# ([a-z0-9_]+: .+)$/gm, (line, indent, rest) =>
        keys.some((key) => key.path.endsWith(`.${rest.split(':')[0]}`)) ? `${indent}${rest}` : line,
      ),
    )
    expect(Object.keys(load(file).origins).sort()).toEqual(keys.map((key) => key.path).sort())
  })
})

describe('saving answers', () => {
  test('reads back what was answered, private to its owner', () => {
    const file = fresh()
    expect(
      saveConfig(file, { 'project.id': 'acme-logs', 'project.create_if_missing': 'no', 'bigquery.location': '' }),
    ).toEqual({ file })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const config = load(file)
    expect(config.project).toEqual({ id: 'acme-logs', region: 'US', create_if_missing: false })
  })

  test('keeps other keys and the file that stood there', () => {
    const file = fresh()
    const before = 'stages:\n  mask_ipv4: 16 # mine\nproject:\n  id: acme-old\n'
    writeFileSync(file, before)
    expect(saveConfig(file, { 'project.id': 'acme-new' }).backup).toBe(`${file}.bak`)
    expect(readFileSync(`${file}.bak`, 'utf8')).toBe(before)
    expect(load(file).stages.mask_ipv4).toBe(16)
    expect(load(file).project.id).toBe('acme-new')
    expect(saveConfig(file, { 'project.id': '' }).backup).toBe(`${file}.bak-2`)
    expect(load(file).project.id).toBeUndefined()
    expect(readFileSync(`${file}.bak`, 'utf8')).toBe(before)
  })

  test('a wrong answer leaves the file as it was', () => {
    const file = fresh()
    expect(() => saveConfig(file, { 'project.id': 'No' })).toThrow('project.id is "No"')
    expect(existsSync(file)).toBe(false)
  })
})

describe('the questions', () => {
  test('are the seven of the original, the address of the cluster and the folder that its nodes share', () => {
    expect(questions.map(({ key, default: fallback }) => [key, fallback])).toEqual([
      ['project.id', ''],
      ['project.region', 'US'],
      ['project.create_if_missing', 'true'],
      ['credentials.path', 'credentials.json'],
      ['bigquery.dataset_name', 'log_analytics'],
      ['bigquery.table_name', 'log_results'],
      ['bigquery.location', ''],
      ['cluster.api', ''],
      ['warehouse.path', ''],
      ['warehouse.node_path', ''],
    ])
    for (const question of questions) expect(question.help, question.key).not.toBe('')
  })

  test.each([
    ['project.id', '', undefined],
    ['project.id', 'acme-logs', undefined],
    ['project.id', 'A', 'project.id takes 6 to 30 lower-case letters, digits and dashes.'],
    [
      'project.region',
      'mars!',
      'project.region takes a multi-region such as US or EU, or a region such as europe-west1.',
    ],
    ['project.create_if_missing', 'y', undefined],
    ['project.create_if_missing', 'maybe', 'project.create_if_missing takes true or false.'],
    ['cluster.api', 'http://10.0.0.1:1234', undefined],
    ['cluster.api', '[::1]:1234', 'cluster.api takes HOST, HOST:PORT or http(s)://HOST:PORT.'],
  ])('%s answered with %j', (key, answer, problem) => {
    expect(questions.find((question) => question.key === key)?.check(answer)).toBe(problem)
  })
})

describe('the answers that a file gives already', () => {
  test('are its own values, so that saving them changes nothing', () => {
    const file = fresh()
    saveConfig(file, { 'cluster.api': 'host:1234', 'warehouse.path': '/srv/wh', 'bigquery.dataset_name': 'logs' })
    const before = load(file)
    expect(answersIn(before)).toEqual({
      'cluster.api': 'host:1234',
      'warehouse.path': '/srv/wh',
      'bigquery.dataset_name': 'logs',
    })
    saveConfig(file, answersIn(before))
    expect(answersIn(load(file))).toEqual(answersIn(before))
  })

  test('are none without a file', () => {
    expect(answersIn(load(fresh()))).toEqual({})
  })
})
