import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { openLineCutter } from '../../core/lines.ts'
import { type Progress, parseProgress } from '../../core/report.ts'
import { shortOf } from '../../core/short-of.ts'

const keptStdoutBytes = 2_048
/** As much as an answer of a node may hold, and its frame. */
const keptChars = 16 * 1024 * 1024
const keptErrors = 400
const keptErrorChars = 1_024
/** As Bacalhau: SIGKILL follows SIGTERM after one second. */
const graceMs = 1_000

export interface ChildCommand {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** A running program of an execution. */
export interface Child {
  /** Ends with the exit code; 128 + signal for one that was killed, 127 for one that could not be started. */
  readonly done: Promise<number>
  /** The first 2,048 bytes, as Bacalhau keeps them. */
  stdout(): string
  /** The newest lines of both streams. */
  lines(): readonly string[]
  /** Characters in them. */
  size(): number
  /** The newest lines of stderr. */
  errors(): readonly string[]
  progress(): Progress | undefined
  /** SIGTERM now, SIGKILL after a second. */
  stop(): void
  kill(): void
}

/** Starts a program niced. */
export const startChild = (command: ChildCommand): Child => {
  const [file = '', ...args] = command.argv
  const child: ChildProcess = spawn('nice', ['-n', '10', file, ...args], {
    cwd: command.cwd,
    env: { ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let chars = 0
  const errors: string[] = []
  const done = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      keepError(errors, [error.message, ...(shortOf(error) ?? [])].join('. ').replace('.. ', '. '))
      resolve(127)
    })
    child.on('close', (code, signal) => {
      clearTimeout(grace)
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
  const stdout: Buffer[] = []
  let stdoutBytes = 0
  let progress: Progress | undefined
  let grace: NodeJS.Timeout | undefined

  // where no file could be opened there are no pipes either
  child.stdout?.on('data', (bytes: Buffer) => {
    if (stdoutBytes >= keptStdoutBytes) return
    stdout.push(bytes.subarray(0, keptStdoutBytes - stdoutBytes))
    stdoutBytes += bytes.length
  })
  const keep = (line: string): void => {
    lines.push(line)
    chars += line.length + 1
    if (chars <= keptChars) return
    // many at once: taking one away moves all the others
    for (const old of lines.splice(0, Math.ceil(lines.length / 4))) chars -= old.length + 1
  }
  if (child.stdout) onLine(child.stdout, keep)
  if (child.stderr)
    onLine(child.stderr, (line) => {
      keep(line)
      keepError(errors, line)
      if (line.startsWith('{')) progress = parseProgress(line) ?? progress
    })

  const kill = (): void => {
    child.kill('SIGKILL')
  }
  return {
    done,
    stdout: () => Buffer.concat(stdout).toString('utf8'),
    lines: () => lines,
    size: () => chars,
    errors: () => errors,
    progress: () => progress,
    stop() {
      child.kill('SIGTERM')
      grace ??= setTimeout(kill, graceMs)
    },
    kill,
  }
}

const onLine = (stream: Readable, take: (line: string) => void): void => {
  const cutter = openLineCutter()
  stream.on('data', (bytes: Buffer) => cutter.push(bytes).forEach(take))
  stream.on('end', () => cutter.end().forEach(take))
}

const keepError = (errors: string[], line: string): void => {
  errors.push(line.slice(0, keptErrorChars))
  if (errors.length > keptErrors) errors.shift()
}
