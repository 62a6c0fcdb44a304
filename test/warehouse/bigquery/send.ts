import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadJobBody } from '../../../src/core/bigquery/load-job.ts'
import { findTable, type TableName } from '../../../src/core/tables.ts'
import type { SentLine, SentWindow } from '../../contract/warehouse.ts'
import { openParquetWriter } from '../parquet.ts'

export interface SendOptions {
  readonly apiEndpoint: string
  readonly project: string
  readonly dataset: string
  readonly location: string
  /** For servers that want one. */
  readonly token?: () => Promise<string>
}

/** Loads rows as a node does: a Parquet file a chunk, by a load job. */
export const openSender = async ({ apiEndpoint, project, dataset, location, token }: SendOptions) => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-send-'))
  const writer = await openParquetWriter()

  const load = async (table: TableName, select: string, jobId = `bbq_test_${randomUUID()}`): Promise<void> => {
    const file = join(folder, `${randomUUID()}.parquet`)
    await writer.write(file, table, select)
    const job = loadJobBody(
      findTable(table),
      { projectId: project, datasetId: dataset, tableId: table, location },
      jobId,
    )
    const authorization: Readonly<Record<string, string>> =
      token === undefined ? {} : { authorization: `Bearer ${await token()}` }
    const boundary = 'bbq-part'
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(job)}\r\n--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      readFileSync(file),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    await ask(`${apiEndpoint}/upload/bigquery/v2/projects/${project}/jobs?uploadType=multipart`, {
      method: 'POST',
      headers: { ...authorization, 'content-type': `multipart/related; boundary=${boundary}` },
      body,
    })
    for (;;) {
      const { status } = await ask(
        `${apiEndpoint}/bigquery/v2/projects/${project}/jobs/${jobId}?location=${location}`,
        {
          headers: authorization,
        },
      )
      if (status.state !== 'DONE') continue
      if (status.errorResult) throw new Error(`load into ${table}: ${JSON.stringify(status.errorResult)}`)
      return
    }
  }

  return {
    load,
    sendLines: (epoch: string, chunk: string, lines: readonly SentLine[], jobId?: string) =>
      load(
        'raw_logs',
        `SELECT '${epoch}-${chunk}' AS chunk_id, * FROM (VALUES ${lines
          .map(({ id, text, sentUs }) => `('${id}', '${text}', make_timestamptz(${sentUs}))`)
          .join(', ')}) AS t(remote_log_id, raw_line, upload_time)`,
        jobId,
      ),
    sendWindows: (epoch: string, chunk: string, windows: readonly SentWindow[]) =>
      load(
        'log_aggregates',
        `SELECT '${epoch}-${chunk}' AS chunk_id, * FROM (VALUES ${windows
          .map(
            ({ node, window, total, bytes, endpoints }) =>
              `('${node}', TIMESTAMPTZ '${window}', ${total}, ${total}, ${bytes}, [${endpoints
                .map((one) => `{'endpoint': '${one.endpoint}', 'count': ${one.count}, 'bytes': ${one.bytes}}`)
                .join(', ')}])`,
          )
          .join(', ')}) AS t(nodeName, time_window, log_count, total_count, total_bytes, endpoints)`,
      ),
    close: () => {
      writer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface JobLook {
  readonly status: { readonly state: string; readonly errorResult?: object | null }
}

const ask = async (url: string, init: RequestInit): Promise<JobLook> => {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return JSON.parse(text) as JobLook
}
