import { unlinkSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import type { NodeIdentity } from '../../src/core/node.ts'
import type { RelationName, SqlOutput, StageOutput } from '../../src/core/stage.ts'
import type { TableName } from '../../src/core/tables.ts'
import type { ChunkContext, ChunkInput, WrittenTable } from '../chunk-processor.ts'
import { alertColumns } from '../columns/alert-columns.ts'
import { windowColumns } from '../columns/window-columns.ts'
import { maskText } from '../mask/mask-text.ts'
import type { RowGroup } from '../parquet/file.ts'
import type { PassOutput } from '../pass/output.ts'
import { noWindowCounts } from '../pass/window-counts.ts'
import type { RowOrigin } from './common-columns.ts'
import { copyStatement, copyTo } from './copy.ts'
import { isMasked } from './relations.ts'
import { rowsIn } from './row-count.ts'
import { joinTableFiles, type TableRows, writeTableFile } from './table-file.ts'
import type { Target } from './writer-database.ts'

/** What the writer must know of a chunk beside its rows; taken before the pass returns. */
export type ChunkOrigin = Pick<ChunkInput, 'fingerprint' | 'chunkIds' | 'syncTimeUs' | 'start'>

export interface Writer {
  /** Takes the rows in this tick, then writes in DuckDB's threads. The write before the last must have ended. */
  write(output: PassOutput, origin: ChunkOrigin, paths: Readonly<Record<string, string>>): Promise<readonly Written[]>
  /** Puts the rows of files of one table each together; the files are removed. The writes before must have ended. */
  join(
    parts: readonly (readonly Written[])[],
    paths: Readonly<Record<string, string>>,
    start: number,
  ): Promise<readonly Written[]>
  /** Whether anything at all can be written beside its own files. */
  canWrite(): Promise<boolean>
  close(): void
}

export interface Written extends WrittenTable {
  readonly path: string
  /** Lines of the log, or emergencies, that its rows stand for. */
  readonly lines: number
  /** What was written as pages of our own. */
  readonly group?: RowGroup
}

interface OutputTarget extends Target {
  readonly output: StageOutput
}

/** The writing half of a chunk processor; DuckDB is there only for what is SQL, and the opening fails when it cannot start. */
export const openWriter = async (context: ChunkContext): Promise<Writer> => {
  const { outputs } = context.stage
  // its library is large, and takes a quarter of a second to load
  const database = outputs.some(isSql) ? await (await import('./writer-database.ts')).openDatabase(context) : undefined
  const maskedNode = maskNode(context)
  const placeOf = ({ fingerprint }: ChunkOrigin): string => `${context.node.id}/${fingerprint}/`
  let writing = 0

  const originOf = (output: StageOutput, { chunkIds, syncTimeUs }: ChunkOrigin): RowOrigin => ({
    project: context.project,
    node: isMasked(output.relation) ? maskedNode : context.node,
    chunkId: chunkIds[output.table],
    syncTimeUs,
  })

  const writePages = async (
    { output, path }: OutputTarget,
    given: PassOutput,
    origin: RowOrigin,
    place: string,
  ): Promise<Written> => {
    if (isSql(output)) throw new Error(`${output.table} is made by SQL`)
    const { table, relation, version } = output
    const rows = tableRows(relation, given, place)
    const written = await writeTableFile(table, rows, { version, origin, path })
    return { table, path, rows: rows.rows, lines: rows.requests ?? rows.rows, ...written }
  }

  /** What is SQL, once its rows are taken. */
  const writeSql = (targets: readonly OutputTarget[], given: PassOutput, origin: ChunkOrigin) => {
    const statements = targets.flatMap(({ output, path }) =>
      isSql(output) ? copyStatement(output, originOf(output, origin), path) : [],
    )
    if (statements.length === 0 || database === undefined) return Promise.resolve([])
    return database.write({ output: given, statements, targets, idPrefix: placeOf(origin) })
  }

  const joinTable = async (target: Target, files: readonly Written[]): Promise<readonly Written[]> => {
    const { table, path } = target
    if (database !== undefined && files.some(({ group }) => group === undefined)) return database.join(target, files)
    const own = files.flatMap(({ group, ...file }) => (group === undefined ? [] : [{ ...file, group }]))
    const bytes = await joinTableFiles(table, own, path)
    return [{ table, path, bytes, rows: sumOf(own, 'rows'), lines: sumOf(own, 'lines') }]
  }

  return {
    write: async (output, origin, paths) => {
      if (writing === 2) throw new Error('a third write began before the first had ended')
      writing += 1
      try {
        const targets = targetsOf(outputs, output, paths)
        const bySql = writeSql(
          targets.filter((target) => isSql(target.output)),
          output,
          origin,
        )
        const pages = targets
          .filter((target) => !isSql(target.output))
          .map((target) => writePages(target, output, originOf(target.output, origin), placeOf(origin)))
        const [tables, files] = await Promise.all([bySql, Promise.all(pages)])
        return [...tables, ...files]
      } catch (thrown) {
        throw writeFailed(thrown, origin.start)
      } finally {
        writing -= 1
      }
    },
    join: async (parts, paths, start) => {
      const files = Map.groupBy(parts.flat(), ({ table }) => table)
      try {
        const written: Written[] = []
        for (const [table, of] of files) written.push(...(await joinTable({ table, path: pathOf(paths, table) }, of)))
        for (const { path } of parts.flat()) unlinkSync(path)
        return written
      } catch (thrown) {
        throw writeFailed(thrown, start)
      }
    },
    canWrite: async () => {
      const path = joinPath(context.tempDir, 'probe.parquet')
      try {
        if (database === undefined) writeFileSync(path, 'probe')
        else await database.probe(copyTo('SELECT 1 AS one', path))
        unlinkSync(path)
        return true
      } catch {
        return false
      }
    },
    close: () => database?.close(),
  }
}

const sumOf = (files: readonly Written[], what: 'rows' | 'lines'): number =>
  files.reduce((sum, file) => sum + file[what], 0)

const isSql = (output: StageOutput): output is SqlOutput => 'select' in output

/** Rows of a relation; windows stand for as many requests. */
const tableRows = (
  relation: RelationName,
  { windowCounts = noWindowCounts, messages = [], alerts = [], ...given }: PassOutput,
  place: string,
): TableRows & { readonly requests?: number } => {
  if (relation === 'counts') return windowColumns(windowCounts, messages)
  if (relation === 'alerts') return { rows: alerts.length, columns: alertColumns(alerts, place) }
  const rows = given[relation]
  if (rows === undefined) throw new Error(`no ${relation}`)
  return rows
}

/** A node's own addresses may stand in its names; the private one is wanted. */
const maskNode = ({ node, settings }: ChunkContext): NodeIdentity => ({
  ...node,
  hostname: maskText(node.hostname, settings).text,
  public_ip: node.public_ip === null ? null : maskText(node.public_ip, settings).text,
})

const targetsOf = (
  outputs: readonly StageOutput[],
  given: PassOutput,
  paths: Readonly<Record<string, string>>,
): readonly OutputTarget[] =>
  outputs
    .filter((output) => rowsIn(output.relation, given) > 0)
    .map((output) => ({ output, table: output.table, path: pathOf(paths, output.table) }))

const pathOf = (paths: Readonly<Record<string, string>>, table: TableName): string => {
  const path = paths[table]
  if (path === undefined) throw new Error(`no path for ${table}`)
  return path
}

const writeFailed = (thrown: unknown, start: number): AppError =>
  new AppError({
    what: `The chunk at byte ${start} could not be written as Parquet.`,
    why: firstLine(thrown instanceof Error ? thrown.message : String(thrown)),
    next: [
      'See whether the disk is full or the folder read-only, then run the stage again: nothing of this chunk was sent.',
    ],
    cause: thrown,
  })

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? ''
