import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import { refuseOpenKey } from '../core/key-rights.ts'
import type { PrepareFiles } from '../engine/prepare/parts.ts'
import { programs } from '../programs.ts'

const compress = promisify(brotliCompress)

const built = (path: string): string => {
  if (path.endsWith('.mjs')) return path
  throw new AppError({
    what: 'Nodes cannot be prepared by a program that was not built.',
    next: ['Build it: npm run build', 'Then run it from dist: npm run bbq -- nodes prepare'],
    kind: 'usage',
  })
}

const keyFile = async ({ cluster, origins }: Config): Promise<string | undefined> => {
  const path = cluster.uploader_credentials
  try {
    refuseOpenKey(path, await stat(path), process.getuid?.())
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const origin = origins['cluster.uploader_credentials']
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    if (missing && origin === undefined) return undefined
    throw new AppError({
      what: `The uploader's key file ${path} cannot be read.`,
      why: missing
        ? `It is not there${origin === undefined ? '' : `, and ${origin} names it`}.`
        : 'This user may not read it.',
      next: ['Give the path of the key file with cluster.uploader_credentials.'],
      kind: 'usage',
      cause,
    })
  }
}

/** Text of a template of the folder jobs, by its name: `stage`. */
export const jobTemplate = (name: string): Promise<string> => readFile(join(programs.jobs, `${name}.yaml`), 'utf8')

/** What preparation reads on this machine. */
export const prepareFiles = (config: Config): PrepareFiles => ({
  template: jobTemplate,
  inspector: () => readFile(built(programs.inspect), 'utf8'),
  program: async () => compress(await readFile(built(programs.run))),
  keyFile: () => keyFile(config),
})
