import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseArgv } from '../../processors/run/parse-argv.ts'
import { findStage } from '../../processors/stages/index.ts'
import { parseSpec } from '../../src/cluster/spec.ts'
import { jobRequest } from '../../src/engine/job-request.ts'
import { renderTemplate } from '../../src/engine/jobs/template.ts'
import { programs } from '../../src/programs.ts'
import { configOf } from '../fakes/world.ts'

const template = readFileSync(join(programs.jobs, 'stage.yaml'), 'utf8')
const stage = findStage('private')
if (stage === undefined) throw new Error('no stage private')

const options = {
  stage,
  config: configOf(),
  epoch: 'abcd1234',
  sink: { kind: 'folder', path: '/state/warehouse/log_analytics' },
  nodes: ['aws-1', 'gcp-1'],
  template,
  runtime: '0123456789abcdef',
  id: 'x1',
} as const

describe('the job of a stage', () => {
  test('is a spec that Bacalhau takes, word for word', () => {
    const request = jobRequest(options)
    expect(request).toMatchObject({ name: 'bbq-private-x1', nodes: ['aws-1', 'gcp-1'] })
    expect(request.spec.slice(request.spec.indexOf('Name:'))).toMatchInlineSnapshot(`
      "Name: bbq-private-x1
      Type: ops
      Constraints: []
      Tasks:
        - Name: main
          Engine:
            Type: docker
            Params:
              Image: node:24-bookworm-slim
              Entrypoint: [node, /var/log/app/.bbq/runtime/0123456789abcdef/run.mjs]
              Parameters: ["--stage","private","--epoch","abcd1234","--data","/var/log/app","--sink","folder:/warehouse","--project","sandbox","--log-results-table","log_results","--log","access.log","--format","auto","--client","auto","--window-seconds","300","--mask-ipv4","24","--mask-ipv6","64","--private","addresses,users,secrets,emails","--failed-logins","5","--failure-requests","20","--failure-share","0.5","--memory-mb","256"]
          InputSources: [{"Target":"/var/log/app","Source":{"Type":"localDirectory","Params":{"SourcePath":"/bacalhau_data","ReadWrite":true}}},{"Target":"/warehouse","Source":{"Type":"localDirectory","Params":{"SourcePath":"/state/warehouse/log_analytics","ReadWrite":true}}}]
          Network:
            Type: Bridge
          Resources:
            CPU: "0.5"
            Memory: 512Mb
          Timeouts:
            TotalTimeout: 900
      "
    `)
    expect(parseSpec(request.name, request.spec).Tasks.length).toBe(1)
  })

  test('has parameters that the processor reads back as they were meant', () => {
    const config = configOf({
      project: { id: 'log-demo' },
      bigquery: { table_name: 'results' },
      stages: {
        window_seconds: 60,
        mask_ipv4: 16,
        mask_ipv6: 48,
        failed_logins: 9,
        failure_requests: 40,
        failure_share: 0.25,
      },
      logs: { path: 'a b/my "own".log' },
    })
    const { name, spec } = jobRequest({ ...options, config, ownFiles: true, everyMs: 10_000 })
    const task = parseSpec(name, spec).Tasks[0]
    const words = task?.Engine.Params.Parameters ?? []
    expect(parseArgv(words)).toMatchObject({
      stage: 'private',
      epoch: 'abcd1234',
      data: '/var/log/app',
      sink: 'folder:/warehouse',
      project: 'log-demo',
      logResultsTable: 'results',
      log: 'a b/my "own".log',
      inputs: '/var/log/app/.bbq/files.json',
      growing: true,
      waitMs: 5_000,
      leastBytes: 262_144,
      windowSeconds: 60,
      maskIpv4: 16,
      maskIpv6: 48,
      failedLogins: 9,
      failureRequests: 40,
      failureShare: 0.25,
      private: ['addresses', 'users', 'secrets', 'emails'],
    })
    // the files themselves are in the node's list: one spec holds for all nodes
    expect(task?.InputSources.map(({ Target }) => Target)).toEqual(['/var/log/app', '/warehouse'])
  })

  test.each([
    [{}, [24, 64], ['addresses', 'users', 'secrets', 'emails']],
    [{ privacy: 'strict' }, [16, 48], ['addresses', 'users', 'secrets', 'emails']],
    [{ privacy: 'strict', mask_ipv4: 20 }, [20, 48], ['addresses', 'users', 'secrets', 'emails']],
    [{ private: ['users', 'addresses'], mask_ipv6: 56 }, [24, 56], ['users', 'addresses']],
  ])('masks as %j says', (stages, prefixes, chosen) => {
    const { name, spec } = jobRequest({ ...options, config: configOf({ stages }) })
    const read = parseArgv(parseSpec(name, spec).Tasks[0]?.Engine.Params.Parameters ?? [])
    expect([[read.maskIpv4, read.maskIpv6], read.private]).toEqual([prefixes, chosen])
  })

  const bigquery = { kind: 'bigquery', project: 'log-demo', dataset: 'logs', location: 'EU' } as const
  test.each([
    ['private', options.sink, 10_000, {}, { waitMs: 5_000 }],
    ['private', options.sink, 60_000, {}, { waitMs: 0 }],
    ['private', options.sink, 10_000, { lines_seconds: 60, size_kb: 8 }, { waitMs: 55_000, leastBytes: 8_192 }],
    ['private', bigquery, 122_000, {}, { waitMs: 0 }],
    ['private', bigquery, 10_000, { lines_seconds: 60 }, { waitMs: 55_000 }],
    ['aggregated', options.sink, 10_000, {}, { waitMs: 60_000 }],
    ['aggregated', bigquery, 122_000, { windows_seconds: 10 }, { waitMs: 10_000 }],
    ['private', options.sink, undefined, {}, { waitMs: undefined }],
  ] as const)('tells %s how long what is new waits: %j every %s ms', (id, sink, everyMs, waiting, expected) => {
    const given = { ...options, stage: findStage(id) ?? stage, sink, config: configOf({ waiting }) }
    const { name, spec } = jobRequest({ ...given, everyMs })
    const { waitMs, leastBytes } = parseArgv(parseSpec(name, spec).Tasks[0]?.Engine.Params.Parameters ?? [])
    expect({ waitMs, leastBytes }).toEqual({ leastBytes: 262_144, ...expected })
  })

  test('mounts the shared folder of a real cluster as its nodes see it', () => {
    const config = configOf({
      cluster: { api: 'host:1234', data: '/data' },
      warehouse: { kind: 'duckdb', node_path: '/shared/warehouse' },
    })
    const { name, spec } = jobRequest({ ...options, config })
    const sources = parseSpec(name, spec).Tasks[0]?.InputSources.map(({ Source }) => Source.Params['SourcePath'])
    expect(sources).toEqual(['/data', '/shared/warehouse/log_analytics'])
  })

  test('names the dataset of BigQuery and the endpoints, and mounts nothing beside the data folder of a real node', () => {
    const config = configOf({ project: { id: 'log-demo' }, cluster: { api: 'host:1234', network: 'host' } })
    const sink = { kind: 'bigquery', project: 'log-demo', dataset: 'logs', location: 'EU' } as const
    const own = { apiEndpoint: 'http://127.0.0.1:9050', tokenEndpoint: 'http://127.0.0.1:9051/token' }
    const { name, spec } = jobRequest({ ...options, config, sink: { ...sink, ...own } })
    const task = parseSpec(name, spec).Tasks[0]
    expect(parseArgv(task?.Engine.Params.Parameters ?? [])).toMatchObject({
      sink: 'bigquery:log-demo/logs',
      location: 'EU',
      ...own,
      chunkBytes: 32 * 1024 * 1024,
    })
    expect(task?.InputSources.map(({ Target }) => Target)).toEqual(['/var/log/app'])
    expect(spec).toContain('Type: Host')
    expect(spec).not.toContain('--credentials')
    const google = jobRequest({ ...options, config, sink })
    expect(parseArgv(parseSpec(google.name, google.spec).Tasks[0]?.Engine.Params.Parameters ?? [])).toMatchObject({
      apiEndpoint: 'https://bigquery.googleapis.com',
    })
  })

  test('gives simulated nodes the key file itself, where the endpoint asks for one', () => {
    const config = configOf({ project: { id: 'log-demo' }, cluster: { uploader_credentials: '/keys/uploader.json' } })
    const sink = { kind: 'bigquery', project: 'log-demo', dataset: 'logs', location: 'US' } as const
    const credentialsOf = (more: object) => {
      const { name, spec } = jobRequest({ ...options, config, sink: { ...sink, ...more } })
      const task = parseSpec(name, spec).Tasks[0]
      const { credentials } = parseArgv(task?.Engine.Params.Parameters ?? [])
      return task?.InputSources.find(({ Target }) => Target === credentials)?.Source.Params['SourcePath']
    }
    expect(credentialsOf({})).toBe('/keys/uploader.json')
    expect(credentialsOf({ apiEndpoint: 'https://private.googleapis.com' })).toBe('/keys/uploader.json')
    expect(credentialsOf({ apiEndpoint: 'http://127.0.0.1:1', tokenEndpoint: 'http://127.0.0.1:2/token' })).toBe(
      '/keys/uploader.json',
    )
    expect(credentialsOf({ apiEndpoint: 'http://127.0.0.1:1' })).toBeUndefined()
  })

  test('makes bigger chunks for BigQuery the more nodes there are and the more memory they have', () => {
    const config = configOf({ project: { id: 'log-demo' }, cluster: { memory_mb: 4096 } })
    const nodes = Array.from({ length: 400 }, (_, i) => `node-${i}`)
    const sink = { kind: 'bigquery', project: 'log-demo', dataset: 'logs', location: 'US' } as const
    const { name, spec } = jobRequest({ ...options, config, sink, nodes })
    const words = parseSpec(name, spec).Tasks[0]?.Engine.Params.Parameters ?? []
    expect(parseArgv(words).chunkBytes).toBe(110 * 1024 * 1024)
  })

  test('holds any text as it is, and no text breaks out of its place', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), (text) => {
        const { name, spec } = jobRequest({ ...options, sink: { kind: 'folder', path: text } })
        expect(parseSpec(name, spec).Tasks[0]?.InputSources.at(-1)?.Source.Params['SourcePath']).toBe(text)
      }),
    )
  })

  test('is refused when the template names what nothing fills in', () => {
    expect(() => renderTemplate('{{.nothing}}', {})).toThrow('nothing')
  })
})
