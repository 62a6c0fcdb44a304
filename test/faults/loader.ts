import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseReport, type Report } from '../../src/core/report.ts'

const program = fileURLToPath(new URL('../../processors/run.ts', import.meta.url))

export interface LoaderRun {
  readonly flags: readonly string[]
  /** Milliseconds from its first progress line to the kill; it is left alone without it. */
  readonly killAfter?: number
}

export interface LoaderEnd {
  /** Null when it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly report: Report | undefined
}

/** Runs a stage as a process of its own, which may be killed with everything that it started. */
export const runLoader = async ({ flags, killAfter }: LoaderRun): Promise<LoaderEnd> => {
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let [stdout, stderr] = ['', '']
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => {
    stderr += data
    if (killAfter !== undefined) timer ??= setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), killAfter)
  })
  child.once('exit', () => clearTimeout(timer))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr, report: parseReport(stdout) }
}
