import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'

/** The last server that takes DuckDB 1.5, whose extensions come as packages; those of DuckDB 2 would be downloaded when it starts. */
const packages = [
  'local-bigquery==0.3.2',
  'duckdb==1.5.5',
  'duckdb-extensions==1.5.5',
  'duckdb-extension-icu==1.5.5',
  'duckdb-extension-ducklake==1.5.5',
  'duckdb-extension-spatial==1.5.5',
  'sqlglot==30.30.0',
]

/** Puts the extensions where DuckDB looks for them, and proves that they load without a network. */
const placeExtensions = `
from duckdb_extensions import import_extension
for name in ("icu", "ducklake", "spatial"):
    import_extension(name)
import duckdb
duckdb.connect().execute("LOAD icu; LOAD ducklake; LOAD spatial")
`

const installMs = 900_000

/** The home folder of the server, below which DuckDB has its extensions. */
export const homeOf = (dir: string): string => join(dir, 'home')

export const programOf = (dir: string): string => join(dir, 'venv/bin/local-bigquery')

/** Installs the server into `dir` unless exactly it is there. */
export const install = async (dir: string, python: string, say: (text: string) => void): Promise<void> => {
  const mark = join(dir, 'installed')
  const wanted = packages.join('\n')
  if (textOf(mark) === wanted) return
  rmSync(mark, { force: true })
  rmSync(join(dir, 'venv'), { recursive: true, force: true })
  mkdirSync(homeOf(dir), { recursive: true })
  say('Installing local-bigquery: 770 MB, one to three minutes.')
  const run = async (file: string, args: readonly string[]): Promise<void> => {
    const { failed, stderr } = await execa(file, args, {
      reject: false,
      timeout: installMs,
      env: { HOME: homeOf(dir) },
    })
    if (!failed) return
    throw new AppError({
      what: 'local-bigquery could not be installed.',
      why: stderr.trim().split('\n').at(-1) ?? '',
      next: ['Check that pip reaches a package registry, then try again.'],
    })
  }
  const here = join(dir, 'venv/bin/python')
  await run(python, ['-m', 'venv', join(dir, 'venv')])
  await run(here, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
  await run(here, ['-c', placeExtensions])
  writeFileSync(mark, wanted)
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
