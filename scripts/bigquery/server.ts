import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../src/core/errors.ts'
import { homeOf, programOf } from './install.ts'

export interface ServerPlan {
  /** Holds the program, the tables and the log of every port. */
  readonly dir: string
  readonly port: number
  readonly project: string
}

const startMs = 60_000
const stopMs = 5_000
const lookMs = 200

const logOf = ({ dir, port }: ServerPlan): string => join(dir, `server-${port}.log`)
const pidFile = ({ dir, port }: ServerPlan): string => join(dir, `server-${port}.pid`)
const dataOf = ({ dir, port }: ServerPlan): string => join(dir, `data-${port}`)

/** True when it answers a query; the port alone answers before the database is open. */
export const isUp = async ({ port, project }: ServerPlan, waitMs = 5_000): Promise<boolean> => {
  const answer = await fetch(`http://127.0.0.1:${port}/bigquery/v2/projects/${project}/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'SELECT 1 AS one', useLegacySql: false }),
    signal: AbortSignal.timeout(waitMs),
  }).catch(() => undefined)
  return answer?.ok === true
}

/** Starts the server, which goes on after this program, and waits until it answers. */
export const startServer = async (
  plan: ServerPlan,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  mkdirSync(dataOf(plan), { recursive: true })
  const log = openSync(logOf(plan), 'w')
  const child = spawn(
    programOf(plan.dir),
    [
      ...['--host', '127.0.0.1', '--port', `${plan.port}`, '--grpc-port', `${plan.port + 10}`],
      ...['--data-dir', dataOf(plan), '--project', plan.project, '--dataset', 'scratch'],
    ],
    { detached: true, stdio: ['ignore', log, log], env: { ...env, HOME: homeOf(plan.dir), TZ: 'UTC' } },
  )
  child.unref()
  writeFileSync(pidFile(plan), `${child.pid}`)
  const until = performance.now() + startMs
  // one query at a time: a first one that fails leaves the database half open for all later ones
  while (performance.now() < until && child.exitCode === null) {
    const listens = await fetch(`http://127.0.0.1:${plan.port}/`, { signal: AbortSignal.timeout(1_000) }).then(
      () => true,
      () => false,
    )
    if (listens && (await isUp(plan, startMs))) return
    await pause(lookMs)
  }
  await stopServer(plan, false)
  throw new AppError({
    what: `local-bigquery did not start on port ${plan.port}.`,
    why: readFileSync(logOf(plan), 'utf8').trim().split('\n').at(-1) ?? '',
    next: [`Read ${logOf(plan)}.`, 'Take another port: --port 9070'],
  })
}

/** Stops the server that this folder knows, and removes its tables if asked. */
export const stopServer = async (plan: ServerPlan, purge: boolean): Promise<void> => {
  const pid = runningPid(plan)
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM')
    const until = performance.now() + stopMs
    while (runningPid(plan) !== undefined && performance.now() < until) await pause(lookMs)
    if (runningPid(plan) !== undefined) process.kill(pid, 'SIGKILL')
  }
  rmSync(pidFile(plan), { force: true })
  if (purge) rmSync(dataOf(plan), { recursive: true, force: true })
}

/** Its process id, only while that process still is this server. */
const runningPid = (plan: ServerPlan): number | undefined => {
  try {
    const pid = Number(readFileSync(pidFile(plan), 'utf8'))
    process.kill(pid, 0)
    return isServer(pid, plan.port) ? pid : undefined
  } catch {
    return undefined
  }
}

const isServer = (pid: number, port: number): boolean => {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.some((word) => word.endsWith('local-bigquery')) && words.includes(`${port}`)
  } catch {
    // where there is no /proc the id alone has to do
    return process.platform !== 'linux'
  }
}
