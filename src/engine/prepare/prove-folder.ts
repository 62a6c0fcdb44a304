import { posix } from 'node:path'
import type { CallOptions, JobRequest } from '../../cluster/cluster.ts'
import type { Config } from '../../config/config.ts'
import { AppError } from '../../core/errors.ts'
import type { ClusterNode } from '../../core/node.ts'
import { askNodes, type NodeAnswer } from '../jobs/ask-nodes.ts'
import { directory, renderTemplate } from '../jobs/template.ts'
import { explainReason } from './explain.ts'
import type { PrepareParts } from './parts.ts'

/** A folder of that name in the warehouse's, as this machine sees it. */
interface ProofFolder {
  /** Makes it, with this word in its file `word`. */
  put(word: string): Promise<void>
  /** Text of a file that a node made there, or undefined when it does not come. */
  read(file: string): Promise<string | undefined>
  remove(): Promise<void>
}

export type OpenProofFolder = (config: Config, name: string) => ProofFolder

/** Whether a node's folder is this machine's; unknown: it could not be asked. */
export interface FolderProof {
  readonly id: string
  readonly state: 'same' | 'another' | 'unknown'
  readonly reason?: string
}

const target = '/warehouse'

/** Where the nodes see the dataset of a DuckDB warehouse. */
const nodeFolder = ({ warehouse, bigquery }: Config): string =>
  posix.join(warehouse.node_path ?? warehouse.path, bigquery.dataset_name)

type Parts = Pick<PrepareParts, 'cluster' | 'config' | 'files' | 'newId'> & { readonly folder: OpenProofFolder }

/** Asks every connected node whether its folder of the warehouse is the one here, by a word put here and copied there. */
export const proveFolder = async (
  parts: Parts,
  nodes: readonly ClusterNode[],
  options: CallOptions,
): Promise<readonly FolderProof[]> => {
  const { cluster, config, files, newId } = parts
  const word = newId()
  const name = `.bbq-proof-${word}`
  const folder = parts.folder(config, name)
  const job = `bbq-prove-folder-${word}`
  const here = nodes.filter(({ state }) => state === 'connected').map(({ id }) => id)
  const request: JobRequest = {
    name: job,
    nodes: here,
    spec: renderTemplate(await files.template('prove-folder'), {
      name: job,
      image: config.cluster.image,
      parameters: [posix.join(target, name)],
      constraints: [{ Key: 'name', Operator: 'in', Values: here }],
      input_sources: [directory(nodeFolder(config), target, 'write')],
    }),
  }
  await folder.put(word)
  try {
    return await Promise.all((await askNodes({ cluster, request }, options)).map((one) => proofOf(one, folder, word)))
  } finally {
    await folder.remove().catch(() => undefined)
  }
}

const proofOf = async (answer: NodeAnswer, folder: ProofFolder, word: string): Promise<FolderProof> => {
  const { nodeId: id, state, reason = 'its answer was not understood', lines } = answer
  // made here a moment ago, and not there
  if (
    lines.includes('another') ||
    /bind source path does not exist|does not exist and creation is not allowed/.test(reason)
  )
    return { id, state: 'another' }
  if (state !== 'answered') return { id, state: 'unknown', reason }
  const file = lines.flatMap((line) => /^copied ([\w-]+)$/.exec(line)?.[1] ?? [])[0]
  if (file === undefined) return { id, state: 'unknown', reason }
  const copy = (await folder.read(file))?.trim()
  return copy === word
    ? { id, state: 'same' }
    : { id, state: 'unknown', reason: 'it copied the word, and the copy is not seen here' }
}

const listed = (proofs: readonly FolderProof[]): string => proofs.map(({ id }) => id).join(', ')

/** What was proved, in words; an AppError when a node has another folder, or none could prove that it has this one. */
export const describeProof = (config: Config, proofs: readonly FolderProof[]): string => {
  const there = nodeFolder(config)
  const another = proofs.filter(({ state }) => state === 'another')
  const unknown = proofs.filter(({ state }) => state === 'unknown')
  const next = [
    'Mount one shared folder on this machine and on every node, at any place.',
    'Then set warehouse.path to it as this machine sees it, warehouse.node_path as the nodes see it.',
  ]
  if (another.length > 0)
    throw new AppError({
      what: `The warehouse's folder is not shared with ${listed(another)}.`,
      why: `${there} there is not ${posix.join(config.warehouse.path, config.bigquery.dataset_name)} here: rows would stay on the nodes.`,
      next,
      kind: 'refused',
    })
  if (unknown.length === proofs.length)
    throw new AppError({
      what: `No node could use the warehouse's folder ${there}.`,
      why: `${unknown[0]?.id}: ${unknown[0]?.reason}.`,
      next: [...new Set(unknown.flatMap(({ reason = '' }) => explainReason(reason) ?? [])), ...next],
      kind: 'refused',
    })
  const rest = unknown.map(({ id, reason }) => `${id}: ${reason}`).join('; ')
  return `${proofs.length - unknown.length} of ${proofs.length}${rest === '' ? '' : `; not ${rest}`}`
}
