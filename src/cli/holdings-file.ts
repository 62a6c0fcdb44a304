import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../core/errors.ts'
import { tableNames } from '../core/tables.ts'
import {
  type FoundRows,
  type Holdings,
  holdingOf,
  noteRun,
  parseGenerations,
  renderGenerations,
  type WarehousePlace,
} from '../engine/holdings.ts'
import { layoutOf } from '../warehouse/duckdb/layout.ts'

const noteOf = (stateDir: string): string => join(stateDir, 'holds.json')

const readNote = (stateDir: string): Promise<string | undefined> =>
  readFile(noteOf(stateDir), 'utf8').catch(() => undefined)

/** Folders below one; none when it is missing. A folder that cannot be read may hold anything, so that is an error. */
const foldersIn = async (path: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR'))
      return []
    throw new AppError({
      what: `The folder ${path} cannot be read.`,
      why: thrown instanceof Error ? `${thrown.message}.` : String(thrown),
      next: [`Give yourself the right to read it: chmod -R u+rwX ${path}`, 'Or take another with --state DIR.'],
      kind: 'refused',
      cause: thrown,
    })
  }
}

interface TableFolder {
  readonly table: string
  readonly epoch: string
  readonly path: string
}

/** Folders of generations that hold rows, and would go with a reset. */
const filledFolders = async ({ warehouse, bigquery }: WarehousePlace): Promise<readonly TableFolder[]> => {
  if (warehouse.kind !== 'duckdb') return []
  const layout = layoutOf(bigquery.table_name)
  const found = await Promise.all(
    tableNames.map(async (name) => {
      const table = layout.nameOf(name)
      const folder = join(warehouse.path, bigquery.dataset_name, table)
      return (await foldersIn(folder)).map((epoch) => ({ table, epoch, path: join(folder, epoch) }))
    }),
  )
  const filled = await Promise.all(found.flat().map(async (one) => ((await readdir(one.path)).length > 0 ? [one] : [])))
  return filled.flat()
}

/** Nodes without the plan by which bbq fills them: somebody put logs there. */
const strangeNodes = async (stateDir: string): Promise<string | undefined> => {
  const nodes = join(stateDir, 'nodes')
  if ((await foldersIn(nodes)).length === 0) return undefined
  const plan = await stat(join(stateDir, 'sandbox/fill.json')).catch(() => undefined)
  return plan === undefined ? nodes : undefined
}

const findRows = async (stateDir: string, place: WarehousePlace): Promise<FoundRows> => {
  const [filled, strange] = await Promise.all([filledFolders(place), strangeNodes(stateDir)])
  const times = await Promise.all(filled.map(async ({ path }) => (await stat(path)).mtimeMs))
  return {
    epochs: [...new Set(filled.map(({ epoch }) => epoch))],
    tables: new Set(filled.map(({ table }) => table)).size,
    ...(times.length === 0 ? {} : { at: Math.round(Math.max(...times)) }),
    ...(strange === undefined ? {} : { strangeNodes: strange }),
  }
}

const write = async (stateDir: string, text: string): Promise<void> => {
  const file = noteOf(stateDir)
  const aside = `${file}.${randomUUID()}`
  try {
    await mkdir(stateDir, { recursive: true })
    await writeFile(aside, text)
    await rename(aside, file)
  } catch (thrown) {
    throw new AppError({
      what: `The note ${file} cannot be written (${thrown instanceof Error && 'code' in thrown ? thrown.code : thrown}).`,
      why: 'It says whose rows the tables hold, so that no demo replaces your own. Nothing was sent.',
      next: ['Make the state folder writable, or take another with --state DIR.'],
      kind: 'usage',
      cause: thrown,
    })
  }
}

/** Notes in the file holds.json of a state folder. */
export const holdingsFile = (stateDir: string): Holdings => {
  // one after another, so that of two stages that start together neither loses its note
  let last: Promise<void> = Promise.resolve()
  return {
    look: async (place) => {
      const [text, found] = await Promise.all([readNote(stateDir), findRows(stateDir, place)])
      return holdingOf(parseGenerations(text), found)
    },
    note: (place, epoch, run) => {
      last = last
        .catch(() => undefined)
        .then(async () => {
          const filled = await filledFolders(place)
          const hasRows = filled.some((one) => one.epoch === epoch)
          const known = parseGenerations(await readNote(stateDir))
          await write(stateDir, renderGenerations(noteRun(known, { epoch, run, hasRows })))
        })
      return last
    },
  }
}
