import type { CallOptions } from '../../cluster/cluster.ts'
import { isGoogle } from '../../core/bigquery/endpoint.ts'
import { AppError } from '../../core/errors.ts'
import type { ClusterNode } from '../../core/node.ts'
import { dataFolder } from '../jobs/template.ts'
import { inspectNodes } from './inspect-nodes.ts'
import { type KeyFile, parseKeyFile } from './key-file.ts'
import type { PrepareParts } from './parts.ts'
import { type NodeReadiness, sharedFolders, sharedReason } from './readiness.ts'
import { type Introduced, install, installLibrary, introduce, remove, type StepAnswer } from './steps.ts'

/** What preparing came to on one node. */
export interface Preparation {
  readonly id: string
  readonly state: 'prepared' | 'was ready' | 'removed' | 'refused' | 'failed'
  /** Why it was refused or failed. */
  readonly reason?: string
}

export interface PrepareOptions {
  /** New key pairs, and the key file sealed anew. */
  readonly rotate?: boolean
  /** What is being done, in words. */
  readonly onStep?: (text: string) => void
}

/** The uploader's key file, where there is one; nodes need it only for BigQuery. */
export const keyFileOf = async ({
  config,
  files,
}: Pick<PrepareParts, 'config' | 'files'>): Promise<KeyFile | undefined> => {
  const path = config.cluster.uploader_credentials
  const text = await files.keyFile()
  if (text !== undefined) return parseKeyFile(path, text)
  const { kind, api_endpoint: api } = config.warehouse
  // a server of somebody's own may want none
  if (kind !== 'bigquery' || (api !== undefined && !isGoogle(api))) return undefined
  throw new AppError({
    what: `The uploader's key file ${path} is not there.`,
    why: 'Nodes load rows into BigQuery with it.',
    next: ['Make one: gcloud iam service-accounts keys create', 'Or name it with cluster.uploader_credentials.'],
    kind: 'usage',
  })
}

const count = (n: number): string => (n === 1 ? '1 node' : `${n} nodes`)

/** Gives every node what it misses; nodes that are ready are left alone. One outcome a node, in the order given. */
export const prepareNodes = async (
  parts: PrepareParts,
  nodes: readonly ClusterNode[],
  { rotate = false, onStep }: PrepareOptions,
  options: CallOptions,
): Promise<readonly Preparation[]> => {
  const outcomes = new Map<string, Preparation>()
  const end = (id: string, state: Preparation['state'], reason?: string): void => {
    // a folder that proves to be shared explains what failed on it before
    if (outcomes.has(id) && state !== 'refused') return
    outcomes.set(id, { id, state, ...(reason === undefined ? {} : { reason }) })
  }
  const left = <T extends { readonly id: string }>(all: readonly T[]): readonly T[] =>
    all.filter(({ id }) => !outcomes.has(id))
  const endFailed = (answers: ReadonlyMap<string, StepAnswer>): void => {
    for (const [id, answer] of answers) if (answer.type === 'failed') end(id, 'failed', reasonOf(answer))
  }
  const folder = dataFolder(parts.config)
  const endShared = (keys: ReadonlyMap<string, string>): void => {
    const found = new Map([...keys].map(([id, public_key]) => [id, { public_key, nonce: null }]))
    for (const [id, others] of sharedFolders(found)) end(id, 'refused', sharedReason(folder, others))
  }

  const key = await keyFileOf(parts)
  onStep?.(`looking at ${count(nodes.length)}`)
  const before = await inspectNodes(parts, nodes, key?.fingerprint, options)
  for (const { id, state, reason } of before) {
    if (state === 'unknown') end(id, 'failed', reason)
    // a copied disk gets a key pair of its own; one folder is noticed when what was written is read back
    if (state === 'shared' && !rotate) end(id, 'refused', reason)
  }

  const ready = rotate ? [] : before.filter(({ state }) => state === 'ready')
  const fresh = left(before).filter((one) => !ready.includes(one))
  if (fresh.length > 0) {
    onStep?.(`program and key pair to ${count(fresh.length)}`)
    const installed = await install(
      parts,
      fresh.map(({ id }) => id),
      rotate,
      options,
    )
    endFailed(installed)
    const keys = publicKeys(before, installed, rotate)
    endShared(keys)

    for (const [platform, ids] of lackLibrary(left(fresh), installed)) {
      onStep?.(`DuckDB for ${platform} to ${count(ids.length)}`)
      endFailed(await installLibrary(parts, ids, platform, options))
    }

    const introduced = nodesOf(left(fresh), nodes).flatMap((node): Introduced | readonly [] => {
      const publicKey = keys.get(node.id)
      return publicKey === undefined ? [] : { node, publicKey, nonce: crypto.randomUUID() }
    })
    if (introduced.length > 0) {
      onStep?.(`${key === undefined ? 'name' : `name and key of ${key.email}`} to ${count(introduced.length)}`)
      endFailed(await introduce(parts, introduced, key, options))
      onStep?.('reading back what was written')
      await readBack(parts, introduced, key, end, options)
    }
  }
  for (const { id } of ready) end(id, 'was ready')
  return nodes.flatMap(({ id }) => outcomes.get(id) ?? [])
}

