import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { mkdir, readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { Programs } from '../../programs.ts'
import type { TaskSpec } from '../spec.ts'
import type { ChildCommand } from './child.ts'
import type { SandboxNode } from './node.ts'

/** The folder of a real node that a sandbox node's own folder stands for. */
const dataFolder = '/bacalhau_data'
const runtimePath = /\/\.bbq\/runtime\/[A-Za-z0-9._-]+\/run\.mjs$/

export interface Mount {
  readonly target: string
  readonly source: string
  readonly create: boolean
}

export interface CommandContext {
  readonly programs: Programs
  readonly nodePath: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Process that the program ends with. */
  readonly parentPid: number
}

/** Where the task's mounts lie on that node; undefined for a kind of source that the sandbox has not. */
export const mountsOf = (task: TaskSpec, node: SandboxNode): readonly Mount[] | string => {
  const mounts: Mount[] = []
  for (const { Target, Source } of task.InputSources) {
    const path = Source.Params['SourcePath']
    if (!['local', 'localDirectory'].includes(Source.Type) || typeof path !== 'string' || !isAbsolute(path))
      return `storage source ${Source.Type} of ${Target} is not offered by a simulated node`
    const own = Source.Type === 'localDirectory' && (path === dataFolder || path.startsWith(`${dataFolder}/`))
    mounts.push({
      target: Target.replace(/(?<=[^/])\/+$/, ''),
      source: own ? join(node.dir, path.slice(dataFolder.length)) : path,
      create: Source.Params['CreateAs'] === 'dir',
    })
  }
  return mounts
}

/** A word in which the path behind an optional `name:` or `name=` is moved from a mount's target to its source. */
export const mapPath = (word: string, mounts: readonly Mount[]): string => {
  const parts = /^((?:[A-Za-z_-]+[:=])*)(\/.*)$/s.exec(word)
  if (parts === null) return word
  const [, prefix = '', path = ''] = parts
  const mount = mounts
    .filter(({ target }) => path === target || path.startsWith(`${target}/`))
    .sort((a, b) => b.target.length - a.target.length)[0]
  return mount === undefined ? word : `${prefix}${mount.source}${path.slice(mount.target.length)}`
}

/** What a person would type on that node: program and arguments, without the niceness. */
export const argvOf = (task: TaskSpec, mounts: readonly Mount[], nodePath: string): readonly string[] => {
  const { Entrypoint, Parameters } = task.Engine.Params
  const words = [...(Entrypoint ?? []), ...(Parameters ?? [])].map((word) => mapPath(word, mounts))
  return words[0] === 'node' ? [nodePath, ...words.slice(1)] : words
}

/** The processor among the words, if this is one. */
const runtimeOf = (argv: readonly string[]): string | undefined =>
  argv[1] !== undefined && runtimePath.test(argv[1]) ? argv[1] : undefined

/** Puts the processor on the node under the name that the job gives it. */
export const installRuntime = async (argv: readonly string[], programs: Programs): Promise<void> => {
  const path = runtimeOf(argv)
  if (path === undefined || (await readlink(path).catch(() => '')) === programs.run) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // in one step and under one name: many executions of a node may come here together, and what one left that was killed is replaced
  const aside = `${path}.part`
  rmSync(aside, { force: true })
  symlinkSync(programs.run, aside)
  renameSync(aside, path)
}

/** Everything that starts the task's program on that node. */
export const commandOf = (
  task: TaskSpec,
  node: SandboxNode,
  mounts: readonly Mount[],
  ids: { readonly jobId: string; readonly executionId: string },
  context: CommandContext,
): ChildCommand => {
  const argv = argvOf(task, mounts, context.nodePath)
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = context.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    argv: runtimeOf(argv) === undefined ? argv : [...argv, '--parent-pid', String(context.parentPid)],
    cwd: node.dir,
    env: {
      ...Object.fromEntries(inherited),
      BACALHAU_EXECUTION_ID: ids.executionId,
      BACALHAU_JOB_ID: ids.jobId,
      BACALHAU_JOB_TYPE: 'ops',
      BACALHAU_PARTITION_INDEX: '0',
      BACALHAU_PARTITION_COUNT: '0',
      ...taskEnv(task),
    },
  }
}

/** The task's own variables; the engine's win, as in Bacalhau. */
export const taskEnv = (task: TaskSpec): Readonly<Record<string, string>> => {
  const entries = (task.Engine.Params.EnvironmentVariables ?? []).flatMap((entry) => {
    const at = entry.indexOf('=')
    return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const]
  })
  return { ...task.Env, ...Object.fromEntries(entries) }
}
