import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { AppError } from '../../src/core/errors.ts'

export const folder = mkdtempSync(join(tmpdir(), 'bbq-config-'))

interface Sources {
  readonly yaml?: string
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: Readonly<Record<string, string>>
}

/** The config that these sources make. */
export const load = ({ yaml, env = {}, flags = {} }: Sources): Config => {
  const file = join(folder, 'config.yaml')
  if (yaml !== undefined) writeFileSync(file, yaml)
  return loadConfig({
    file: yaml === undefined ? join(folder, 'absent.yaml') : file,
    required: false,
    env,
    flags,
    stateDir: '.bbq',
  })
}

/** Why they make none. */
export const refusal = (sources: Sources): AppError => {
  try {
    load(sources)
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown
    throw thrown
  }
  throw new Error('was accepted')
}
