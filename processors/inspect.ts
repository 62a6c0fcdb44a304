import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Inspection } from '../src/core/preparation.ts'
import { belongsTo } from '../src/core/rotation-set.ts'
import { libraryPath, platformOf } from './prepare/platform.ts'

// Sent as text with its job, because a node that was not prepared has no program yet: it stays small and free of imports.

const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

const jsonOf = (path: string): Inspection['node'] => {
  try {
    return JSON.parse(textOf(path) ?? 'null')
  } catch {
    return null
  }
}

const logOf = (path: string): Inspection['log'] => {
  try {
    const names = readdirSync(dirname(path)).filter((name) => belongsTo(basename(path), name))
    const found = names.map((name) => statSync(join(dirname(path), name), { throwIfNoEntry: false }))
    const files = found.filter((each) => each?.isFile() === true)
    return { files: files.length, bytes: files.reduce((sum, each) => sum + (each?.size ?? 0), 0) }
  } catch {
    return { files: 0, bytes: 0 }
  }
}

const hashOf = (path: string): string | null => {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return null
  }
}

const [data = '', runtime = '', log = ''] = process.argv.slice(1)
const own = join(data, '.bbq')
const folder = join(own, 'runtime', runtime)
const platform = platformOf()
const found: Inspection = {
  type: 'inspection',
  node: jsonOf(join(own, 'node.json')),
  nonce: textOf(join(own, 'nonce')),
  public_key: textOf(join(own, 'key.pub')),
  program: hashOf(join(folder, 'run.mjs'))?.startsWith(runtime) ?? false,
  duckdb: existsSync(libraryPath(folder, platform)),
  credentials: hashOf(join(own, 'credentials.json'))?.slice(0, 16) ?? null,
  log: logOf(join(data, log)),
  platform,
  node_version: process.versions.node,
  now: Date.now(),
}
process.stdout.write(`${JSON.stringify(found)}\n`)
