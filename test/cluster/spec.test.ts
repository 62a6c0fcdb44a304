import { describe, expect, test } from 'vitest'
import { matchesAll } from '../../src/cluster/constraints.ts'
import { assignment, commandLine, quote } from '../../src/cluster/shell.ts'
import { type Constraint, parseSpec } from '../../src/cluster/spec.ts'
import { AppError } from '../../src/core/errors.ts'
import { tinyRequest } from './sandbox/open-tiny.ts'

const { name, spec } = tinyRequest()

const problem = (change: (job: ReturnType<typeof JSON.parse>) => void): string => {
  const job = JSON.parse(spec)
  change(job)
  return problemOf(JSON.stringify(job))
}
const problemOf = (text: string): string => {
  try {
    parseSpec(name, text)
  } catch (thrown) {
    if (thrown instanceof AppError) return `${thrown.kind}: ${thrown.why}`
    throw thrown
  }
  return 'none'
}

describe('a job spec', () => {
  test('is read from YAML or JSON', () => {
    expect(parseSpec(name, spec).Tasks[0]?.Engine.Params.Image).toBe('node:24-bookworm-slim')
    const yaml = `Name: ${name}\nType: ops\nTasks:\n  - Name: main\n    Engine: {Type: docker, Params: {Image: alpine}}\n`
    expect(parseSpec(name, yaml)).toMatchObject({ Constraints: [], Tasks: [{ Env: {}, InputSources: [] }] })
  })

  test('is refused with the reason', () => {
    expect(problemOf('')).toBe('usage: no content provided')
    expect(problemOf('a: [')).toMatch(/^usage: /)
    expect(problem((job) => Object.assign(job, { Type: 'opz' }))).toContain('Type: ')
    expect(problem((job) => Object.assign(job, { Foo: 1 }))).toBe("usage: unknown field: 'Foo' in 'Job'")
    expect(problem((job) => Object.assign(job.Tasks[0], { Foo: 1 }))).toBe("usage: unknown field: 'Foo' in 'Tasks.0'")
    expect(problem((job) => Object.assign(job.Tasks[0], { Env: { low: 'x' } }))).toContain('must be upper case')
    expect(problem((job) => Object.assign(job.Tasks[0], { Env: { BACALHAU_X: 'x' } }))).toContain('BACALHAU_')
    expect(problem((job) => Object.assign(job, { Count: 2 }))).toContain('once on every node')
    expect(problem((job) => Object.assign(job.Tasks[0], { Env: { X: '' } }))).toContain('cannot have an empty value')
    expect(problem((job) => Object.assign(job, { Name: 'other' }))).toContain('its Name is other')
    expect(problem((job) => Object.assign(job, { Constraints: [{ Key: 'a', Operator: '=' }] }))).toContain(
      'exactly one',
    )
  })

  test('may have 900,000 bytes and not one more', () => {
    const pad = (bytes: number): string => `${spec}\n#${'x'.repeat(bytes - Buffer.byteLength(spec) - 2)}`
    expect(problemOf(pad(900_000))).toBe('none')
    expect(problemOf(pad(900_001))).toMatch(/^refused: /)
  })
})

describe('constraints', () => {
  const labels = { region: 'us-east-1', cpus: '4' }
  test.each([
    ['region', '=', ['us-east-1'], true],
    ['region', '==', ['eu'], false],
    ['region', '!=', ['eu'], true],
    ['zone', '!=', ['eu'], true],
    ['region', 'in', ['eu', 'us-east-1'], true],
    ['region', 'notin', ['us-east-1'], false],
    ['zone', 'exists', [], false],
    ['zone', '!', [], true],
    ['cpus', 'gt', ['3'], true],
    ['cpus', 'lt', ['4'], false],
    ['zone', 'gt', ['3'], false],
    ['favour_region', '=', ['eu'], true],
  ] as const)('%s %s %o is %s', (Key, Operator, Values, expected) => {
    const constraint: Constraint = { Key, Operator, Values: [...Values] }
    expect(matchesAll([constraint], labels)).toBe(expected)
  })
})

test('shell words are quoted so that a shell reads them back, and secrets are left to it', () => {
  expect(quote('plain-1.2_/:')).toBe('plain-1.2_/:')
  expect(quote('')).toBe("''")
  expect(commandLine(['a b', "it's", '$HOME'])).toBe(`'a b' 'it'\\''s' '$HOME'`)
  expect(assignment('STAGE', 'a b')).toBe("STAGE='a b'")
  expect(assignment('API_KEY', 'abc')).toBe('API_KEY="$API_KEY"')
})
