import type { CallOptions } from '../../cluster/cluster.ts'
import { lastJsonLineIn } from '../../core/json.ts'
import type { ClusterNode } from '../../core/node.ts'
import { type Introductions, type Prepared, preparedSchema } from '../../core/preparation.ts'
import type { NodeAnswer } from '../jobs/ask-nodes.ts'
import { askPatiently } from '../jobs/ask-patiently.ts'
import { dataTarget } from '../jobs/template.ts'
import { duckdbLibrary } from './duckdb-library.ts'
import { type KeyFile, sealFor } from './key-file.ts'
import type { PrepareParts } from './parts.ts'
import { download, inlineFile, prepareJob } from './prepare-job.ts'
import { identityOf } from './readiness.ts'

/** What a step came to on one node. */
export type StepAnswer =
  | Prepared
  | { readonly type: 'failed'; readonly what: string; readonly why?: string | undefined }

type StepAnswers = ReadonlyMap<string, StepAnswer>

/** Executions repeat their job's spec, so a job that carries much goes to this many nodes at a time. */
const batch = 25

interface Step {
  readonly name: 'install' | 'prepare'
  readonly parameters: readonly string[]
  readonly sources?: readonly unknown[]
}

const inBatches = async <T>(all: readonly T[], work: (some: readonly T[]) => Promise<StepAnswers>) => {
  const answers = new Map<string, StepAnswer>()
  for (let i = 0; i < all.length; i += batch)
    for (const [id, answer] of await work(all.slice(i, i + batch))) answers.set(id, answer)
  return answers
}

const runStep = async (
  parts: PrepareParts,
  nodes: readonly string[],
  step: Step,
  options: CallOptions,
): Promise<StepAnswers> => {
  const answers = new Map<string, StepAnswer>()
  const request = (ids: readonly string[]) => prepareJob(parts, { ...step, nodes: ids })
  const onAnswer = ({ nodeId, lines, reason = 'its answer was not understood' }: NodeAnswer): void => {
    answers.set(nodeId, lastJsonLineIn(lines, preparedSchema) ?? { type: 'failed', what: reason })
  }
  await askPatiently({ ...parts, nodes, request, onAnswer }, options)
  return answers
}

const common = ['--data', dataTarget]

const byProgram = async (
  parts: PrepareParts,
  nodes: readonly string[],
  parameters: readonly string[],
  options: CallOptions,
): Promise<StepAnswers> => {
  const program = inlineFile('/bbq/run.mjs.br', 'application/octet-stream', await parts.files.program())
  const step = { name: 'install', parameters: ['/tmp/run.mjs', 'prepare', ...parameters], sources: [program] } as const
  return inBatches(nodes, (some) => runStep(parts, some, step, options))
}

/** Puts the program and a key pair on nodes. */
export const install = (
  parts: PrepareParts,
  nodes: readonly string[],
  rotate: boolean,
  options: CallOptions,
): Promise<StepAnswers> =>
  byProgram(
    parts,
    nodes,
    [
      ...['install', ...common, '--runtime', parts.runtime, '--program', '/tmp/run.mjs'],
      ...['--version', duckdbLibrary.version],
      ...(rotate ? ['--rotate'] : []),
    ],
    options,
  )

/** Takes off nodes all that preparation put there, or only their names. */
export const remove = (
  parts: PrepareParts,
  nodes: readonly string[],
  what: 'remove' | 'forget',
  options: CallOptions,
): Promise<StepAnswers> => byProgram(parts, nodes, [what, ...common], options)

const integrityOf = (platform: string): string | undefined =>
  Object.entries(duckdbLibrary.integrity).find(([name]) => name === platform)?.[1]

/** Gives nodes of one platform DuckDB's library. */
export const installLibrary = async (
  parts: PrepareParts,
  nodes: readonly string[],
  platform: string,
  options: CallOptions,
): Promise<StepAnswers> => {
  const integrity = integrityOf(platform)
  if (integrity === undefined) {
    const what = `DuckDB has no library for ${platform}: cluster.image must be Linux on x64 or arm64`
    return new Map(nodes.map((id) => [id, { type: 'failed', what }]))
  }
  const name = `node-bindings-${platform}`
  const registry = parts.config.cluster.npm_registry.replace(/(?<!\/)\/+$/, '')
  const url = `${registry}/@duckdb/${name}/-/${name}-${duckdbLibrary.version}.tgz`
  const parameters = [
    ...['library', ...common, '--runtime', parts.runtime, '--archive', '/library'],
    ...['--version', duckdbLibrary.version, '--platform', platform, '--integrity', integrity],
  ]
  const step = { name: 'prepare', parameters, sources: [download('/library', url)] } as const
  return inBatches(nodes, (some) => runStep(parts, some, step, options))
}

export interface Introduced {
  readonly node: ClusterNode
  readonly publicKey: string
  readonly nonce: string
}

/** Tells nodes who they are, and gives them the uploader's key: one job, in which each finds what is sealed for it. */
export const introduce = (
  parts: PrepareParts,
  all: readonly Introduced[],
  key: KeyFile | undefined,
  options: CallOptions,
): Promise<StepAnswers> =>
  inBatches(all, async (some) => {
    const introductions: Record<string, Introductions[string]> = {}
    for (const { node, publicKey, nonce } of some)
      introductions[publicKey] = {
        node: identityOf(node),
        nonce,
        ...(key === undefined ? {} : { sealed: await sealFor(key, publicKey), fingerprint: key.fingerprint }),
      }
    const file = inlineFile('/bbq/introductions.json', 'application/json', Buffer.from(JSON.stringify(introductions)))
    const parameters = ['introduce', ...common, '--introductions', '/bbq/introductions.json']
    const ids = some.map(({ node }) => node.id)
    return runStep(parts, ids, { name: 'prepare', parameters, sources: [file] }, options)
  })
