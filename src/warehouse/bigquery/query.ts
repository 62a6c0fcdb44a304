import { setTimeout as pause } from 'node:timers/promises'
import { bytesOf, rowBytes, rowTooLarge } from '../../core/answer-bytes.ts'
import { AppError } from '../../core/errors.ts'
import { formatMemory } from '../../core/format.ts'
import type { PlainValue } from '../../core/plain-value.ts'
import { type CallOptions, mostAnswerBytes, type QueryResult } from '../warehouse.ts'
import { decodeRow, typeOf } from './cells.ts'
import { findDataset, liesElsewhere } from './dataset.ts'
import { noTables, readEpoch } from './epoch.ts'
import { type Failure, isMissing } from './failure.ts'
import { fillPlaceholders } from './place.ts'
import { defaultDeadlineMs, stopped } from './request.ts'
import type { Service } from './service.ts'
import { mustRead, onlyReads, sqlError } from './sql.ts'
import { jobAnswer, resultsAnswer, type WireField } from './wire.ts'

export interface QueryOptions extends CallOptions {
  readonly limit: number
  readonly answerBytes?: number
  readonly maxBytes?: number
}

interface QueryParts {
  readonly service: Service
  readonly now: () => number
  /** A fresh random id for a job. */
  readonly newJobId: () => string
}

/** The least that BigQuery takes as a limit, and bills for each table of a query. */
const leastBilled = 10 * 1024 * 1024
const pollMs = 10_000
const cancelMs = 3_000
/** So long a job that was sent may be unknown. */
const spreadMs = 1_000
const billedMs = 3_000
/** Not every server waits before it says that a query still runs. */
const pollPauseMs = 250
/** Pages stay below what one answer may hold, 10 MB. */
const mostOfAPage = 10_000

interface Plan {
  readonly bytes: number
  readonly tables: number
}

