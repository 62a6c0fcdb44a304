import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { keys } from '../../src/config/schema.ts'
import { folder, load, refusal } from './load-given.ts'

const local = (text: string): string => text.replaceAll(`${folder}/`, '')

describe('without any config', () => {
  test('the demo runs on this machine', () => {
    const config = load({})
    expect(config.cluster.kind).toBe('sandbox')
    expect(config.warehouse.kind).toBe('duckdb')
    expect(config.warehouse.path).toBe('.bbq/warehouse')
    expect(config.file).toBeUndefined()
    expect(config.notices).toEqual([])
  })

  test('the seven keys of the original have its defaults', () => {
    const { project, credentials, bigquery } = load({})
    expect({ project, credentials, bigquery }).toEqual({
      project: { region: 'US', create_if_missing: true },
      credentials: { path: 'credentials.json' },
      bigquery: { dataset_name: 'log_analytics', table_name: 'log_results', location: 'US' },
    })
  })
})

describe('what a file says', () => {
  test('the seven keys stand where the original has them', () => {
    const config = load({
      yaml: `project:
  id: acme-logs
  region: EU
  create_if_missing: false
credentials:
  path: keys/admin.json
bigquery:
  dataset_name: logs
  table_name: results
  location: europe-west1
`,
    })
    expect(config.project).toEqual({ id: 'acme-logs', region: 'EU', create_if_missing: false })
    expect(config.credentials.path).toBe('keys/admin.json')
    expect(config.bigquery).toEqual({ dataset_name: 'logs', table_name: 'results', location: 'europe-west1' })
    expect(config.warehouse.kind).toBe('bigquery')
  })

  test('project.region is the default of bigquery.location', () => {
    expect(load({ yaml: 'project: {region: EU}' }).bigquery.location).toBe('EU')
  })

  test.each([
    ['', 'an empty file'],
    ['# nothing but a comment\n', 'a comment'],
    ['project:\ncluster:\n  # api: somewhere\n', 'sections without keys'],
    ['project:\n  id: ""\n', 'an empty value'],
    ['project:\r\n  region: US\r\n', 'CRLF'],
    ['\uFEFFproject:\n  region: US\n', 'a byte order mark'],
  ])('%j counts as not given: %s', (yaml) => {
    const config = load({ yaml })
    expect(config.project).toEqual({ region: 'US', create_if_missing: true })
    expect(config.cluster.kind).toBe('sandbox')
  })

  test.each([
    [{ yaml: 'cluster: {api: "10.0.0.1:1234"}' }, 'bacalhau', 'duckdb'],
    [{ env: { BACALHAU_API_HOST: '10.0.0.1' } }, 'bacalhau', 'duckdb'],
    [{ yaml: 'cluster: {kind: sandbox}', env: { BACALHAU_API_HOST: '10.0.0.1' } }, 'sandbox', 'duckdb'],
    [{ yaml: 'project: {id: acme-logs}' }, 'sandbox', 'bigquery'],
    [{ yaml: 'project: {id: acme-logs}\nwarehouse: {kind: duckdb}' }, 'sandbox', 'duckdb'],
  ])('%j makes the cluster %s and the warehouse %s', (sources, cluster, warehouse) => {
    const config = load(sources)
    expect([config.cluster.kind, config.warehouse.kind]).toEqual([cluster, warehouse])
  })

  test('a project beside DuckDB is pointed out', () => {
    const config = load({ yaml: 'project:\n  id: acme-logs\nwarehouse: {kind: duckdb}' })
    expect(config.notices.map(local)).toEqual([
      'project.id is acme-logs (config.yaml:2), but warehouse.kind is duckdb: rows stay in a folder on this machine and nothing goes to BigQuery.',
    ])
  })
})

