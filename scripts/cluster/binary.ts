import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'
import type { ClusterPlan } from './plan.ts'
import { run, type Steps } from './step.ts'

const version = 'v1.9.3'

const leastGo = [1, 26, 5] as const
const here = fileURLToPath(new URL('.', import.meta.url))
const modulePath = 'github.com/bacalhau-project/bacalhau'

/** The Go that builds in this folder, or undefined where there is none that can. */
const goVersion = async (): Promise<string | undefined> => {
  const result = await execa('go', ['env', 'GOVERSION'], { cwd: here, reject: false, stdin: 'ignore' })
  const found = result.failed ? null : /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(result.stdout)
  if (found === null) return undefined
  const [major = 0, minor = 0, patch = 0] = found.slice(1).map((text) => Number(text ?? 0))
  const isOld =
    major < leastGo[0] || (major === leastGo[0] && (minor < leastGo[1] || (minor === leastGo[1] && patch < leastGo[2])))
  return isOld ? undefined : result.stdout.trim()
}

const folder = (go: string): string => `bin-${version}-${go}`

const builtEarlier = ({ cache }: ClusterPlan): string | undefined => {
  const folders = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith(folder(''))) : []
  return folders.map((name) => join(cache, name, 'bacalhau')).find((path) => existsSync(path))
}

/** Why the program can be neither found nor built, or undefined. */
export const binaryObstacle = async (plan: ClusterPlan): Promise<AppError | undefined> =>
  (await goVersion()) !== undefined || builtEarlier(plan) !== undefined
    ? undefined
    : new AppError({
        what: `Bacalhau ${version} cannot be built: Go ${leastGo.join('.')} or later is not here.`,
        next: ['Install it from https://go.dev/dl/ and put its bin folder on PATH.'],
      })

/** Path of the program `bacalhau`; built at the first time, for some minutes, as the Go module that go.sum pins. */
export const bacalhau = async (plan: ClusterPlan, steps: Steps): Promise<string> => {
  const go = await goVersion()
  if (go === undefined) {
    const earlier = builtEarlier(plan)
    if (earlier !== undefined) return earlier
    throw (await binaryObstacle(plan)) ?? new Error('a binary appeared')
  }
  const path = join(plan.cache, folder(go), 'bacalhau')
  if (existsSync(path)) return path
  steps.say(`building Bacalhau ${version} with ${go}: two to five minutes at the first time`)
  mkdirSync(join(plan.cache, folder(go)), { recursive: true })
  const fresh = `${path}.${process.pid}`
  // without it the program calls itself v0.0.0
  const flags = `-s -w -X ${modulePath}/pkg/version.GITVERSION=${version}`
  try {
    await run(steps, 'go', ['build', '-ldflags', flags, '-o', fresh, modulePath], {
      cwd: here,
      next: ['Check that the Go module proxy is reached: go env GOPROXY'],
    })
    renameSync(fresh, path)
  } finally {
    rmSync(fresh, { force: true })
  }
  return path
}
