import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programs } from '../../src/programs.ts'
import { openWarehouse } from '../../src/warehouse/open.ts'
import { openParquetWriter } from '../warehouse/parquet.ts'
import { describeWarehouse, type SentLine, type SentWindow } from './warehouse.ts'

let epochs = 0

const open = async () => {
  // Brackets and stars mean patterns to DuckDB; a folder may have them.
  const path = mkdtempSync(join(tmpdir(), "bbq-it's [a]*"))
  const openAnother = () =>
    openWarehouse({
      kind: 'duckdb',
      path,
      dataset: 'log_analytics',
      programs,
      nodePath: process.execPath,
      now: Date.now,
      newEpoch: () => `epoch${epochs++}`,
    })
  const writer = await openParquetWriter()
  const warehouse = await openAnother()
  const file = (table: string, epoch: string, chunk: string): string =>
    join(path, 'log_analytics', table, epoch, `${epoch}-${chunk}.parquet`)
  return {
    warehouse,
    openAnother,
    sendLines: (epoch: string, chunk: string, lines: readonly SentLine[]) =>
      writer.write(
        file('raw_logs', epoch, chunk),
        'raw_logs',
        `SELECT '${epoch}-${chunk}' AS chunk_id, * FROM (VALUES ${lines
          .map(({ id, text, sentUs }) => `('${id}', '${text}', make_timestamptz(${sentUs}))`)
          .join(', ')}) AS t(remote_log_id, raw_line, upload_time)`,
      ),
    sendWindows: (epoch: string, chunk: string, windows: readonly SentWindow[]) =>
      writer.write(
        file('log_aggregates', epoch, chunk),
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
    close: async () => {
      await warehouse.close()
      writer.close()
      rmSync(path, { recursive: true, force: true })
    },
  }
}

describeWarehouse('duckdb', open, {
  values: `SELECT 9007199254740993::BIGINT AS big, 42::BIGINT AS small, NULL AS nothing,
    TIMESTAMPTZ '2026-11-24 10:22:31.104518+00' AS "at", [1, 2] AS list, {'a': 'x', 'b': 1} AS record`,
  slow: 'SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range * b.range = 7',
  write: "COPY (SELECT 1 AS raw_line) TO 'raw_logs/x.parquet' (FORMAT parquet)",
})
