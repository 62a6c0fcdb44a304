import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../src/core/errors.ts'

/** A process that outlives this one. Its start tells it from a later process of the same id. */
export interface Daemon {
  readonly pid: number
  /** Clock ticks since the machine's start. */
  readonly startedAt: string
}

export interface DaemonOptions {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** File that takes its output. */
  readonly log: string
}

interface Stat {
  readonly state: string
  readonly startedAt: string
}

const statOf = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** This process, as another would remember it. */
export const thisProcess = (): Daemon => ({ pid: process.pid, startedAt: statOf(process.pid)?.startedAt ?? '' })

/** Starts a program in a session of its own, so that no signal of this terminal reaches it. */
export const startDaemon = (command: string, args: readonly string[], options: DaemonOptions): Daemon => {
  const log = openSync(options.log, 'a')
  try {
    const { env, cwd } = options
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', log, log], detached: true })
    // that it did not start is told below
    child.on('error', () => {})
    const stat = child.pid === undefined ? undefined : statOf(child.pid)
    if (child.pid === undefined || stat === undefined)
      throw new AppError({ what: `${command} did not start.`, next: [`Read ${options.log}`] })
    child.unref()
    return { pid: child.pid, startedAt: stat.startedAt }
  } finally {
    closeSync(log)
  }
}

export const isAlive = ({ pid, startedAt }: Daemon): boolean => {
  const stat = statOf(pid)
  return stat !== undefined && stat.startedAt === startedAt && stat.state !== 'Z'
}

/** Asks a process to end, and ends it after ten seconds. */
export const endDaemon = async (daemon: Daemon): Promise<void> => {
  if (!isAlive(daemon)) return
  process.kill(daemon.pid, 'SIGTERM')
  for (let i = 0; i < 100 && isAlive(daemon); i++) await sleep(100)
  await killDaemon(daemon)
}

/** SIGKILL; returns once the process is gone. */
export const killDaemon = async (daemon: Daemon): Promise<void> => {
  if (isAlive(daemon)) process.kill(daemon.pid, 'SIGKILL')
  for (let i = 0; i < 100 && isAlive(daemon); i++) await sleep(20)
}

const pids = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const commandLine = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Mounts that a process sees; a container's root is one. */
const mountsOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
  } catch {
    return ''
  }
}

/** Kills what a killed Docker leaves: its containerd and shims, known by its run folder, and containers, known by where it keeps images. */
export const killContainers = (run: string, images: string): void => {
  for (const pid of pids()) {
    const [program = '', ...args] = commandLine(pid)
    const isDocker = /(containerd[^/]*|dockerd)$/.test(program) && args.some((arg) => arg.includes(`${run}/`))
    if (!isDocker && !mountsOf(pid).includes(`upperdir=${images}/overlay2/`)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // gone meanwhile
    }
  }
}
