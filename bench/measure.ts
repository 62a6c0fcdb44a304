import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measured {
  /** Wall time from spawn to exit. */
  readonly ms: number
  /** Peak resident memory in bytes; 0 where the system does not tell. */
  readonly peakBytes: number
  /** Processor time of all its threads, as last seen before it ended; steadier than wall time on a busy machine. */
  readonly cpuMs: number
  readonly stdout: string
}

const peakOf = (pid: number): number => {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(found?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Clock ticks a second of /proc; the same on every Linux that people run. */
const ticks = 100

const cpuOf = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks
  } catch {
    return 0
  }
}

/** Runs a program of ours to its end; fails with what it said when it does not end well. */
export const measure = (args: readonly string[]): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    let peakBytes = 0
    let cpuMs = 0
    const watch = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0))
      cpuMs = Math.max(cpuMs, cpuOf(child.pid ?? 0))
    }, 10)
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(watch)
      const ms = performance.now() - began
      if (code === 0) resolve({ ms, peakBytes, cpuMs, stdout })
      else reject(new Error(`${args.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`))
    })
  })

export const minOf = (values: readonly number[]): number => Math.min(...values)

export const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
