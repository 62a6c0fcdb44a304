import { describe, expect, test } from 'vitest'
import type { ClusterNode } from '../../../src/core/node.ts'
import type { Inspection } from '../../../src/core/preparation.ts'
import { describeReadiness } from '../../../src/engine/commands/check-prepared.ts'
import { explainReason } from '../../../src/engine/prepare/explain.ts'
import { parseKeyFile } from '../../../src/engine/prepare/key-file.ts'
import { identityOf, missing, type NodeReadiness, sharedFolders } from '../../../src/engine/prepare/readiness.ts'

const node: ClusterNode = {
  id: 'aws-1',
  provider: 'aws',
  region: 'us-east-1',
  state: 'connected',
  labels: { private_ip: '10.0.0.1' },
}

const ready: Inspection = {
  type: 'inspection',
  node: identityOf(node),
  nonce: 'n1',
  public_key: 'age1a',
  program: true,
  duckdb: true,
  credentials: 'f1',
  log: { files: 1, bytes: 10 },
  platform: 'linux-x64',
  node_version: '24.0.0',
  now: 0,
}

const messageOf = (work: () => unknown): { readonly what: string; readonly why?: string; readonly next: string } => {
  try {
    work()
  } catch (thrown) {
    const { what, why, next } = thrown as { what: string; why: string; next: readonly string[] }
    return { what, why, next: next.join(' ') }
  }
  throw new Error('nothing was thrown')
}

describe('what a node misses', () => {
  test.each([
    [{}, undefined],
    [{ node: null }, /never prepared/],
    [{ program: false }, /lacks the program/],
    [{ duckdb: false }, /lacks DuckDB/],
    [{ node: { ...identityOf(node), region: 'eu-west-1' } }, /labels changed/],
    [{ credentials: null }, /lacks the uploader's key/],
    [{ credentials: 'f2' }, /another one/],
  ])('%j', (change, reason) => {
    const found = missing(node, { ...ready, ...change }, 'f1')
    if (reason === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(reason)
  })

  test('is no key where none is needed', () => {
    expect(missing(node, { ...ready, credentials: null }, undefined)).toBeUndefined()
  })
})

describe('nodes that share a folder', () => {
  const keys = (all: Readonly<Record<string, readonly [string | null, string | null]>>) =>
    new Map(Object.entries(all).map(([id, [public_key, nonce]]) => [id, { public_key, nonce }]))

  test('are known by one key pair or one nonce, never by the lack of them', () => {
    const found = sharedFolders(
      keys({ a: ['k1', 'n1'], b: ['k1', 'n2'], c: ['k3', 'n3'], d: [null, null], e: [null, null], f: ['k6', 'n3'] }),
    )
    expect([...found]).toEqual([
      ['a', ['b']],
      ['b', ['a']],
      ['c', ['f']],
      ['f', ['c']],
    ])
  })
})

describe('the check of preparation', () => {
  const of = (id: string, state: NodeReadiness['state'], reason?: string, clockOffsetMs = 0): NodeReadiness => ({
    id,
    state,
    clockOffsetMs,
    ...(reason === undefined ? {} : { reason }),
  })

  test('says how many are ready, which are not, and whose clock is off', () => {
    expect(describeReadiness([of('a', 'ready'), of('b', 'ready')])).toBe('2 of 2')
    const some = describeReadiness([
      of('a', 'ready'),
      of('b', 'unprepared', 'it was never prepared'),
      of('c', 'ready', undefined, -90_000),
    ])
    expect(some).toContain('2 of 3')
    expect(some).toContain('b: it was never prepared')
    expect(some).toContain('the clock of c is 90 s behind')
  })

  test('leaves out nodes that are not connected', () => {
    expect(describeReadiness([of('a', 'ready'), of('b', 'unknown', 'it is not connected')])).toBe('1 of 1')
  })

  test('offers to prepare nodes of which none is ready, with one reason for many', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((id) => of(id, 'unprepared', 'it was never prepared'))
    expect(messageOf(() => describeReadiness(all))).toEqual({
      what: 'None of 5 nodes is prepared.',
      why: 'a, b, c and 2 more: it was never prepared.',
      next: expect.stringMatching(/^P prepares them.*bbq nodes prepare$/),
    })
  })

  test('tells nodes that cannot run a job with what to do about it', () => {
    const { what, next } = messageOf(() => describeReadiness([of('a', 'unknown', 'volume /x is not allowlisted')]))
    expect(what).toBe('None of 1 nodes could run a job.')
    expect(next).toContain('AllowListedLocalPaths')
  })

  test('refuses nodes that share a folder, by name, though others are ready', () => {
    const { what } = messageOf(() =>
      describeReadiness([of('a', 'shared', 'its /d is also that of b'), of('b', 'shared', 'x'), of('c', 'ready')]),
    )
    expect(what).toBe('a and b share a data folder.')
  })
})

describe('the key file', () => {
  test.each([
    ['no JSON', 'It is no JSON.'],
    ['{}', 'It has no fitting client_email, private_key.'],
    [
      '{"type":"service_account","client_email":"a@b","private_key":"SECRET-TEXT"}',
      'Its private_key is no whole PEM key.',
    ],
  ])('that is %s is refused without a word of its content', (text, why) => {
    const message = messageOf(() => parseKeyFile('key.json', text))
    expect(message.why).toBe(why)
    expect(JSON.stringify(message)).not.toContain('SECRET-TEXT')
  })
})

test('every reason that a preparation gives has a next step', () => {
  for (const change of [
    { node: null },
    { program: false },
    { duckdb: false },
    { credentials: null },
    { credentials: 'x' },
  ])
    expect(explainReason(missing(node, { ...ready, ...change }, 'f1') ?? '')).toBeDefined()
})
