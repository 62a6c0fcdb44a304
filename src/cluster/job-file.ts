import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobRequest } from './cluster.ts'
import { quote } from './shell.ts'

/** Keeps the spec as it is sent in `<state>/jobs/<name>.yaml`, so that the shown command runs. Returns the path. */
export const writeJobFile = async (stateDir: string, request: JobRequest): Promise<string> => {
  const folder = join(stateDir, 'jobs')
  const path = join(folder, `${request.name}.yaml`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${path}.part`, request.spec)
  await rename(`${path}.part`, path)
  return path
}

/** Arguments by which a spec is sent on stdin: never waits, never expands templates. */
export const submitArguments: readonly string[] = ['job', 'run', '--wait=false', '--id-only', '--no-template']

/** The line that sends a kept spec to a cluster. */
export const submitLine = (path: string, extra: readonly string[] = []): string =>
  ['bacalhau', ...submitArguments, ...extra.map(quote), '<', quote(path)].join(' ')
