import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders below `path` whose name begins with a version; none where there is no such folder. */
export const versionFolders = (path: string, version: string): readonly string[] => {
  try {
    return readdirSync(path)
      .filter((name) => name === version || name.startsWith(`${version}.`))
      .map((name) => join(path, name))
  } catch {
    return []
  }
}