const nodesOf = (some: readonly NodeReadiness[], nodes: readonly ClusterNode[]): readonly ClusterNode[] =>
  nodes.filter(({ id }) => some.some((one) => one.id === id))

const reasonOf = ({ what, why }: { readonly what: string; readonly why?: string | undefined }): string =>
  why === undefined ? what : `${what} ${why}`

const publicKeys = (
  before: readonly NodeReadiness[],
  installed: ReadonlyMap<string, StepAnswer>,
  rotate: boolean,
): ReadonlyMap<string, string> => {
  const known = rotate ? [] : before
  const keys = new Map(known.flatMap(({ id, found }) => (found?.public_key ? [[id, found.public_key] as const] : [])))
  for (const [id, answer] of installed) if (answer.type === 'installed') keys.set(id, answer.public_key)
  return keys
}

/** Ids by the platform for which they lack the library. */
const lackLibrary = (
  fresh: readonly NodeReadiness[],
  installed: ReadonlyMap<string, StepAnswer>,
): ReadonlyMap<string, readonly string[]> => {
  const lacking = fresh.filter(({ id }) => {
    const answer = installed.get(id)
    return answer?.type === 'installed' && !answer.duckdb
  })
  const groups = Map.groupBy(lacking, ({ found }) => found?.platform ?? 'linux-x64')
  return new Map([...groups].map(([platform, all]) => [platform, all.map(({ id }) => id)]))
}

type End = (id: string, state: Preparation['state'], reason?: string) => void

/** Nodes whose folder tells another nonce than they were sent read somebody else's folder; their names are taken back. */
const readBack = async (
  parts: PrepareParts,
  introduced: readonly Introduced[],
  key: KeyFile | undefined,
  end: End,
  options: CallOptions,
): Promise<void> => {
  const nodes = introduced.map(({ node }) => node)
  const sent = new Map(introduced.map(({ node, nonce }) => [node.id, nonce]))
  const wrong: string[] = []
  for (const { id, state, reason, found } of await inspectNodes(parts, nodes, key?.fingerprint, options)) {
    const nonce = sent.get(id)
    const owner = introduced.find((one) => one.nonce === found?.nonce)?.node.id
    const somebodyElses = owner === undefined && found?.nonce !== nonce
    // two may prepare at once: whoever was last has written all of it
    if (state === 'ready' && (found?.nonce === nonce || somebodyElses)) end(id, 'prepared')
    else if (state === 'shared' || (owner !== undefined && owner !== id)) {
      wrong.push(id)
      end(id, 'refused', reason ?? sharedReason(dataFolder(parts.config), owner === undefined ? [] : [owner]))
    } else end(id, 'failed', reason ?? 'what was written was not found there afterwards')
  }
  if (wrong.length > 0) await remove(parts, wrong, 'forget', options)
}

/** Takes away all that preparation put on nodes; logs and checkpoints stay. */
export const unprepareNodes = async (
  parts: PrepareParts,
  nodes: readonly ClusterNode[],
  options: CallOptions,
): Promise<readonly Preparation[]> => {
  const here = nodes.filter(({ state }) => state === 'connected')
  const ids = here.map(({ id }) => id)
  const answers = ids.length === 0 ? new Map<string, StepAnswer>() : await remove(parts, ids, 'remove', options)
  return nodes.map(({ id }): Preparation => {
    const answer = answers.get(id)
    if (answer === undefined) return { id, state: 'failed', reason: 'it is not connected' }
    return answer.type === 'failed' ? { id, state: 'failed', reason: reasonOf(answer) } : { id, state: 'removed' }
  })
}
