import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobRequest } from './cluster.ts'
import { keepNewest } from './keep-newest.ts'
import { quote } from './shell.ts'

/** Bacalhau takes a second job of one name for the first; by this one it can be sent by hand beside it. */
const byHand = (name: string): string => `${name}-by-hand`

/** Keeps the spec in `<state>/jobs/<name>.yaml` under a name of its own, so that the shown command runs. Returns the path. */
export const writeJobFile = async (stateDir: string, request: JobRequest): Promise<string> => {
  const folder = join(stateDir, 'jobs')
  const path = join(folder, `${request.name}.yaml`)
  await mkdir(folder, { recursive: true })
  const spec = request.spec.replace(request.name, byHand(request.name))
  await writeFile(`${path}.part`, spec)
  await rename(`${path}.part`, path)
  await keepNewest(folder)
  return path
}

/** Arguments by which a spec is sent on stdin: never waits, never expands templates. */
export const submitArguments: readonly string[] = ['job', 'run', '--wait=false', '--id-only', '--no-template']

/** The line that sends a kept spec to a cluster. */
export const submitLine = (path: string, extra: readonly string[] = []): string =>
  ['bacalhau', ...submitArguments, ...extra.map(quote), '<', quote(path)].join(' ')
