import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { type LoadTarget, loadJobBody } from '../../../src/core/bigquery/load-job.ts'
import { jsonOf } from '../../../src/core/json.ts'
import type { Table } from '../../../src/core/tables.ts'
import { tokenRefused, unauthorized } from './explain.ts'
import type { Http, HttpAnswer, HttpCall } from './http.ts'
import type { Tokens } from './tokens.ts'

/** What a call came to; after `unknown` nobody knows whether it was done. */
export type Answer =
  | { readonly kind: 'done'; readonly body: unknown }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly reason: string
      readonly message: string
      readonly retryAfterMs?: number
    }
  | { readonly kind: 'unknown'; readonly why: string; readonly retryAfterMs?: number }

export interface ParquetFile {
  readonly handle: FileHandle
  readonly bytes: number
}

/** The three calls of BigQuery's REST API that a node makes. */
export interface Calls {
  /** Sends the file as a load job; `done` means that the job was taken, not that it ended. */
  insertLoad(table: Table, target: LoadTarget, jobId: string, file: ParquetFile): Promise<Answer>
  getJob(target: LoadTarget, jobId: string): Promise<Answer>
  getTable(target: LoadTarget): Promise<Answer>
}

export interface CallsOptions {
  readonly http: Http
  /** Without a slash at the end. */
  readonly endpoint: string
  /** Absent where the endpoint asks for no credentials. */
  readonly tokens?: Tokens
  readonly callMs: number
  /** For an upload, beside the time that its bytes take on a slow line. */
  readonly uploadMs: number
}

type Request = Pick<HttpCall, 'method' | 'deadlineMs'> & {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: () => Readable
}

/** 128 kbit/s: a line that is slower is taken for broken. */
const slowestBytesPerMs = 16

/** Calls with a token; one that is not accepted is replaced once. Each throws an AppError only for credentials that are refused. */
export const openCalls = ({ http, endpoint, tokens, callMs, uploadMs }: CallsOptions): Calls => {
  const send = async ({ method, path, headers = {}, body, deadlineMs }: Request, again = false): Promise<Answer> => {
    const token = await tokens?.get()
    if (token?.kind === 'silent') return { kind: 'unknown', why: `the token endpoint: ${token.why}` }
    if (token?.kind === 'answered') return withoutToken(token)
    const answer = await http({
      method,
      url: new URL(`${endpoint}${path}`),
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token.value}` }) },
      deadlineMs,
      ...(body === undefined ? {} : { body: body() }),
    })
    if (answer.kind === 'silent') return { kind: 'unknown', why: answer.why }
    if (answer.status !== 401) return understand(answer)
    if (tokens === undefined || again) throw unauthorized(endpoint, tokens !== undefined)
    tokens.forget()
    return send({ method, path, headers, deadlineMs, ...(body === undefined ? {} : { body }) }, true)
  }

  const get = (path: string): Promise<Answer> => send({ method: 'GET', path, deadlineMs: callMs })

  return {
    insertLoad: (table, target, jobId, file) => {
      const boundary = randomBytes(16).toString('hex')
      const head = Buffer.from(
        `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(loadJobBody(table, target, jobId))}\r\n--${boundary}\r\nContent-Type: application/octet-stream\r\n\r\n`,
      )
      const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
      return send({
        method: 'POST',
        path: `/upload/bigquery/v2/projects/${encodeURIComponent(target.projectId)}/jobs?uploadType=multipart`,
        headers: {
          'content-type': `multipart/related; boundary=${boundary}`,
          'content-length': String(head.length + file.bytes + tail.length),
        },
        body: () => Readable.from(pieces(head, file, tail), { objectMode: false }),
        deadlineMs: uploadMs + file.bytes / slowestBytesPerMs,
      })
    },
    getJob: ({ projectId, location }, jobId) =>
      get(`${projectPath(projectId)}/jobs/${encodeURIComponent(jobId)}?location=${encodeURIComponent(location)}`),
    getTable: ({ projectId, datasetId, tableId }) =>
      get(
        `${projectPath(projectId)}/datasets/${encodeURIComponent(datasetId)}/tables/${encodeURIComponent(tableId)}?view=BASIC`,
      ),
  }
}

const projectPath = (projectId: string): string => `/bigquery/v2/projects/${encodeURIComponent(projectId)}`

async function* pieces(head: Buffer, { handle, bytes }: ParquetFile, tail: Buffer): AsyncGenerator<Uint8Array> {
  yield head
  // read at its offsets, because a file that is sent again is read again
  for (let at = 0; at < bytes; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(65_536, bytes - at)), 0, undefined, at)
    if (bytesRead === 0) throw new Error('the file became shorter while it was sent')
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
  yield tail
}

const errorSchema = z.object({
  error: z.object({
    message: z.string().default(''),
    errors: z.array(z.object({ reason: z.string().default('') })).default([]),
  }),
})

type Answered = Extract<HttpAnswer, { kind: 'answered' }>

/** Whatever its status, a page was made by something between here and BigQuery, and says nothing of what BigQuery did. */
const pageOf = ({ status, text }: Answered): string | undefined =>
  text.trimStart().startsWith('<') ? `HTTP ${status} with a page: a proxy may stand between` : undefined

const understand = (answer: Answered): Answer => {
  const { status, text, retryAfterMs } = answer
  const later = retryAfterMs === undefined ? {} : { retryAfterMs }
  const page = pageOf(answer)
  if (page !== undefined) return { kind: 'unknown', why: page, ...later }
  const body = jsonOf(text)
  if (status >= 200 && status < 300)
    return typeof body === 'object' && body !== null
      ? { kind: 'done', body }
      : { kind: 'unknown', why: `HTTP ${status} with an answer that is no JSON` }
  const { error } = errorSchema.safeParse(body).data ?? {}
  const reason = error?.errors[0]?.reason ?? ''
  const message = error?.message ?? ''
  // a server that failed may have taken the job before
  if (status >= 500 || status === 408)
    return { kind: 'unknown', why: [`HTTP ${status}`, reason].filter(Boolean).join(' '), ...later }
  return { kind: 'refused', status, reason: reason === '' ? `HTTP ${status}` : reason, message, ...later }
}

const tokenErrorSchema = z.object({ error: z.string(), error_description: z.string().default('') })

/** The token endpoint refused, which lasts, or failed, which passes. */
const withoutToken = (answer: Answered): Answer => {
  const { status, text, retryAfterMs } = answer
  const page = pageOf(answer)
  const { error = `HTTP ${status}`, error_description = '' } = tokenErrorSchema.safeParse(jsonOf(text)).data ?? {}
  if (page === undefined && status < 500 && status !== 408 && status !== 429)
    throw tokenRefused(error, error_description)
  return {
    kind: 'unknown',
    why: `the token endpoint: ${page ?? `HTTP ${status}`}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}
