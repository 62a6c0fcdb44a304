import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keepNewest } from '../keep-newest.ts'
import { assignment, commandLine, quote } from '../shell.ts'
import type { TaskSpec } from '../spec.ts'
import { argvOf, mountsOf, taskEnv } from './command.ts'
import type { SandboxNode } from './node.ts'

/** Writes the lines that run on the nodes, one a node, as a shell script `<state>/sandbox/<name>.sh`. */
export const writeShownCommand = async (
  stateDir: string,
  name: string,
  task: TaskSpec,
  nodes: readonly SandboxNode[],
  nodePath: string,
): Promise<void> => {
  const folder = join(stateDir, 'sandbox')
  const path = join(folder, `${name}.sh`)
  const head = ['#!/bin/sh', `# ${name}: what runs on its nodes (${nodes.length}), one line a node.`, 'umask 077']
  await mkdir(folder, { recursive: true })
  await writeFile(path, `${[...head, ...nodes.map((node) => nodeLine(task, node, nodePath))].join('\n')}\n`)
  await keepNewest(folder)
}

const nodeLine = (task: TaskSpec, node: SandboxNode, nodePath: string): string => {
  const mounts = mountsOf(task, node)
  if (typeof mounts === 'string') return `# ${node.identity.id}: ${mounts}`
  const env = Object.entries(taskEnv(task)).map(([name, value]) => assignment(name, value))
  const words = [...env, 'nice', '-n', '10', commandLine(argvOf(task, mounts, nodePath))]
  return `(cd ${quote(node.dir)} && ${words.join(' ')})`
}
