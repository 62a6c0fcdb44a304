import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { preparedFiles } from '../../src/core/preparation.ts'
import { ownFolder, removeLeftovers } from './files.ts'
import { libraryPath } from './platform.ts'

export interface LibraryOptions {
  readonly data: string
  /** Folder in which the package's archive lies. */
  readonly archive: string
  readonly version: string
  /** `linux-x64` */
  readonly platform: string
  /** `sha512-` and the hash in base64, as npm tells it. */
  readonly integrity: string
}

/** Unpacks DuckDB's library beside the programs, once a version; an archive of another hash is refused. */
export const installLibrary = ({ data, archive, version, platform, integrity }: LibraryOptions): void => {
  const [name] = readdirSync(archive)
  if (name === undefined) throw new AppError({ what: `DuckDB's library did not come: ${archive} is empty.` })
  const bytes = readFileSync(join(archive, name))
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  if (found !== integrity)
    throw new AppError({
      what: `DuckDB's library was not unpacked: ${name} (${bytes.length} bytes) is not the package of that version.`,
      why: `Its hash is ${found.slice(0, 23)}…, ${integrity.slice(0, 23)}… was announced.`,
    })
  const folder = ownFolder(data, preparedFiles.libraries)
  const whole = join(folder, version)
  if (existsSync(libraryPath(whole, platform))) return
  removeLeftovers(folder)
  const aside = join(folder, `${version}.${randomUUID()}`)
  try {
    const target = join(aside, 'node_modules', '@duckdb', `node-bindings-${platform}`)
    mkdirSync(target, { recursive: true })
    unpack(join(archive, name), target)
    if (!existsSync(libraryPath(whole, platform))) rmSync(whole, { recursive: true, force: true })
    renameSync(aside, whole)
  } catch (thrown) {
    rmSync(aside, { recursive: true, force: true })
    // another run was first
    if (!existsSync(libraryPath(whole, platform))) throw thrown
  }
}

const unpack = (archive: string, target: string): void => {
  try {
    execFileSync('tar', ['-xzf', archive, '--strip-components=1', '--no-same-owner', '-C', target], { stdio: 'pipe' })
  } catch (cause) {
    throw new AppError({
      what: "DuckDB's library was not unpacked.",
      why: cause instanceof Error ? (cause.message.trim().split('\n').at(-1) ?? '') : '',
      next: ['Free some space on the disk of the node: it takes 70 MB. The image must have tar.'],
      cause,
    })
  }
}
