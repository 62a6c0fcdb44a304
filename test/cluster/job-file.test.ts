import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { submitLine, writeJobFile } from '../../src/cluster/job-file.ts'
import { parseSpec } from '../../src/cluster/spec.ts'

const yaml = `# a stage
Name: bbq-raw-1
Type: ops
Tasks: [{Name: main, Engine: {Type: docker, Params: {Image: node, Entrypoint: [node, bbq-raw-1]}}}]
`
const json = JSON.stringify({
  Name: 'bbq-raw-1',
  Type: 'ops',
  Tasks: [{ Name: 'main', Engine: { Type: 'docker', Params: { Image: 'node', Entrypoint: ['node', 'bbq-raw-1'] } } }],
})

describe('a kept job', () => {
  test.each([
    ['YAML', yaml],
    ['JSON', json],
  ])('in %s is the same under a name of its own', async (_, spec) => {
    const folder = mkdtempSync(join(tmpdir(), 'bbq-job-file-'))
    const path = await writeJobFile(folder, { name: 'bbq-raw-1', spec, nodes: [] })
    expect(path).toBe(join(folder, 'jobs', 'bbq-raw-1.yaml'))
    const kept = parseSpec('bbq-raw-1-by-hand', readFileSync(path, 'utf8'))
    expect(kept).toEqual({ ...parseSpec('bbq-raw-1', spec), Name: 'bbq-raw-1-by-hand' })
  })

  test('is sent by a line that a shell takes, whatever the folder is called', () => {
    expect(submitLine("a b/it's.yaml")).toBe(
      "bacalhau job run --wait=false --id-only --no-template < 'a b/it'\\''s.yaml'",
    )
  })
})
