import { DuckDBInstance } from '@duckdb/node-api'
import { BigQuery } from '@google-cloud/bigquery'
import { JWT } from 'google-auth-library'
import { z } from 'zod'
import { quoteText } from '../../../src/core/duckdb-types.ts'
import type { StandIn } from './types.ts'

const keySchema = z.object({ client_email: z.string(), private_key: z.string(), private_key_id: z.string() })

const googleTokens = 'https://oauth2.googleapis.com/token'

/** The real client with the key of an account; the library's fixed token address is sent to the stand-in. */
export const realClient = (server: StandIn, account: string, location = 'US'): BigQuery => {
  const key = keySchema.parse(JSON.parse(server.keyFile(account)))
  const jwt = new JWT({
    email: key.client_email,
    key: key.private_key,
    keyId: key.private_key_id,
    scopes: ['https://www.googleapis.com/auth/bigquery'],
  })
  jwt.transporter.interceptors.request.add({
    resolved: async (config) => {
      if (String(config.url) === googleTokens) config.url = new URL(server.tokenUrl)
      return config
    },
  })
  return new BigQuery({ projectId: server.projectId, location, apiEndpoint: server.url, authClient: jwt })
}

/** Writes the rows of a SELECT of DuckDB as a Parquet file. */
export const writeParquet = async (path: string, select: string): Promise<string> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'; COPY (${select}) TO ${quoteText(path)} (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  return path
}

export interface RawAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly body: any
}

/** Requests without a client, with an account's token. */
export const rawRequests = (server: StandIn, account: string) => {
  const token = server.token(account)
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const project = `/bigquery/v2/projects/${server.projectId}`
  return {
    send,
    get: (path: string) => send('GET', project + path),
    post: (path: string, body: unknown) => send('POST', project + path, body),
  }
}

/** A load job by upload: the two parts as the real client sends them. */
export const uploadLoad = async (
  server: StandIn,
  account: string,
  body: object,
  file: Uint8Array,
): Promise<RawAnswer> => {
  const boundary = 'b0'
  const content = Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`),
    Buffer.from(`--${boundary}\r\nContent-Type: application/octet-stream\r\n\r\n`),
    file,
    Buffer.from(`\r\n--${boundary}--`),
  ])
  const response = await fetch(
    `${server.url}/upload/bigquery/v2/projects/${server.projectId}/jobs?uploadType=multipart`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.token(account)}`,
        'content-type': `multipart/related; boundary=${boundary}`,
      },
      body: content,
    },
  )
  return { status: response.status, body: JSON.parse(await response.text()) }
}
