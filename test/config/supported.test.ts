import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { unsupported } from '../../src/config/supported.ts'

const folder = mkdtempSync(join(tmpdir(), 'bbq-supported-'))

const load = (sources: { readonly yaml?: string; readonly flags?: Readonly<Record<string, string>> }): Config => {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, sources.yaml ?? '')
  return loadConfig({ file, required: false, env: {}, flags: sources.flags ?? {}, stateDir: '.bbq' })
}

const local = (text: string): string => text.replaceAll(`${folder}/`, '')

describe('what lacks something', () => {
  test.each([
    [
      { flags: { 'warehouse.kind': 'bigquery' } },
      '--warehouse-kind makes BigQuery the warehouse, but project.id is not set.',
    ],
    [
      { yaml: 'project: {id: acme-logs}\nwarehouse:\n  token_endpoint: http://127.0.0.1:9051/token\n' },
      'config.yaml:3 sets warehouse.token_endpoint, but warehouse.api_endpoint is not set.',
    ],
    [
      {
        yaml: 'project: {id: acme-logs}\nwarehouse:\n  api_endpoint: https://bigquery-x.p.googleapis.com\n  token_endpoint: https://tokens.example\n',
      },
      'config.yaml:4 sets warehouse.token_endpoint, but warehouse.api_endpoint is https://bigquery-x.p.googleapis.com.',
    ],
    [
      { yaml: 'cluster:\n  kind: bacalhau\n' },
      'config.yaml:2 makes Bacalhau the cluster, but no address says where it answers.',
    ],
    [
      { yaml: 'cluster:\n  api: host:1234\n' },
      'The cluster is Bacalhau and the warehouse a folder of this machine, but warehouse.node_path is not set.',
    ],
  ])('%j', (sources, what) => {
    const error = unsupported(load(sources))
    expect(local(error?.what ?? '')).toBe(what)
    expect(error?.kind).toBe('usage')
    expect(error?.next.length).toBeGreaterThan(0)
  })
})

test.each([
  'project: {id: acme-logs}',
  'project: {id: acme-logs}\ncluster: {api: "host:1234"}',
  'cluster: {api: "host:1234"}\nwarehouse: {path: /shared/here, node_path: /shared/there}',
  'project: {id: acme-logs}\nwarehouse: {kind: duckdb}',
  'project: {id: acme-logs}\nwarehouse: {api_endpoint: "http://127.0.0.1:9050", token_endpoint: "http://127.0.0.1:9051/token"}',
  '',
])('every pair of cluster and warehouse runs: %j', (yaml) => {
  expect(unsupported(load({ yaml }))).toBeUndefined()
})
