import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JobRequest } from '../../../src/cluster/cluster.ts'
import { parseSpec } from '../../../src/cluster/spec.ts'
import { belongsTo } from '../../../src/core/rotation-set.ts'
import { generatorCpu, generatorJob } from '../../../src/engine/jobs/generator-job.ts'
import { peekJob } from '../../../src/engine/jobs/peek-job.ts'
import { renderTemplate } from '../../../src/engine/jobs/template.ts'
import { configWith, logsParts } from './parts.ts'

const taskOf = (request: JobRequest) => {
  const spec = parseSpec(request.name, request.spec)
  return { ...(spec.Tasks[0] ?? expect.fail('no task')), Constraints: spec.Constraints, Type: spec.Type }
}

const wordsAfter = (words: readonly string[] | null | undefined, flag: string): string | undefined =>
  words?.[words.indexOf(flag) + 1]

describe('the job that peeks', () => {
  test.each(['access.log', 'app logs/$(reboot) "a".log'])('reads %s of one node by the plain tool', async (path) => {
    const parts = logsParts(configWith({ 'logs.path': path, 'cluster.data': '/data' }))
    const task = taskOf(await peekJob(parts, { node: 'aws-1', lines: 12, end: 'tail' }))
    expect(task.Engine.Params.Entrypoint).toEqual(['tail', '-n', '12', `/var/log/app/${path}`])
    expect(task.Constraints).toEqual([{ Key: 'name', Operator: 'in', Values: ['aws-1'] }])
    expect(task.InputSources[0]?.Source.Params).toEqual({ SourcePath: '/data', ReadWrite: false })
  })

  test('never has a name twice', async () => {
    const parts = logsParts()
    const peek = { node: 'aws-1', lines: 1, end: 'head' } as const
    expect((await peekJob(parts, peek)).name).not.toBe((await peekJob(parts, peek)).name)
  })
})

describe('the job of the generator', () => {
  const wish = { nodes: ['aws-1', 'gcp-1', 'azure-1'], runtime: 'abc', rate: 100, fill: 5_000 }

  test('is a daemon that shares the rate among the nodes, by the program that lies on them', async () => {
    const { Type, Engine, Resources } = taskOf(await generatorJob(logsParts(), wish))
    expect(Type).toBe('daemon')
    expect(Resources?.CPU).toBe(`${generatorCpu}`)
    expect(Engine.Params.Entrypoint).toEqual(['node', '/var/log/app/.bbq/runtime/abc/run.mjs', 'generate', 'live'])
    const words = Engine.Params.Parameters
    expect(wordsAfter(words, '--rate')).toBe('33.333')
    expect(wordsAfter(words, '--fill')).toBe('5000')
    expect(wordsAfter(words, '--nodes')).toBe('aws-1,gcp-1,azure-1')
    expect(words).not.toContain('--knobs')
  })

  test('carries only knobs that are not as usual', async () => {
    const parts = logsParts(configWith({ 'generator.rate': '9', 'generator.ipv6_share': '0.5' }))
    const { Engine } = taskOf(await generatorJob(parts, wish))
    expect(JSON.parse(wordsAfter(Engine.Params.Parameters, '--knobs') ?? '')).toEqual({ ipv6_share: 0.5 })
  })

  test('stays small on a thousand nodes', async () => {
    const nodes = Array.from({ length: 1_000 }, (_, i) => `i-0123456789abcdef${i}`)
    expect((await generatorJob(logsParts(), { ...wish, nodes })).spec.length).toBeLessThan(5_000)
  })
})

describe('the program that lists and removes logs', () => {
  const run = promisify(execFile)
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bbq-clean-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const names = [
    ...[
      'a.log',
      'a.log.1',
      'a.log.2.gz',
      'a.log-20261101',
      'a.log-20261101.gz',
      'a.log.old',
      'a.log.bak.gz',
      'a.log.gz',
    ],
    ...[
      'a.login',
      'a.log.',
      'a.log.1x',
      'a.log.1\n2',
      'a.log.tmp',
      'b.log',
      'xa.log',
      '.a.log.filling',
      'a.log.; rm x',
    ],
  ]

  /** As the task runs it. */
  const program = async (...words: readonly string[]) => {
    const template = await logsParts().template('logs-clean')
    const values = { name: 'x', image: 'node', parameters: words, constraints: [], input_sources: [] }
    const spec = parseSpec('x', renderTemplate(template, values))
    const [, ...args] = spec.Tasks[0]?.Engine.Params.Entrypoint ?? []
    const { stdout } = await run(process.execPath, [...args, ...words])
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly name?: string; readonly bytes?: number })
  }

  const write = (...paths: readonly string[]): void => {
    for (const path of paths) writeFileSync(join(folder, path), '12345')
  }

  test('lists what a stage would read, and nothing else', async () => {
    write(...names)
    mkdirSync(join(folder, 'a.log.7'))
    const listed = await program('list', folder, 'a.log')
    const expected = names.filter((name) => belongsTo('a.log', name)).sort()
    expect(expected.length).toBeGreaterThan(7)
    expect(listed).toEqual([...expected.map((name) => ({ type: 'file', name, bytes: 5 })), { type: 'end' }])
  })

  test('removes the named files of that log, whatever else is named', async () => {
    mkdirSync(join(folder, '.bbq'))
    write(...names, '.bbq/key')
    const removed = await program('remove', folder, 'a.log', 'a.log', 'b.log', '.bbq/key', '../x', 'a.log.9', 'a.log.1')
    expect(removed.map(({ name }) => name)).toEqual(['a.log', 'a.log.1', undefined])
    expect(readdirSync(folder).sort()).toEqual(
      ['.bbq', ...names.filter((name) => name !== 'a.log' && name !== 'a.log.1')].sort(),
    )
    expect(readdirSync(join(folder, '.bbq'))).toEqual(['key'])
  })

  test('removes nothing while a generator lives there, and tells of one that does not', async () => {
    mkdirSync(join(folder, '.bbq'))
    write('a.log', '.bbq/generator.alive')
    await expect(program('remove', folder, 'a.log', 'a.log')).rejects.toThrow('a log generator writes here now')
    const hourAgo = Date.now() / 1_000 - 3_600
    utimesSync(join(folder, '.bbq/generator.alive'), hourAgo, hourAgo)
    expect(await program('remove', folder, 'a.log', 'a.log')).toEqual([
      { type: 'generator', age_ms: expect.closeTo(3_600_000, -5) },
      { type: 'removed', name: 'a.log' },
      { type: 'end' },
    ])
  })

  test('a folder that is not there has no logs', async () => {
    expect(await program('list', folder, 'none/a.log')).toEqual([{ type: 'end' }])
  })
})
