import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import type { NodeIdentity } from '../../src/core/node.ts'
import { transformationIds } from '../../src/core/private.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { TableName } from '../../src/core/tables.ts'
import type { Reading } from '../formats/reading.ts'
import { openChunkProcessor } from '../open-chunk-processor.ts'
import { initialRules } from '../pass/rules.ts'
import { defaultThresholds } from '../rules/thresholds.ts'
import { openCutter, type Room } from '../run/cutter.ts'
import { discoverLog } from '../run/discover.ts'
import { matchLogs } from '../run/match.ts'
import { fromDisk } from '../run/proofs.ts'

export interface LoadOptions {
  /** Path of the log. */
  readonly log: string
  readonly stage: Stage
  readonly node: NodeIdentity
  readonly reading: Reading
  readonly chunkBytes: number
  readonly memoryMb: number
  /** An existing private folder. */
  readonly tempDir: string
  readonly signal: AbortSignal
}

export interface Loaded {
  /** Parquet files by table. */
  readonly files: Readonly<Partial<Record<TableName, readonly string[]>>>
  readonly lines_read: number
  readonly lines_parsed: number
  readonly bytes_read: number
}

const settings = {
  windowSeconds: 300,
  maskIpv4: 24,
  maskIpv6: 64,
  private: transformationIds,
  ...defaultThresholds,
}

const noLog = (path: string): AppError =>
  new AppError({
    what: `There is no log ${path} on this node.`,
    next: ['Name the log below the data folder with logs.path.'],
  })

/** Reads the whole log and its rotated predecessors as they are now into Parquet files; nothing but `tempDir` is written. */
export const loadLog = async (options: LoadOptions): Promise<Loaded> => {
  const { log, stage, node, reading, chunkBytes, memoryMb, tempDir, signal } = options
  const { sources, problems } = await discoverLog(log, [])
  const files: Partial<Record<TableName, string[]>> = {}
  let [lines_read, lines_parsed, bytes_read, chunks] = [0, 0, 0, 0]
  let processor: Awaited<ReturnType<typeof openChunkProcessor>> | undefined
  let writing: Promise<unknown> = Promise.resolve()
  try {
    const [problem = sources.find((source) => source.problem !== undefined)?.problem] = problems
    if (problem !== undefined) throw problem
    if (sources.length === 0) throw noLog(log)
    const room: Room = { buffer: Buffer.alloc(0) }
    const logs = await matchLogs([], sources, { set: 'edge', complete: false, proofs: fromDisk })
    for (const { file, log: known } of logs) {
      let rules = initialRules()
      const cutter = openCutter({ source: file, chunkBytes, complete: () => false, room })
      for (let start = known.offset; ; ) {
        signal.throwIfAborted()
        const cut = await cutter.next(start)
        if (cut === undefined) break
        processor ??= await openChunkProcessor({ stage, node, project: '', settings, reading, memoryMb, tempDir })
        const chunkId = `${chunks++}`
        const input = {
          bytes: cut.bytes,
          start,
          ...(cut.oversizedLine === undefined ? {} : { oversizedLine: cut.oversizedLine }),
          fingerprint: known.id,
          chunkIds: idsOf(stage, chunkId),
          syncTimeUs: 0n,
          rules,
        }
        const pass = await processor.pass(input, () => undefined)
        // each chunk by itself, but for the header that names its fields
        rules = { ...initialRules(), headers: pass.rules.headers ?? [] }
        await writing
        const paths = Object.fromEntries(
          stage.outputs.map(({ table }) => [table, join(tempDir, `${table}-${chunkId}.parquet`)]),
        )
        writing = pass.write(paths)
        // a failure is told by the next wait, not by an unhandled rejection
        writing.catch(() => undefined)
        for (const { table } of stage.outputs) files[table] = [...(files[table] ?? []), paths[table] ?? '']
        lines_read += pass.counts.lines_read
        lines_parsed += pass.counts.lines_parsed
        bytes_read += cut.end - start
        start = cut.end
      }
    }
    await writing
  } finally {
    await writing.catch(() => undefined)
    processor?.close()
    for (const source of sources) source.close()
  }
  return { files: onlyWritten(files), lines_read, lines_parsed, bytes_read }
}

const idsOf = (stage: Stage, id: string) =>
  Object.fromEntries(stage.outputs.map(({ table }) => [table, id])) as Record<TableName, string>

/** A chunk without rows of a table makes no file. */
const onlyWritten = (files: Partial<Record<TableName, string[]>>): Loaded['files'] =>
  Object.fromEntries(Object.entries(files).map(([table, paths]) => [table, paths.filter((path) => existsSync(path))]))
