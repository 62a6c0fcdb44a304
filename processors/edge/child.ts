import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runQuery } from '../../src/core/duckdb-query.ts'
import { prepareReading } from '../../src/core/duckdb-reading.ts'
import type { EdgeLine } from '../../src/core/edge.ts'
import { type AppError, toAppError } from '../../src/core/errors.ts'
import { jsonLine } from '../../src/core/json.ts'
import { tooMuchMemory, watchMemory } from '../../src/core/watch-memory.ts'
import { readingOf } from '../formats/reading.ts'
import { readIdentity } from '../run/identity.ts'
import { isAlive, watchParent } from '../run/parent-watch.ts'
import { answerLines, errorLine } from './answer.ts'
import { openEdgeDatabase } from './database.ts'
import { type Loaded, loadLog } from './load.ts'
import { readAnswers } from './merge.ts'
import { type EdgeParams, parseEdge } from './params.ts'
import { namedIn, stageOf, viewOf } from './relations.ts'
import { explainSql } from './sql-error.ts'

const nothing: Loaded = { files: {}, lines_read: 0, lines_parsed: 0, bytes_read: 0 }

const graceMs = 200
const prefix = 'bbq-edge-'
/** No question lasts this long, in milliseconds. */
const oldest = 24 * 60 * 60 * 1000

/** Removes what earlier questions left that were killed; somebody else's stays. */
const sweepFolders = (): void => {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const path = join(tmpdir(), name)
    try {
      if (Date.now() - statSync(path).mtimeMs > oldest) rmSync(path, { recursive: true, force: true })
    } catch {
      // gone meanwhile, or not ours
    }
  }
}

/** So much besides DuckDB's own is used by the program and by the values of an answer. */
const besides = 512 * 1024 * 1024

/** A container ends without a word where its limit is passed; the query is stopped before. */
const mostMemory = (memoryMb: number): number =>
  Math.min(memoryMb * 1024 * 1024 + besides, 0.95 * (process.constrainedMemory() || Number.POSITIVE_INFINITY))

const ask = async (
  params: EdgeParams,
  folder: string,
  signal: AbortSignal,
  onOver: (error: AppError) => void,
): Promise<readonly EdgeLine[]> => {
  const { sql, limit, bytes, data } = params
  const memoryMb = params['memory-mb']
  const started = performance.now()
  const wanted = params.merge ? [] : namedIn(sql)
  if (!params.merge) await checkSql(params, folder)
  const loaded =
    wanted.length === 0
      ? nothing
      : await loadLog({
          reading: readingOf(params.format, params.client),
          log: resolve(data, params.log),
          stage: stageOf(wanted),
          node: readIdentity(data),
          chunkBytes: params['chunk-bytes'],
          memoryMb,
          tempDir: folder,
          signal,
        })
  const database = await openEdgeDatabase({ memoryMb, folder })
  try {
    const connection = await database.prepare(async (own) => {
      if (params.merge) await readAnswers(own, process.stdin)
      for (const relation of wanted) await own.run(viewOf(relation, loaded.files[relation.table]))
    })
    const most = mostMemory(memoryMb)
    const endWatch = watchMemory(most, () => onOver(tooMuchMemory(most)))
    const found = await runQuery(connection, sql, { rows: limit, bytes }, signal)
      .catch((thrown: unknown) => {
        throw explainSql(thrown)
      })
      .finally(endWatch)
    const { lines_read, lines_parsed, bytes_read } = loaded
    const ms = Math.round(performance.now() - started)
    return answerLines(found, { ms, lines_read, lines_parsed, bytes_read })
  } finally {
    database.close()
  }
}

/** A query that has an error, or may not run, is refused before the log is read. */
const checkSql = async ({ sql, 'memory-mb': memoryMb }: EdgeParams, folder: string): Promise<void> => {
  const database = await openEdgeDatabase({ memoryMb, folder })
  try {
    const connection = await database.prepare(async (own) => {
      for (const relation of namedIn(sql)) await own.run(viewOf(relation))
    })
    const statement = await prepareReading(connection, sql)
    statement.destroySync()
  } catch (thrown) {
    throw explainSql(thrown)
  } finally {
    database.close()
  }
}

/** One query over this node's log, which stays as it is: the answer as JSON lines on stdout; resolves to the exit code. */
export const runEdge = async (argv: readonly string[]): Promise<number> => {
  const stop = new AbortController()
  sweepFolders()
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const say = (line: EdgeLine, done?: () => void): void => void process.stdout.write(jsonLine(line), done)
  const kill = (): void => {
    remove()
    process.kill(process.pid, 'SIGKILL')
  }
  // an exit would wait for DuckDB's threads: they are told to stop, and killed when they do not
  const end = (): void => {
    stop.abort()
    setTimeout(kill, graceMs).unref()
  }
  // a reader that went away must not end the run with a stack trace
  process.stdout.on('error', () => undefined)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
  try {
    const params = parseEdge(argv)
    const parentPid = params['parent-pid']
    if (parentPid !== undefined)
      watchParent({ parentPid, currentParent: () => process.ppid, isAlive, onGone: end, every: 500 })
    const onOver = (error: AppError): void => say(errorLine(error), kill)
    for (const line of await ask(params, folder, stop.signal, onOver)) say(line)
    return 0
  } catch (thrown) {
    say(errorLine(toAppError(thrown)))
    return 1
  } finally {
    remove()
  }
}
