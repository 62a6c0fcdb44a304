import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findStage, stages } from '../../processors/stages/index.ts'
import type { Config } from '../config/config.ts'
import { guessOfMost } from '../core/guess.ts'
import { noMatch, type Refusal } from '../core/refusals.ts'
import { parseRuns } from '../engine/runs-file.ts'
import {
  deadFilesIn,
  deadFolderOf,
  keptStages,
  type NodePlace,
  namesIn,
  ownNodes,
  readLetters,
  sandboxFolder,
} from './dead-files.ts'
import { readRuns } from './engine-files.ts'
import { shownBytes, shownLine } from './refusals-text.ts'

/** A refused line as it is shown. */
interface ShownLetter {
  readonly file: string | null
  readonly line: number | null
  readonly offset: number
  readonly reason: string
  readonly text: string
}

/** The refused lines that a node keeps of a stage. */
export interface KeptLines extends NodePlace {
  readonly stage: string
  readonly folder: string
  /** False where they are on a node of a cluster: then the counts are those of the last run. */
  readonly here: boolean
  readonly reasons: readonly (Refusal & { readonly text?: string })[]
  readonly lines: readonly ShownLetter[]
}

export interface Wanted {
  readonly node?: string | undefined
  readonly stage?: string | undefined
  /** Lines that are shown of each node and stage. */
  readonly show: number
}

/** Stages that refuse lines; raw makes a row of every one. */
export const refusingStages: readonly string[] = stages
  .filter(({ outputs }) => outputs.every(({ relation }) => relation !== 'lines'))
  .map(({ id }) => id)

/** Generation of the rows that are in the tables, as far as this machine knows it. */
const currentEpoch = async (config: Config, stateDir: string): Promise<string | undefined> => {
  if (config.warehouse.kind === 'bigquery') return parseRuns(await readRuns(stateDir, 'nodes'))?.epoch
  try {
    return readFileSync(join(config.warehouse.path, config.bigquery.dataset_name, 'epoch'), 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Of a line's first look no more of the letters is guessed at. */
const guessedAt = 50

const readKept = (paths: readonly string[], show: number): Pick<KeptLines, 'reasons' | 'lines'> => {
  const reasons = new Map<string, Refusal & { readonly text: string; readonly texts: string[] }>()
  const lines: ShownLetter[] = []
  for (const path of paths) {
    let file: string | undefined
    for (const { head, bytes } of readLetters(path, shownBytes)) {
      file ??= head.file
      const known = reasons.get(head.reason)
      const texts = known?.texts ?? []
      if (head.reason === noMatch && texts.length < guessedAt) texts.push(new TextDecoder().decode(bytes))
      reasons.set(head.reason, {
        ...(known ?? { reason: head.reason, line: head.line ?? null, file, text: shownLine(bytes) }),
        texts,
        count: (known?.count ?? 0) + 1,
      })
      if (lines.length < show)
        lines.push({
          file: file ?? null,
          line: head.line ?? null,
          offset: head.offset,
          reason: head.reason,
          text: shownLine(bytes, Number.POSITIVE_INFINITY),
        })
    }
  }
  const counted = [...reasons.values()].map(({ texts, ...one }) => ({ ...one, guess: guessOfMost(texts)?.id }))
  return { reasons: counted.sort((a, b) => b.count - a.count), lines }
}

const keptHere = (
  config: Config,
  stateDir: string,
  epoch: string | undefined,
  wanted: Wanted,
): readonly KeptLines[] => {
  const simulated = config.cluster.kind === 'sandbox' ? namesIn(join(stateDir, 'nodes')) : []
  const nodes = [...ownNodes(stateDir), ...simulated.map((node) => ({ node, own: false }))]
  return nodes
    .filter(({ node }) => wanted.node === undefined || node === wanted.node)
    .flatMap((place) =>
      keptStages(sandboxFolder(stateDir, place))
        .filter((kept) => epoch === undefined || kept.epoch === epoch)
        .flatMap(({ stage, folder }): readonly KeptLines[] => {
          const kept = readKept(deadFilesIn(folder), wanted.show)
          return kept.reasons.length === 0 ? [] : [{ ...place, stage, folder, here: true, ...kept }]
        }),
    )
}

/** What the last reports of a cluster's nodes said; the lines themselves never leave them. */
const keptThere = async (config: Config, stateDir: string, wanted: Wanted): Promise<readonly KeptLines[]> => {
  if (config.cluster.kind === 'sandbox') return []
  const runs = parseRuns(await readRuns(stateDir, 'nodes'))?.runs ?? []
  return runs.flatMap(({ stageId, nodes }) =>
    nodes.flatMap(({ id, report }): readonly KeptLines[] => {
      const { rejected = [], dead } = report ?? {}
      if (dead === undefined || rejected.length === 0 || (wanted.node !== undefined && wanted.node !== id)) return []
      const folder = deadFolderOf(config, stateDir, { node: id, own: false, dead })
      return [{ node: id, own: false, stage: stageId, folder, here: false, reasons: rejected, lines: [] }]
    }),
  )
}

/** The refused lines that are kept, node by node, in the order of the stages. */
export const findKept = async (config: Config, stateDir: string, wanted: Wanted): Promise<readonly KeptLines[]> => {
  const epoch = await currentEpoch(config, stateDir)
  const all = [...keptHere(config, stateDir, epoch, wanted), ...(await keptThere(config, stateDir, wanted))]
  const order = (id: string): number => stages.findIndex((stage) => stage.id === id)
  return all
    .filter(({ stage }) => findStage(stage) !== undefined && refusingStages.includes(stage))
    .filter(({ stage }) => wanted.stage === undefined || stage === wanted.stage)
    .sort((a, b) => order(a.stage) - order(b.stage))
}
