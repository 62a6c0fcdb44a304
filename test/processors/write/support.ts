import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { onTestFinished } from 'vitest'
import type { ChunkContext } from '../../../processors/chunk-processor.ts'
import { readingOf } from '../../../processors/formats/reading.ts'
import { noCounts } from '../../../processors/pass/counts.ts'
import { openPass } from '../../../processors/pass/open-pass.ts'
import type { PassOutput } from '../../../processors/pass/output.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { findStage } from '../../../processors/stages/index.ts'
import type { ChunkOrigin } from '../../../processors/write/open-writer.ts'
import { transformationIds } from '../../../src/core/private.ts'
import type { RelationName, Stage } from '../../../src/core/stage.ts'

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-write-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const stageOf = (id: string): Stage => {
  const stage = findStage(id)
  if (stage === undefined) throw new Error(`no stage ${id}`)
  return stage
}

export const contextOf = (stage: Stage, tempDir: string): ChunkContext => ({
  stage,
  node: {
    id: 'aws-1',
    provider: 'aws',
    region: 'us-east-1',
    hostname: "o'brien",
    public_ip: '203.0.113.9',
    private_ip: '10.0.0.7',
  },
  project: 'sandbox',
  settings: {
    windowSeconds: 300,
    maskIpv4: 24,
    maskIpv6: 64,
    private: transformationIds,
    failedLogins: 5,
    failureRequests: 20,
    failureShare: 0.5,
  },
  reading: readingOf('auto'),
  memoryMb: 128,
  tempDir,
})

export const originOf = (start = 0): ChunkOrigin => ({
  fingerprint: 'f00d',
  start,
  syncTimeUs: 1_795_000_000_000_001n,
  chunkIds: {
    raw_logs: 'e1-raw',
    log_results: 'e1-results',
    log_aggregates: 'e1-aggregates',
    emergency_logs: 'e1-emergencies',
  },
})

export const emptyOutput: PassOutput = {
  end: 0,
  counts: noCounts,
  rejects: [],
  rules: initialRules(),
}

/** What the pass makes of a log: rows of one relation. */
export const passOf = (relation: RelationName, log: string | Uint8Array, format = 'auto'): PassOutput => {
  const { settings, node } = contextOf(stageOf('structured'), '')
  const pass = openPass({ relations: new Set([relation]), settings, node, reading: readingOf(format) })
  return pass({ ...originOf(), bytes: Buffer.from(log), rules: initialRules() })
}

export const eventsOf = (lines: readonly string[], relation: 'events' | 'masked', format = 'auto'): PassOutput =>
  passOf(relation, lines.map((line) => `${line}\n`).join(''), format)

/** Rows of a Parquet file, read by a DuckDB of its own. */
export const readParquet = async (path: string, order = 'ALL'): Promise<readonly Record<string, unknown>[]> =>
  query(`SELECT * FROM read_parquet('${path}') ORDER BY ${order}`)

export const query = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  try {
    await connection.run("SET TimeZone = 'UTC'")
    const reader = await connection.runAndReadAll(sql)
    return reader.getRowObjectsJson() as readonly Record<string, unknown>[]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
