import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { GeneratorPlan } from '../../core/generator.ts'
import type { OpenClusterOptions } from '../options.ts'
import { commandLine } from '../shell.ts'
import type { SandboxNode } from './node.ts'

type GeneratorOptions = Pick<
  OpenClusterOptions,
  'nodePath' | 'programs' | 'seed' | 'lines' | 'generator' | 'now' | 'stateDir' | 'env' | 'signal'
>

const keptErrorChars = 600

/** Fills the nodes' logs by one generator process; ends when all lines are written. */
export const fillLogs = async (nodes: readonly SandboxNode[], options: GeneratorOptions): Promise<void> => {
  const { child, line, end } = await startGenerator('fill', nodes, options)
  let errors = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString('utf8')).slice(-keptErrorChars)
  })
  const stop = (): void => {
    child.kill('SIGKILL')
  }
  options.signal?.addEventListener('abort', stop)
  const code = await end
  options.signal?.removeEventListener('abort', stop)
  if (options.signal?.aborted === true)
    throw new AppError({ what: 'Stopped while the logs were made.', kind: 'interrupted' })
  if (code === 0) return
  throw new AppError({
    what: `The log generator ended with exit code ${code ?? 'none'}.`,
    why: errors.trim().split('\n').at(-1) || 'It did not say why.',
    next: [`Run it by hand: ${line}`],
  })
}

/** Keeps the nodes' logs growing until the returned function has ended the generator. */
export const growLogs = async (
  nodes: readonly SandboxNode[],
  options: GeneratorOptions,
): Promise<() => Promise<void>> => {
  const { child, end } = await startGenerator('live', nodes, options)
  child.stderr?.resume()
  return async () => {
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 1_000)
    await end
    clearTimeout(hard)
  }
}

const startGenerator = async (mode: 'fill' | 'live', nodes: readonly SandboxNode[], options: GeneratorOptions) => {
  const folder = join(options.stateDir, 'sandbox')
  const file = join(folder, `${mode}.json`)
  const plan: GeneratorPlan = {
    nodes: nodes.map(({ identity, log }) => ({ id: identity.id, file: log })),
    seed: options.seed,
    lines: options.lines,
    until: options.now(),
    ...(options.generator === undefined ? {} : { knobs: options.generator }),
  }
  await mkdir(folder, { recursive: true })
  await rm(file, { force: true })
  await writeFile(`${file}.part`, JSON.stringify(plan, null, 2))
  await rename(`${file}.part`, file)
  const argv = [options.nodePath, options.programs.generate, mode, '--plan', file]
  const words = mode === 'live' ? ['nice', '-n', '10', ...argv, '--parent-pid', String(process.pid)] : argv
  // Its stdin is a pipe that closes when this process is gone, however it ends.
  const [program = '', ...args] = words
  const child = spawn(program, args, { env: { ...options.env }, stdio: ['pipe', 'ignore', 'pipe'] })
  const end = ended(child)
  // throws where it cannot be started: a log that does not grow would say nothing
  await once(child, 'spawn')
  return { child, line: commandLine(argv), end }
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code))
  })
