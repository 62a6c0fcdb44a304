import { homedir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'
import { versionFolders } from './version-folders.ts'

const probe = 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 13))'

/** A Python 3.13, which is the only one that the server takes; an AppError of kind `unreachable` where there is none. */
export const findPython = async (env: Readonly<Record<string, string | undefined>>): Promise<string> => {
  const named = env['BBQ_PYTHON']
  const candidates = [
    ...(named === undefined || named === '' ? [] : [named]),
    'python3.13',
    ...versionFolders(join(homedir(), '.pyenv/versions'), '3.13').map((folder) => join(folder, 'bin/python3.13')),
    '/usr/local/bin/python3.13',
    '/opt/homebrew/bin/python3.13',
  ]
  for (const candidate of candidates) {
    const { failed } = await execa(candidate, ['-c', probe], { reject: false, timeout: 10_000 })
    if (!failed) return candidate
  }
  throw new AppError({
    what: 'There is no Python 3.13 here, which local-bigquery needs.',
    next: ['Install one, or name it: BBQ_PYTHON=/path/to/python3.13'],
    kind: 'unreachable',
  })
}
