import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { preparedFiles } from '../../src/core/preparation.ts'
import { ownFolder, replaceFile } from './files.ts'
import { libraryPath, platformOf } from './platform.ts'

/** Where an image of bbq's own brings the library along. */
const imageModules = '/opt/bbq/node_modules'

/** Puts this very program on the node under its hash; a program that is not the announced one is refused. */
export const installProgram = (data: string, runtime: string, program: string): void => {
  const bytes = readFileSync(program)
  const hash = createHash('sha256').update(bytes).digest('hex')
  if (!hash.startsWith(runtime))
    throw new AppError({ what: `The program that came has the hash ${hash.slice(0, 16)}, ${runtime} was announced.` })
  replaceFile(join(ownFolder(data, preparedFiles.programs, runtime), 'run.mjs'), bytes)
}

/** Points the program at DuckDB's library where one of that version lies; true when it does. */
export const linkLibrary = (data: string, runtime: string, version: string): boolean => {
  const folder = ownFolder(data, preparedFiles.programs, runtime)
  const platform = platformOf()
  const inImage = libraryPath('/opt/bbq', platform)
  const own = join('..', '..', preparedFiles.libraries, version, 'node_modules')
  if (isOfVersion(inImage, version)) link(folder, imageModules)
  else if (existsSync(libraryPath(join(data, '.bbq', preparedFiles.libraries, version), platform))) link(folder, own)
  return existsSync(libraryPath(folder, platform))
}

const isOfVersion = (library: string, version: string): boolean => {
  try {
    const { version: found }: { version?: unknown } = JSON.parse(
      readFileSync(join(library, '..', 'package.json'), 'utf8'),
    )
    return found === version
  } catch {
    return false
  }
}

const link = (folder: string, target: string): void => {
  const aside = join(folder, `.${randomUUID()}`)
  const path = join(folder, 'node_modules')
  symlinkSync(target, aside)
  try {
    renameSync(aside, path)
  } catch (thrown) {
    rmSync(aside, { force: true })
    if (!existsSync(path)) throw thrown
  }
}
