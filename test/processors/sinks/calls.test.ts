import { open, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openCalls } from '../../../processors/sinks/bigquery/calls.ts'
import { openHttp } from '../../../processors/sinks/bigquery/http.ts'
import { findTable } from '../../../src/core/tables.ts'

test('a large file may take as long as a slow line needs, while bytes flow', async () => {
  const bytes = 12 * 1024 * 1024
  const path = join(tmpdir(), `bbq-upload-${process.pid}`)
  await writeFile(path, Buffer.alloc(bytes))
  const server = createServer(async (request, response) => {
    let [got, slept] = [0, 0]
    for await (const piece of request) {
      got += (piece as Buffer).length
      if (got < (slept + 1) * 1024 * 1024) continue
      slept += 1
      await sleep(60)
    }
    response.end(JSON.stringify({ status: { state: 'RUNNING' } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls = openCalls({
    http: openHttp({ connectMs: 1_000, silenceMs: 1_000 }),
    endpoint,
    callMs: 1_000,
    uploadMs: 300,
  })
  const handle = await open(path)
  try {
    const target = { projectId: 'p', datasetId: 'd', tableId: 'raw_logs', location: 'US' }
    const answer = await calls.insertLoad(findTable('raw_logs'), target, 'one', { handle, bytes })
    expect(answer.kind).toBe('done')
  } finally {
    await handle.close()
    await rm(path)
    server.closeAllConnections()
    server.close()
  }
})
