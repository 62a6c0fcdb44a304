import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import type { NodeLog } from '../../core/node.ts'
import { countLines, type LineCount } from './line-count.ts'
import type { SandboxNode } from './node.ts'

const tailLines = 10
const tailBytes = 8 * 1024

interface Seen {
  /** By inode, so that a rotated file is not counted again. */
  readonly counts: ReadonlyMap<number, LineCount>
  readonly tail: readonly string[]
  /** Identity and size of the file that the tail was read from. */
  readonly tailOf: string
}

const nothingSeen: Seen = { counts: new Map(), tail: [], tailOf: '' }

/** Looks at a node's log again and again; each look reads only what is new and the last few KB. */
export const createLogWatch = (node: SandboxNode): (() => Promise<NodeLog | undefined>) => {
  let seen = nothingSeen
  return async () => {
    const counts = new Map<number, LineCount>()
    let { tail, tailOf } = seen
    let bytes = 0
    for (const path of node.rotates ? await rotationSet(node.logs[0] ?? '') : node.logs) {
      const file = await open(path).catch(() => undefined)
      if (file === undefined) continue
      try {
        const { ino, size } = await file.stat()
        bytes += size
        if (!path.endsWith('.gz')) counts.set(ino, await countLines(file, size, seen.counts.get(ino)))
        const identity = `${ino}:${size}`
        if (path === node.logs[0] && size > 0 && identity !== tailOf) {
          tail = path.endsWith('.gz') ? [] : await readTail(file, size)
          tailOf = identity
        }
      } finally {
        await file.close()
      }
    }
    seen = { counts, tail, tailOf }
    if (counts.size === 0 && bytes === 0) return undefined
    const lines = [...counts.values()].reduce((sum, count) => sum + count.lines, 0)
    return { path: pathOf(node), bytes, lines, tail }
  }
}

/** As the node itself would name it. */
const pathOf = ({ rotates, logs, dir }: SandboxNode): string =>
  rotates ? `/bacalhau_data/${relative(dir, logs[0] ?? '')}` : logs.join(', ')

/** The live file and its rotated predecessors. */
const rotationSet = async (live: string): Promise<readonly string[]> => {
  const folder = dirname(live)
  const name = basename(live)
  const names = await readdir(folder).catch(() => [])
  return names
    .filter(
      (entry) => entry === name || (entry.startsWith(`${name}.`) && /^\d+(\.gz)?$/.test(entry.slice(name.length + 1))),
    )
    .map((entry) => join(folder, entry))
}

const readTail = async (file: FileHandle, size: number): Promise<readonly string[]> => {
  const start = Math.max(0, size - tailBytes)
  const buffer = Buffer.alloc(size - start)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
  const whole = buffer.subarray(0, buffer.lastIndexOf(10, bytesRead - 1) + 1)
  const lines = whole
    .toString('utf8')
    .split('\n')
    .slice(start === 0 ? 0 : 1, -1)
  return lines.slice(-tailLines)
}
