#!/usr/bin/env -S node --max-semi-space-size=4
// a screen makes much short-lived garbage; a bounded young generation keeps the process a third smaller
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { forceColor } from './cli/color.ts'
import { helpText } from './cli/help-text.ts'
import { oldNode } from './cli/node-version.ts'
import { hasFlag, plainWords } from './cli/words.ts'

declare global {
  interface ImportMeta {
    /** Set by the build. */
    readonly BBQ_VERSION?: string
  }
}

const version = (): string => {
  if (import.meta.BBQ_VERSION !== undefined) return import.meta.BBQ_VERSION
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown'
}

/** Keeps what V8 compiled beside the build, which a new build replaces; where that folder is read-only nothing is kept. */
const keepCompiled = (): void => {
  if (import.meta.BBQ_VERSION !== undefined) enableCompileCache(fileURLToPath(new URL('./compiled', import.meta.url)))
}

/** Aborts at the first signal that ends the program, ends it at the second. */
const endingSignal = (): AbortSignal => {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
    })
  return controller.signal
}

const main = async (argv: readonly string[]): Promise<number> => {
  // of every file and folder that this program and its children make, whatever the terminal's own is
  const umask = process.umask(0o077)
  const tooOld = oldNode(process.versions.node)
  if (tooOld !== undefined) {
    process.stderr.write(tooOld)
    return 2
  }
  keepCompiled()
  const words = plainWords(argv)
  if (hasFlag(argv, '--version', '-V')) {
    process.stdout.write(`${version()}\n`)
    return 0
  }
  if (words.length === 0 && hasFlag(argv, '--help', '-h')) {
    process.stdout.write(helpText)
    return 0
  }
  const color = forceColor(argv, process.env)
  if (color !== undefined) process.env['FORCE_COLOR'] = color
  const { stdin, stdout, stderr, env } = process
  const onScreen =
    words.length === 0 &&
    stdin.isTTY === true &&
    stdout.isTTY === true &&
    env['TERM'] !== 'dumb' &&
    !hasFlag(argv, '--plain', '--json')
  const frame = onScreen ? (await import('./cli/frame.ts')).showFirstFrame(stdin, stdout, env) : undefined
  const { runProgram } = await import('./cli/program.ts')
  return runProgram({
    argv,
    env,
    stdin,
    stdout,
    stderr,
    now: Date.now,
    signal: endingSignal(),
    nodePath: process.execPath,
    umask,
    version: version(),
    ...(frame === undefined ? {} : { leaveFrame: frame }),
  })
}

/** A reader that has gone (`bbq query ... | head`) ends the program quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const code = await main(process.argv.slice(2))
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