/** Runs a person's SQL: a dry run first, which is free and tells what the statement is and what it reads, then a job of its own id that can be looked up and cancelled. */
export const openQueries = ({ service, now, newJobId }: QueryParts) => {
  const { place } = service
  const { project, dataset, location } = place
  const reference = (jobId: string) => ({ projectId: project, jobId, location })
  const settings = (query: string) => ({
    query,
    useLegacySql: false,
    defaultDataset: { projectId: project, datasetId: dataset },
  })
  const orThrow = async (failure: Failure, sql: string, options: CallOptions): Promise<never> => {
    if (!/^not found: dataset/i.test(failure.message))
      throw sqlError(failure, sql, place) ?? service.explain(failure, 'run the query')
    const found = await findDataset(service, options).catch(() => place.location)
    throw found === undefined
      ? noTables(service)
      : (liesElsewhere(service, found) ?? service.explain(failure, 'run the query'))
  }

  const filled = async (sql: string, options: CallOptions): Promise<string> => {
    mustRead(sql)
    const epoch = sql.includes('{epoch}') ? await readEpoch(service, options) : ''
    return fillPlaceholders(sql, place, epoch)
  }

  /** What the statement would read; refused unless it is one that only reads. */
  const plan = async (query: string, options: CallOptions): Promise<Plan> => {
    const body = { jobReference: reference(newJobId()), configuration: { query: settings(query), dryRun: true } }
    const answer = await service.ask(
      { method: 'POST', path: '/jobs', body, shape: jobAnswer, doing: 'look at the query' },
      options,
      () => true,
    )
    if ('failure' in answer) return orThrow(answer.failure, query, options)
    const { status, statistics } = answer.value
    if (status.errorResult) return orThrow({ status: 400, ...status.errorResult }, query, options)
    const { statementType = '', referencedTables = [], totalBytesProcessed } = statistics.query ?? {}
    if (statementType === '')
      throw new AppError({
        what: 'BigQuery does not say what the statement would do, so it is not run.',
        next: ['Use one SELECT or WITH.'],
        kind: 'refused',
      })
    if (statementType !== 'SELECT') throw onlyReads(statementType.replaceAll('_', ' '))
    return { bytes: statistics.totalBytesProcessed ?? totalBytesProcessed ?? 0, tables: referencedTables.length }
  }

  const start = async (query: string, cap: number, jobId: string, options: CallOptions): Promise<void> => {
    const configuration = {
      query: { ...settings(query), maximumBytesBilled: `${cap}` },
      labels: { app: 'bbq' },
      jobTimeoutMs: `${options.deadlineMs ?? defaultDeadlineMs}`,
    }
    const answer = await service.ask(
      {
        method: 'POST',
        path: '/jobs',
        body: { jobReference: reference(jobId), configuration },
        shape: jobAnswer,
        doing: 'run the query',
      },
      options,
      () => true,
    )
    // a lost answer was asked for again, and the job is there
    if ('failure' in answer && answer.failure.status !== 409) await orThrow(answer.failure, query, options)
    if ('value' in answer && answer.value.status.errorResult)
      await orThrow({ status: 400, ...answer.value.status.errorResult }, query, options)
  }

  const read = async (query: string, jobId: string, { limit, bytes: mostBytes }: Most, options: Clocked) => {
    const rows: (readonly PlainValue[])[] = []
    let fields: readonly WireField[] = []
    let bytes: number | undefined
    let room = mostBytes
    let pageToken: string | undefined
    for (;;) {
      const left = options.left()
      if (left <= 0) throw late(options.deadlineMs)
      const answer = await service.ask(
        {
          method: 'GET',
          path: `/queries/${encodeURIComponent(jobId)}`,
          query: {
            location,
            maxResults: `${Math.min(limit + 1 - rows.length, mostOfAPage)}`,
            timeoutMs: `${Math.ceil(Math.min(pollMs, left / 3))}`,
            'formatOptions.useInt64Timestamp': 'true',
            ...(pageToken === undefined ? {} : { pageToken }),
          },
          shape: resultsAnswer,
          doing: 'give the rows of the query',
        },
        { signal: options.signal, deadlineMs: left },
        () => true,
      )
      if ('failure' in answer) {
        if (answer.failure.reason === 'silence' && options.left() <= 0) throw late(options.deadlineMs)
        return orThrow(answer.failure, query, options)
      }
      const page = answer.value
      if (!page.jobComplete) {
        await pause(Math.min(pollPauseMs, left), undefined, { signal: options.signal }).catch(() => undefined)
        continue
      }
      if (pageToken === undefined) fields = page.schema.fields
      bytes ??= page.totalBytesProcessed
      for (const { f } of page.rows) {
        const row = decodeRow(fields, f)
        room -= row.reduce((sum: number, value) => sum + bytesOf(value, room), rowBytes)
        if (room < 0) break
        rows.push(row)
      }
      pageToken = page.pageToken ?? undefined
      if (pageToken === undefined || rows.length > limit || room < 0 || page.rows.length === 0) break
    }
    const full = room < 0 && rows.length <= limit
    if (full && rows.length === 0) throw rowTooLarge(mostBytes)
    return {
      columns: fields.map((field) => ({ name: field.name, type: typeOf(field) })),
      rows: rows.slice(0, limit),
      truncated: full || rows.length > limit,
      full,
      ...(bytes === undefined ? {} : { bytesProcessed: bytes }),
    }
  }

  /** Told even when the caller has stopped, so that it works no longer; what it has read may be billed. */
  const cancel = async (jobId: string): Promise<void> => {
    const [begun, until] = [now(), now() + cancelMs]
    const once = () =>
      service.ask(
        {
          method: 'POST',
          path: `/jobs/${encodeURIComponent(jobId)}/cancel`,
          query: { location },
          shape: jobAnswer.partial(),
          doing: 'cancel the query',
        },
        { signal: new AbortController().signal, deadlineMs: Math.max(1, until - now()) },
        () => true,
      )
    for (;;) {
      const answer = await once().catch(() => undefined)
      // a query that was sent last is not known for a moment
      if (answer === undefined || 'value' in answer || !isMissing(answer.failure)) return
      if (now() - begun > spreadMs) return
      await pause(pollPauseMs)
    }
  }

  const billed = async (jobId: string, options: CallOptions): Promise<number | undefined> => {
    const answer = await service.ask(
      {
        method: 'GET',
        path: `/jobs/${encodeURIComponent(jobId)}`,
        query: { location },
        shape: jobAnswer,
        doing: 'tell what the query cost',
      },
      options,
      () => true,
    )
    return 'value' in answer ? answer.value.statistics.query?.totalBytesBilled : undefined
  }

  return {
    estimate: async (sql: string, options: CallOptions): Promise<Plan> => plan(await filled(sql, options), options),

    query: async (
      sql: string,
      { limit, answerBytes = mostAnswerBytes, maxBytes, signal, deadlineMs = defaultDeadlineMs }: QueryOptions,
    ): Promise<QueryResult> => {
      if (signal.aborted) throw stopped()
      const begun = now()
      const left = (): number => begun + deadlineMs - now()
      const query = await filled(sql, { signal, deadlineMs })
      const { bytes, tables } = await plan(query, { signal, deadlineMs: Math.max(1, left()) })
      if (maxBytes !== undefined && bytes > maxBytes) throw tooDear(bytes, maxBytes)
      // what was said beforehand is the most that it may cost; each table counts 10 MB at least
      const cap = Math.max(maxBytes ?? bytes, leastBilled * Math.max(1, tables))
      const jobId = newJobId()
      try {
        await start(query, cap, jobId, { signal, deadlineMs: Math.max(1, left()) })
        const found = await read(query, jobId, { limit, bytes: answerBytes }, { signal, deadlineMs, left })
        const cost = await billed(jobId, { signal, deadlineMs: Math.max(1, Math.min(billedMs, left())) })
        return { ...found, ...(cost === undefined ? {} : { bytesBilled: cost }), ms: now() - begun }
      } catch (thrown) {
        if (thrown instanceof AppError && (thrown.kind === 'interrupted' || thrown.kind === 'unreachable'))
          await cancel(jobId)
        throw thrown
      }
    },
  }
}

/** What an answer may hold. */
interface Most {
  readonly limit: number
  readonly bytes: number
}

interface Clocked {
  readonly signal: AbortSignal
  readonly deadlineMs: number
  readonly left: () => number
}

const late = (ms: number): AppError =>
  new AppError({
    what: `The query was not done within ${Math.round(ms / 100) / 10} s, and was cancelled.`,
    next: ['Filter by a time or read fewer columns.'],
    kind: 'unreachable',
  })

const tooDear = (bytes: number, maxBytes: number): AppError =>
  new AppError({
    what: `The query would read ${formatMemory(bytes)}, more than its limit of ${formatMemory(maxBytes)}.`,
    why: 'The limit is what was said before it ran; the tables may have grown since.',
    next: ['Ask again: the new price is shown first.', 'Filter by a time or read fewer columns, or allow more.'],
    kind: 'refused',
  })
