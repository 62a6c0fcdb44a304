import { expect, onTestFinished, test } from 'vitest'
import { openDuckdb } from '../../../processors/write/duckdb.ts'
import { temporaryFolder } from './support.ts'

test('DuckDB loads nothing, spills only into its folder, keeps to its memory and speaks UTC', async () => {
  const tempDir = temporaryFolder()
  const duckdb = await openDuckdb({ memoryMb: 100, tempDir })
  onTestFinished(() => duckdb.close())
  const connection = await duckdb.connect()
  onTestFinished(() => connection.closeSync())
  const settings = await connection.runAndReadAll(
    `SELECT name, value FROM duckdb_settings() WHERE name IN
      ('autoload_known_extensions', 'autoinstall_known_extensions', 'temp_directory', 'memory_limit', 'TimeZone') ORDER BY name`,
  )
  expect(settings.getRowsJson()).toEqual([
    ['TimeZone', 'UTC'],
    ['autoinstall_known_extensions', 'false'],
    ['autoload_known_extensions', 'false'],
    ['memory_limit', '100.0 MiB'],
    ['temp_directory', tempDir],
  ])
  await expect(connection.run("SELECT '192.0.2.1'::INET")).rejects.toThrow()
})
