import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** This machine as DuckDB's packages name it: `linux-x64`, `linux-arm64-musl`. */
export const platformOf = (): string => {
  const musl =
    existsSync('/etc/alpine-release') ||
    existsSync(`/lib/ld-musl-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`)
  return `${process.platform}-${process.arch}${musl ? '-musl' : ''}`
}

/** Where a program in that folder finds DuckDB's library. */
export const libraryPath = (folder: string, platform: string): string =>
  join(folder, 'node_modules', '@duckdb', `node-bindings-${platform}`, 'duckdb.node')
