import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseSpec } from '../../../src/cluster/spec.ts'
import { directory, renderTemplate } from '../../../src/engine/jobs/template.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const files = readdirSync(join(root, 'jobs'))
const names = files.map((file) => basename(file, '.yaml'))

/** One value for everything that a template may leave open, with what YAML could take amiss. */
const values = {
  name: 'bbq-test-1',
  image: 'registry.example:5000/node:24',
  runtime: '0123456789abcdef',
  program: '/var/log/app/.bbq/runtime/0123456789abcdef/run.mjs',
  command: ['head', '-n', '10', '/var/log/app/a: "b" #c.log'],
  parameters: ['--sql', `SELECT 'a' AS "b" -- c: d\n`, '', '-', '{{.not}}', '\u2028'],
  constraints: [{ Key: 'name', Operator: 'in', Values: ['aws-1', 'yes', '1e3'] }],
  input_sources: [directory('/bacalhau_data', '/var/log/app', 'read')],
  network: 'Host',
  cpu: '0.4',
  memory: '300Mb',
}

describe('templates of jobs', () => {
  test('are all YAML', () => {
    expect(files.filter((file) => !file.endsWith('.yaml'))).toEqual([])
    expect(names).toContain('logs-peek')
  })

  test.each(names)('%s renders to a spec that is sent, and says what it is for', (name) => {
    const template = readFileSync(join(root, 'jobs', `${name}.yaml`), 'utf8')
    expect(template).toMatch(/^# .{40,}/)
    const spec = parseSpec(values.name, renderTemplate(template, values))
    const { Engine, Network, Resources, InputSources } = spec.Tasks[0] ?? expect.fail('no task')
    expect(Engine.Params.Image).toBe(values.image)
    expect(InputSources).toHaveLength(1)
    if (template.includes('{{.parameters}}')) expect(Engine.Params.Parameters).toEqual(values.parameters)
    if (template.includes('{{.constraints}}')) expect(spec.Constraints).toEqual(values.constraints)
    if (template.includes('{{.command}}')) expect(Engine.Params.Entrypoint).toEqual(values.command)
    expect(Network?.Type).toMatch(/^(Host|None)$/)
    expect(Number(Resources?.CPU)).toBeLessThanOrEqual(0.5)
    expect(Resources?.Memory).toMatch(/^\d+Mb$/)
  })

  test.each(names)('%s ends by itself, unless it is a daemon', (name) => {
    const template = readFileSync(join(root, 'jobs', `${name}.yaml`), 'utf8')
    const { Type, Tasks } = parseSpec(values.name, renderTemplate(template, values))
    expect(Tasks[0]?.Timeouts.TotalTimeout === undefined).toBe(Type === 'daemon')
  })

  test('have a line in which selected nodes can be named', () => {
    for (const name of names)
      expect(readFileSync(join(root, 'jobs', `${name}.yaml`), 'utf8'), name).toMatch(
        /^Constraints: (\[\]|\{\{\.constraints\}\})$/m,
      )
  })

  test('are all used', () => {
    const sources = globSync('src/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
    const unused = names.filter((name) => !sources.some((text) => text.includes(`'${name}'`)))
    expect(unused).toEqual([])
  })
})
