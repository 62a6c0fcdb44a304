import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'
import { type ClusterPlan, mountPoint } from './plan.ts'
import { endDaemon, killContainers, startDaemon } from './process.ts'
import { daemonOf, forgetDaemon, lastLine, logFile, rememberDaemon } from './state.ts'
import type { Steps } from './step.ts'
import { interrupted, until } from './wait.ts'

/** A Docker of its own: several share a machine, and none meets the machine's own. */
export interface DockerPlace {
  /** Also the name of its log and its process id. */
  readonly name: string
  readonly images: string
  readonly run: string
  readonly socket: string
  /** Bridge of its containers, `none` for a Docker that runs none. */
  readonly bridge: string
  /** Folder that is the disk of the node, mounted where only this Docker and what it starts can see it. */
  readonly disk?: string
}

const env = (): NodeJS.ProcessEnv => {
  const { DOCKER_HOST: _, DOCKER_CONTEXT: __, ...rest } = process.env
  return rest
}

/** The environment with which the CLI and Bacalhau speak to that Docker. */
const dockerEnv = (socket: string): NodeJS.ProcessEnv => ({ ...env(), DOCKER_HOST: `unix://${socket}` })

const answers = async (socket: string): Promise<boolean> =>
  !(await execa('docker', ['version'], { env: dockerEnv(socket), extendEnv: false, reject: false, timeout: 5_000 }))
    .failed

const mounted = `[ -z "$1" ] || mount --bind "$1" ${mountPoint} || exit 1; shift; exec "$@"`

/** Starts it in a mount namespace of its own, and returns once it answers. Its containerd inherits the namespace, so containers see the node's disk. */
export const startDocker = async (plan: ClusterPlan, place: DockerPlace, steps: Steps): Promise<void> => {
  killContainers(place.run, place.images)
  rmSync(place.run, { recursive: true, force: true })
  // networks of an earlier start
  rmSync(join(place.images, 'network'), { recursive: true, force: true })
  for (const folder of [place.run, place.images]) mkdirSync(folder, { recursive: true })
  const log = logFile(plan, place.name)
  const args = [
    ...['--mount', '--propagation', 'private', 'sh', '-c', mounted, 'sh', place.disk ?? '', 'dockerd'],
    ...['--data-root', place.images, '--exec-root', join(place.run, 'exec'), '--pidfile', join(place.run, 'pid')],
    ...['--host', `unix://${place.socket}`, '--bridge', place.bridge, '--userland-proxy=false'],
    // each would rewrite the chains of the others
    ...['--iptables=false', '--ip6tables=false', '--ip-masq=false'],
  ]
  const daemon = startDaemon('unshare', args, { env: env(), cwd: plan.dir, log })
  rememberDaemon(plan, place.name, daemon)
  steps.onFailure(() => stopDocker(plan, place))
  const failed = () => new AppError({ what: `${place.name} did not start.`, why: lastLine(log), next: [`Read ${log}`] })
  await until(
    30_000,
    () => {
      if (daemonOf(plan, place.name) === undefined) throw failed()
      return answers(place.socket)
    },
    failed,
    steps.signal,
  )
}

/** Ends its containers first, because they would outlive it. */
export const stopDocker = async (
  plan: ClusterPlan,
  { name, run, socket, images }: Omit<DockerPlace, 'bridge'>,
): Promise<void> => {
  const daemon = daemonOf(plan, name)
  if (daemon !== undefined) {
    await removeContainers(socket)
    await endDaemon(daemon)
  }
  killContainers(run, images)
  rmSync(run, { recursive: true, force: true })
  forgetDaemon(plan, name)
}

/** Removes all containers, running or not. */
export const removeContainers = async (socket: string): Promise<void> => {
  const options = { env: dockerEnv(socket), extendEnv: false, reject: false, timeout: 30_000 } as const
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet'], options)
  const ids = typeof stdout === 'string' ? stdout.split('\n').filter((id) => id !== '') : []
  if (ids.length > 0) await execa('docker', ['rm', '--force', ...ids], options)
}

/** Runs the Docker CLI on that Docker; returns its stdout. */
export const docker = async (
  socket: string,
  args: readonly string[],
  { signal, ...options }: { readonly signal: AbortSignal; readonly inputFile?: string },
): Promise<string> => {
  const result = await execa('docker', args, {
    env: dockerEnv(socket),
    extendEnv: false,
    reject: false,
    cancelSignal: signal,
    ...(options.inputFile === undefined ? { stdin: 'ignore' } : { inputFile: options.inputFile }),
  })
  if (result.isCanceled) throw interrupted()
  if (!result.failed) return result.stdout
  throw new AppError({ what: `docker ${args[0]} failed.`, why: result.stderr.trim() || `${result.shortMessage}` })
}
