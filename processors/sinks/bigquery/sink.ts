import { readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGoogle } from '../../../src/core/bigquery/endpoint.ts'
import type { LoadTarget } from '../../../src/core/bigquery/load-job.ts'
import { AppError } from '../../../src/core/errors.ts'
import { preparedFiles } from '../../../src/core/preparation.ts'
import { findTable, type TableName } from '../../../src/core/tables.ts'
import { makePrivateFolder } from '../../checkpoint/files.ts'
import { explainFile } from '../../run/explain.ts'
import type { Sink, SinkKind, SinkOptions } from '../sink.ts'
import { type Calls, openCalls } from './calls.ts'
import { openEpochCheck } from './epoch-check.ts'
import { noKey } from './explain.ts'
import { openHttp } from './http.ts'
import { readKeyFile } from './key-file.ts'
import { loadOnce } from './load-once.ts'
import { limitsOf, type Waits } from './patience.ts'
import { googleTokens, openTokens } from './tokens.ts'

/** A dataset of BigQuery: every chunk is one load job a table. */
export const bigquerySink: SinkKind = {
  kind: 'bigquery',
  target: 'PROJECT/DATASET',
  open: (target, options) => {
    const [projectId, datasetId, ...rest] = target.split('/')
    if (projectId && datasetId && rest.length === 0) return openBigquery({ projectId, datasetId }, options)
    throw new AppError({
      what: `--sink bigquery:${target} names no dataset.`,
      next: [`Write it as bigquery:${bigquerySink.target}`],
      kind: 'usage',
    })
  },
}

/** Files that were left aside so long ago belong to no run any more, in milliseconds. */
const oldest = 24 * 60 * 60 * 1000

const openBigquery = (dataset: Pick<LoadTarget, 'projectId' | 'datasetId'>, options: SinkOptions): Sink => {
  const { epoch, nameOf, writer, params, now } = options
  const timing = { pauseMs: params.loadPauseMs, silenceMs: params.loadSilenceMs }
  const waits: Waits = { now, random: Math.random, wait: (ms) => sleep(ms) }
  const calls = callsOf(options)
  const outbox = join(params.data, '.bbq', 'outbox')
  const failed = join(params.data, '.bbq', 'failed')
  const targetOf = (table: TableName): LoadTarget => ({
    ...dataset,
    tableId: nameOf(table),
    location: params.location,
  })
  const check = openEpochCheck({ calls, timing, waits, target: targetOf('raw_logs'), epoch })
  const aside = (chunkId: string): string => join(outbox, `${chunkId}~${writer}.parquet`)
  let ready = false

  const keep = async (table: TableName, chunkId: string): Promise<string> => {
    makePrivateFolder(failed)
    const name = `${nameOf(table)}~${chunkId}.parquet`
    await rename(aside(chunkId), join(failed, name))
    return join('.bbq', 'failed', name)
  }

  const send = async (table: TableName, chunkId: string, handle: FileHandle): Promise<void> => {
    const { size: bytes } = await handle.stat()
    const load = { table: findTable(table), target: targetOf(table), chunkId, file: { handle, bytes } }
    await loadOnce({ calls, timing, waits, check, keep: () => keep(table, chunkId) }, load)
  }

  return {
    check,
    aside: (_, chunkId) => {
      if (!ready) prepareOutbox(outbox, now())
      ready = true
      return aside(chunkId)
    },
    load: async (table, chunkId) => {
      const handle = await openFile(aside(chunkId))
      try {
        await send(table, chunkId, handle)
      } finally {
        await handle.close()
      }
      await rm(aside(chunkId), { force: true })
    },
    tidy: async (table, chunkId) => {
      const left = (await readdir(outbox)).filter((name) => name.startsWith(`${chunkId}~`))
      await Promise.all(left.map((name) => rm(join(outbox, name), { force: true })))
      await rm(join(failed, `${nameOf(table)}~${chunkId}.parquet`), { force: true })
    },
  }
}

const callsOf = ({ params, now }: SinkOptions): Calls => {
  const { loadPauseMs: pauseMs, loadSilenceMs: silenceMs } = params
  const { uploadMs, callMs, connectMs } = limitsOf({ pauseMs, silenceMs })
  const http = openHttp({ connectMs, silenceMs })
  const endpoint = params.apiEndpoint.replace(/(?<!\/)\/+$/, '')
  const own = !isGoogle(endpoint)
  if (!own && params.tokenEndpoint !== undefined)
    throw new AppError({
      what: '--token-endpoint stands beside an --api-endpoint of Google.',
      why: "A token for Google is asked for at Google's own address only.",
      next: ['Leave --token-endpoint out.'],
      kind: 'usage',
    })
  const path = params.credentials ?? join(params.data, '.bbq', preparedFiles.credentials)
  const uploader = readKeyFile(path)
  if (uploader === undefined && (!own || params.credentials !== undefined)) throw noKey(path)
  return openCalls({
    http,
    endpoint,
    callMs,
    uploadMs,
    ...(uploader === undefined
      ? {}
      : {
          tokens: openTokens({
            http,
            endpoint: params.tokenEndpoint ?? googleTokens,
            uploader,
            now,
            deadlineMs: callMs,
          }),
        }),
  })
}

/** Makes the folder for files that are about to be sent, and removes what nobody will send any more. */
const prepareOutbox = (outbox: string, now: number): void => {
  try {
    makePrivateFolder(outbox)
    for (const name of readdirSync(outbox)) {
      const path = join(outbox, name)
      const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
      if (now - changed > oldest) rmSync(path, { force: true })
    }
  } catch (thrown) {
    throw explainFile(thrown, `${outbox} cannot be written.`, 'Mount the data folder read-write.')
  }
}

const openFile = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'r')
  } catch (thrown) {
    throw explainFile(thrown, `The rows in ${path} cannot be read.`, 'Run the stage again.')
  }
}
