import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves once stdout matches. */
  readonly said: (pattern: RegExp) => Promise<void>
}

/** A new empty folder to run in. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'bbq-cli-'))

const cleanEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(BBQ_|BACALHAU_|NO_COLOR|FORCE_COLOR)/.test(name)),
  )

/** Starts the program from source, without a terminal. */
export const start = (folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running => {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...cleanEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return {
    child,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stdout)) resolve()
        }
        child.stdout.on('data', look)
        look()
        ended.then(() => reject(new Error(`ended without saying ${pattern}: ${stdout}${stderr}`)), reject)
      }),
  }
}

/** Runs the program from source to its end. */
export const bbq = (folder: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> =>
  start(folder, args, env).ended