describe('who wins', () => {
  const yaml = 'stages:\n  window_seconds: 60\n  mask_ipv4: 16\n  mask_ipv6: 48\n'
  test('a flag beats a variable, a variable beats the file', () => {
    const config = load({
      yaml,
      env: { BBQ_STAGES_WINDOW_SECONDS: '120', BBQ_STAGES_MASK_IPV4: '20' },
      flags: { 'stages.window_seconds': '240' },
    })
    expect(config.stages).toMatchObject({ window_seconds: 240, mask_ipv4: 20, mask_ipv6: 48, failed_logins: 5 })
    expect(Object.fromEntries(Object.entries(config.origins).map(([key, origin]) => [key, local(origin)]))).toEqual({
      'stages.window_seconds': '--stages-window-seconds',
      'stages.mask_ipv4': 'BBQ_STAGES_MASK_IPV4',
      'stages.mask_ipv6': 'config.yaml:4',
    })
  })

  test('the port of the Bacalhau CLI joins its host', () => {
    const env = { BACALHAU_API_HOST: '10.0.0.1', BACALHAU_API_PORT: '4321' }
    expect(load({ env }).cluster.api).toBe('10.0.0.1:4321')
    expect(load({ env: { ...env, BBQ_CLUSTER_API: 'other:1' } }).cluster.api).toBe('other:1')
  })

  test('texts become the type of their key', () => {
    const config = load({
      env: { BBQ_PROJECT_CREATE_IF_MISSING: 'no', BBQ_CLUSTER_NODES: 'cloud_provider=aws, region=eu-west-1' },
    })
    expect(config.project.create_if_missing).toBe(false)
    expect(config.cluster.nodes).toEqual(['cloud_provider=aws', 'region=eu-west-1'])
    expect(load({ flags: { 'stages.private': 'users,addresses' } }).stages.private).toEqual(['users', 'addresses'])
  })
})

describe('what is refused', () => {
  test.each([
    [
      { yaml: 'project:\n  region: US\n  regoin: EU\n' },
      'config.yaml:3: project.regoin is no key of the config.',
      'The nearest known one is project.region.',
    ],
    [
      { yaml: 'projct:\n  id: x\n' },
      'config.yaml:1: projct is no key of the config.',
      'The nearest known one is project.',
    ],
    [
      { yaml: 'project:\n  dataset_name: logs\n' },
      'config.yaml:2: project.dataset_name is no key of the config.',
      'The nearest known one is bigquery.dataset_name.',
    ],
    [{ yaml: 'zzzzzzzz: 1\n' }, 'config.yaml:1: zzzzzzzz is no key of the config.', undefined],
    [{ yaml: 'stages:\n\n  mask_ipv4: 33\n' }, 'config.yaml:3: stages.mask_ipv4 is 33.', 'It takes at most 31.'],
    [
      { yaml: 'stages:\n  private: [addresses, names]\n' },
      'config.yaml:2: stages.private is ["addresses","names"].',
      'It takes any of addresses, users, secrets, emails.',
    ],
    [
      { yaml: 'stages: {private: []}\n' },
      'config.yaml:1: stages.private is [].',
      'It takes at least 1 of addresses, users, secrets, emails.',
    ],
    [
      { yaml: 'stages: {window_seconds: 1.5}\n' },
      'config.yaml:1: stages.window_seconds is 1.5.',
      'It takes a whole number.',
    ],
    [
      { yaml: 'cluster:\n  network: bridged\n' },
      'config.yaml:2: cluster.network is "bridged".',
      'It takes one of bridge, host.',
    ],
    [
      { yaml: 'bigquery:\n  dataset_name: my-logs\n' },
      'config.yaml:2: bigquery.dataset_name is "my-logs".',
      'It takes letters, digits and underscores only.',
    ],
    [
      { yaml: 'bigquery:\n  dataset_name: 2024\n' },
      'config.yaml:2: bigquery.dataset_name is 2024.',
      'It takes a text.',
    ],
    [
      { yaml: 'cluster:\n  nodes: cloud_provider=aws\n' },
      'config.yaml:2: cluster.nodes is "cloud_provider=aws".',
      'It takes a list of texts.',
    ],
    [
      { env: { BBQ_PROJECT_CREATE_IF_MISSING: 'perhaps' } },
      'BBQ_PROJECT_CREATE_IF_MISSING: project.create_if_missing is "perhaps".',
      'It takes true or false.',
    ],
    [{ flags: { 'demo.lines': 'many' } }, '--demo-lines: demo.lines is "many".', 'It takes a number.'],
    [
      { yaml: 'generator:\n  traffic:\n    - {hours: nine, multiplier: 1}\n' },
      'config.yaml:2: generator.traffic is [{"hours":"nine","multiplier":1}].',
      'It takes other values at 0.hours: FROM-TO, such as 9-12.',
    ],
    [
      { yaml: 'logs:\n  path: ../other/access.log\n' },
      'config.yaml:2: logs.path is "../other/access.log".',
      'It takes a path below the data folder.',
    ],
    [{ yaml: 'project:\n  id: "x\n' }, 'config.yaml:3 is no valid YAML: deficient indentation.', undefined],
    [{ yaml: 'project: US\n' }, 'config.yaml:1: project is "US", not a section.', undefined],
    [{ yaml: '- project\n' }, 'config.yaml is ["project"], not a list of sections.', undefined],
    [{ yaml: 'a: 1\n---\nb: 2\n' }, 'config.yaml holds 2 YAML documents.', 'A config is one.'],
    [
      { yaml: 'project:\n  id: acme-one\n  id: acme-two\n' },
      'config.yaml:3 is no valid YAML: duplicated mapping key.',
      undefined,
    ],
  ] as const)('%j', (sources, what, why) => {
    const error = refusal(sources)
    expect(local(error.what)).toBe(what)
    expect(error.why).toBe(why)
    expect(error.kind).toBe('usage')
    expect(error.next.length).toBeGreaterThan(0)
  })

  test('every problem is named at once', () => {
    const error = refusal({ yaml: 'project:\n  regoin: EU\nstages:\n  mask_ipv6: -1\n' })
    expect(error.next.map(local)).toEqual([
      'Write project.region instead, or remove it; config.yaml.example lists every key.',
      'Then config.yaml:4: stages.mask_ipv6 is -1. It takes at least 0.',
    ])
  })

  test('a file that a person named and that is not there', () => {
    const named = { file: join(folder, 'no.yaml'), required: true, env: {}, flags: {}, stateDir: '.bbq' }
    expect(() => loadConfig(named)).toThrow(`There is no config file ${folder}/no.yaml.`)
  })
})

