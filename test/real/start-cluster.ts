import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { down } from '../../scripts/cluster/down.ts'
import { isFree } from '../../scripts/cluster/machine.ts'
import { type ClusterPlan, planOf, usualNodes } from '../../scripts/cluster/plan.ts'
import { type Daemon, isAlive, thisProcess } from '../../scripts/cluster/process.ts'
import type { ClusterState } from '../../scripts/cluster/state.ts'
import { up } from '../../scripts/cluster/up.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: ClusterState
  }
}

/** Away from 1234, where somebody's own cluster may run; several, because several people may test on one machine. */
const ports = [1334, 1434, 1534, 1634, 1734]

const cache = join(homedir(), '.cache/bbq-cluster')

const planAt = (port: number): ClusterPlan =>
  planOf({ dir: join(tmpdir(), `bbq-real-${port}`), cache, port, nodes: usualNodes })

const ownerFile = ({ dir }: ClusterPlan): string => join(dir, 'owner.json')

/** Takes a place that no living test run has, after it has stopped what a killed one left there. */
const claim = async (plan: ClusterPlan): Promise<boolean> => {
  if (existsSync(ownerFile(plan))) {
    if (isAlive(JSON.parse(readFileSync(ownerFile(plan), 'utf8')) as Daemon)) return false
    await down(plan, { purge: true })
  }
  if (!(await isFree(plan.port))) return false
  mkdirSync(plan.dir, { recursive: true })
  try {
    writeFileSync(ownerFile(plan), JSON.stringify(thisProcess()), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

const claimed = async (): Promise<ClusterPlan> => {
  for (const port of ports) {
    const plan = planAt(port)
    if (await claim(plan)) return plan
  }
  throw new Error(`all of the ports ${ports.join(', ')} are taken`)
}

const program = fileURLToPath(new URL('../../scripts/cluster.ts', import.meta.url))

/** A run that is interrupted exits without waiting for anybody; then the cluster is stopped in its last moment. */
const stopAtExit = ({ dir, port }: ClusterPlan): (() => void) => {
  const stop = (): void => {
    spawnSync(process.execPath, [program, 'down', '--purge', '--dir', dir, '--port', `${port}`], { timeout: 60_000 })
  }
  const exit = (): void => process.exit(143)
  process.once('exit', stop)
  for (const name of signals) process.once(name, exit)
  return () => {
    process.off('exit', stop)
    for (const name of signals) process.off(name, exit)
  }
}

const signals = ['SIGTERM', 'SIGHUP'] as const

/** A cluster for the tests of one run; it is gone with its disks when they are done, whatever they came to. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const plan = await claimed()
  const forget = stopAtExit(plan)
  const startedAt = performance.now()
  const say = (text: string): void => {
    process.stderr.write(`cluster  [${((performance.now() - startedAt) / 1000).toFixed(1)} s] ${text}\n`)
  }
  const stop = async (): Promise<void> => {
    await down(plan, { purge: true })
    forget()
  }
  try {
    project.provide('cluster', await up(plan, { say, signal: new AbortController().signal }))
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return stop
}
