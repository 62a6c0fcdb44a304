import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { proofFolderFor } from '../../src/cli/proof-folder.ts'
import type { Cluster, JobRequest } from '../../src/cluster/cluster.ts'
import { parseSpec } from '../../src/cluster/spec.ts'
import { type Config, resolveConfig } from '../../src/config/config.ts'
import { configSchema } from '../../src/config/schema.ts'
import { AppError } from '../../src/core/errors.ts'
import type { Execution } from '../../src/core/job.ts'
import type { ClusterNode } from '../../src/core/node.ts'
import { describeProof, proveFolder } from '../../src/engine/prepare/prove-folder.ts'
import { programs } from '../../src/programs.ts'

/** What a node finds at warehouse.node_path: a folder of this machine, or why it cannot be mounted. */
type Mounts = Readonly<Record<string, { readonly folder: string } | { readonly refused: string }>>

/** A cluster whose nodes run the task of the spec in a shell of this machine, each with its own folder mounted. */
const clusterOf = (mounts: Mounts): Cluster & { readonly specs: string[] } => {
  const specs: string[] = []
  const printed = new Map<string, readonly string[]>()
  const run = (request: JobRequest, nodeId: string): Execution => {
    const id = `e-${nodeId}`
    const mount = mounts[nodeId] ?? { refused: 'no such node' }
    if ('refused' in mount) return { id, nodeId, state: 'failed', message: mount.refused, nodeLost: false }
    const params = parseSpec(request.name, request.spec).Tasks[0]?.Engine.Params
    const [shell = '', ...args] = [...(params?.Entrypoint ?? []), ...(params?.Parameters ?? [])]
    const ran = spawnSync(
      shell,
      args.map((arg) => arg.replace(/^\/warehouse/, mount.folder)),
      { env: { PATH: process.env['PATH'], BACALHAU_EXECUTION_ID: id }, encoding: 'utf8' },
    )
    printed.set(id, ran.stdout.trim().split('\n'))
    return { id, nodeId, state: 'completed', exitCode: ran.status ?? -1, message: ran.stderr, nodeLost: false }
  }
  let last: JobRequest | undefined
  return {
    specs,
    about: { kind: 'bacalhau', label: 'here' },
    nodes: async () => [],
    submit: async (request) => {
      last = request
      specs.push(request.spec)
      return { jobId: 'j', nodes: request.nodes, command: '', submittedAt: 0 }
    },
    async *watch() {
      const request = last ?? expect.fail('nothing was sent')
      yield { jobId: 'j', state: 'completed', executions: request.nodes.map((id) => run(request, id)) }
    },
    logs: async ({ executionId }) => printed.get(executionId) ?? [],
    keep: async () => ({ command: '' }),
    stop: async () => undefined,
    close: async () => undefined,
  }
}

const node = (id: string): ClusterNode => ({ id, provider: 'aws', region: 'us-east-1', state: 'connected', labels: {} })

const folderOf = (name: string): string => mkdtempSync(join(tmpdir(), `bbq-proof-${name}-`))

const prove = async (mounts: Mounts, here: string) => {
  const config: Config = resolveConfig(
    configSchema.parse({ cluster: { api: 'orch' }, warehouse: { path: here, node_path: '/shared' } }),
    { stateDir: '.bbq', origins: {} },
  )
  const cluster = clusterOf(mounts)
  const files = {
    template: async (name: string) => readFileSync(join(programs.jobs, `${name}.yaml`), 'utf8'),
    inspector: async () => '',
    program: async () => new Uint8Array(),
    keyFile: async () => undefined,
  }
  const parts = { cluster, config, files, newId: () => 'id7', folder: proofFolderFor({ opening: false }) }
  const proofs = await proveFolder(parts, Object.keys(mounts).map(node), { signal: new AbortController().signal })
  return { proofs, specs: cluster.specs, say: () => describeProof(config, proofs) }
}

const refusal = (say: () => string): AppError => {
  try {
    return expect.fail(say())
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown
    throw thrown
  }
}

describe('the folder of a warehouse', () => {
  test('that is one is proved by every node, and left as it was', async () => {
    const here = folderOf('here')
    const dataset = join(here, 'log_analytics')
    mkdirSync(dataset)
    const { proofs, specs, say } = await prove({ 'aws-1': { folder: dataset }, 'gcp-1': { folder: dataset } }, here)
    expect(proofs.map(({ id, state }) => [id, state])).toEqual([
      ['aws-1', 'same'],
      ['gcp-1', 'same'],
    ])
    expect(say()).toBe('2 of 2')
    expect(readdirSync(dataset)).toEqual([])
    expect(specs[0]).toContain('/shared/log_analytics')
  })

  test('that is made for the proof is gone again', async () => {
    const here = join(folderOf('here'), 'made')
    const { say } = await prove({ 'aws-1': { folder: join(here, 'log_analytics') } }, here)
    expect(say()).toBe('1 of 1')
    expect(readdirSync(join(here, '..'))).not.toContain(basename(here))
  })

  test('of a node that is another one is told by name, and stays as it was', async () => {
    const here = folderOf('here')
    const other = folderOf('other')
    const { say } = await prove({ 'aws-1': { folder: join(here, 'log_analytics') }, 'gcp-1': { folder: other } }, here)
    const error = refusal(say)
    expect(error.what).toBe("The warehouse's folder is not shared with gcp-1.")
    expect(error.next.join(' ')).toContain('warehouse.node_path')
    expect(readdirSync(other)).toEqual([])
  })

  test('that is not there on a node is another one, too', async () => {
    const refused = 'volume /shared/log_analytics does not exist and creation is not allowed'
    const { say } = await prove({ 'aws-1': { refused } }, folderOf('here'))
    expect(refusal(say).what).toContain('not shared with aws-1')
  })

  test('that one of the nodes may not mount is told with the reason', async () => {
    const here = folderOf('here')
    const refused = 'volume /shared/log_analytics is not allowlisted'
    const mounts = { 'aws-1': { folder: join(here, 'log_analytics') }, 'gcp-1': { refused } }
    expect((await prove(mounts, here)).say()).toBe(`1 of 2; not gcp-1: ${refused}`)
    const error = refusal((await prove({ 'gcp-1': { refused } }, here)).say)
    expect(error.next[0]).toContain('AllowListedLocalPaths')
  })
})