test('every key says what it is for and has a flag of its own', () => {
  expect(keys.filter((key) => key.meta.help === '').map((key) => key.path)).toEqual([])
  expect(new Set(keys.map((key) => key.flag)).size).toBe(keys.length)
})

describe('how a cluster is reached', () => {
  test('by the variables of the bacalhau CLI, which the config file gives way to', () => {
    const { cluster, origins } = load({
      yaml: 'cluster: {api: "orch.example", username: somebody}',
      env: {
        BACALHAU_PROFILE: 'talk',
        BACALHAU_API_TLS_USETLS: 'true',
        BACALHAU_API_TLS_CAFILE: 'ca.pem',
        BACALHAU_API_USERNAME: 'demo',
      },
    })
    expect(cluster).toMatchObject({ api: 'orch.example', tls: true, ca_file: 'ca.pem', username: 'demo' })
    expect(origins['cluster.username']).toBe('BACALHAU_API_USERNAME')
  })

  test('an address beside a profile is pointed out: the profile is not used then', () => {
    const { notices } = load({ yaml: 'cluster: {api: "orch.example:1234", profile: talk}' })
    expect(notices.join()).toMatch(/^cluster\.api is orch\.example:1234 .*profile talk .*not used/)
  })

  test('a secret itself has no key; the nearest names a file', () => {
    const error = refusal({ yaml: 'cluster:\n  api_key: key-0123456789abcdef\n' })
    expect(`${error.message} ${error.next.join(' ')}`).toContain('api_key_file')
    expect(`${error.message} ${error.next.join(' ')}`).not.toContain('0123456789')
  })

  test('an address with a password in it is refused without showing it', () => {
    const error = refusal({ env: { BACALHAU_API_HOST: 'https://demo:pw-9@orch.example' } })
    expect(`${error.message} ${error.next.join(' ')}`).not.toContain('pw-9')
  })
})
