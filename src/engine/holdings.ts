import { z } from 'zod'
import type { OwnNode } from '../core/own-files.ts'

const generationSchema = z.object({
  /** Where its rows come from; once one of them is somebody's own, they all count as that. */
  rows: z.enum(['demo', 'own']),
  /** Milliseconds since the epoch of the last run. */
  at: z.number(),
  /** Somebody's own log files that its runs read: paths and patterns. */
  nodes: z.array(z.object({ name: z.string(), files: z.array(z.string()) })).exactOptional(),
})

const fileSchema = z.object({ version: z.literal(1), generations: z.record(z.string(), generationSchema) })

/** What is noted of one generation of the tables. */
export interface Generation {
  readonly rows: 'demo' | 'own'
  readonly at: number
  readonly nodes?: readonly OwnNode[]
}

/** Generations by their epoch. */
export type Generations = Readonly<Record<string, Generation>>

/** Generations that are remembered, the newest ones. */
const keptGenerations = 20

/** What the note beside the state says; nothing when it is missing, cut off or of another version. */
export const parseGenerations = (text: string | undefined): Generations => {
  try {
    return fileSchema.parse(JSON.parse(text ?? '')).generations
  } catch {
    return {}
  }
}

export const renderGenerations = (generations: Generations): string =>
  `${JSON.stringify({ version: 1, generations }, null, 1)}\n`

/** The nodes of all runs, each with the files of all runs. */
const allNodes = (before: readonly OwnNode[] = [], now: readonly OwnNode[] = []): readonly OwnNode[] => {
  const files = new Map<string, readonly string[]>()
  for (const node of [...before, ...now])
    files.set(node.name, [...new Set([...(files.get(node.name) ?? []), ...node.files])])
  return [...files].map(([name, all]) => ({ name, files: all }))
}

/** The notes after a run has begun. Rows that were there before anything was noted may be somebody's own. */
export const noteRun = (
  known: Generations,
  { epoch, run, hasRows }: { readonly epoch: string; readonly run: Generation; readonly hasRows: boolean },
): Generations => {
  const before = known[epoch]
  const mayBeOwn = before === undefined ? hasRows : before.rows === 'own'
  const nodes = allNodes(before?.nodes, run.nodes)
  const noted: Generation = {
    rows: mayBeOwn ? 'own' : run.rows,
    at: run.at,
    ...(nodes.length === 0 ? {} : { nodes }),
  }
  const all = { ...known, [epoch]: noted }
  const newest = Object.entries(all).toSorted(([, a], [, b]) => b.at - a.at)
  return Object.fromEntries(newest.slice(0, keptGenerations))
}

/** The tables of the warehouse on this machine, as far as files tell. */
export interface FoundRows {
  /** Generations that have rows. */
  readonly epochs: readonly string[]
  /** Tables that have rows. */
  readonly tables: number
  /** Milliseconds since the epoch of the last arrival. */
  readonly at?: number
  /** Folder of nodes that bbq did not fill. */
  readonly strangeNodes?: string
}

/** What a state folder holds; `own` is whatever may be somebody's own. */
export type Holding =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'demo' }
  | {
      readonly kind: 'own'
      /** Whether bbq noted whose rows they are when it sent them. */
      readonly noted: boolean
      readonly tables: number
      readonly at?: number
      readonly nodes?: readonly OwnNode[]
      readonly strangeNodes?: string
    }

/** Only what is noted as a demo's, all of it, is a demo's. */
export const holdingOf = (generations: Generations, found: FoundRows): Holding => {
  const { epochs, tables, at, strangeNodes } = found
  const noted = epochs.flatMap((epoch) => generations[epoch] ?? [])
  const isDemo = noted.length === epochs.length && noted.every(({ rows }) => rows === 'demo')
  if (isDemo && strangeNodes === undefined) return { kind: epochs.length === 0 ? 'nothing' : 'demo' }
  const own = noted.filter(({ rows }) => rows === 'own').toSorted((a, b) => b.at - a.at)[0]
  const last = Math.max(at ?? 0, own?.at ?? 0)
  return {
    kind: 'own',
    noted: noted.length === epochs.length && strangeNodes === undefined,
    tables,
    ...(last === 0 ? {} : { at: last }),
    ...(own?.nodes === undefined ? {} : { nodes: own.nodes }),
    ...(strangeNodes === undefined ? {} : { strangeNodes }),
  }
}

/** Notes of what a state folder holds, kept beside it. */
export interface Holdings {
  /** What would be replaced, were the demo started with this place for its tables. */
  look(place: WarehousePlace): Promise<Holding>
  /** Notes whose rows a run sends, before it sends the first. */
  note(place: WarehousePlace, epoch: string, run: Generation): Promise<void>
}

/** Where the tables are, when they are files of this machine. */
export interface WarehousePlace {
  readonly warehouse: { readonly kind: 'duckdb' | 'bigquery'; readonly path: string }
  readonly bigquery: { readonly dataset_name: string; readonly table_name: string }
}
