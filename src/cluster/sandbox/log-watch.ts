import { type FileHandle, readdir } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import type { NodeLog } from '../../core/node.ts'
import type { OwnFile } from '../../core/own-files.ts'
import { belongsTo } from '../../core/rotation-set.ts'
import { throwIfShort } from '../../core/short-of.ts'
import { countLines, type LineCount } from './line-count.ts'
import type { SandboxNode } from './node.ts'
import { openLog } from './open-log.ts'
import { filesOf } from './own-files.ts'

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
    const files = node.own === undefined ? await rotationSet(node.log) : await filesOf(node.own)
    const newest = node.own === undefined ? node.log : files.at(-1)?.path
    for (const each of files) {
      const { path } = each
      const file = await openLog(each)
      if (file === undefined) continue
      try {
        const { ino, size } = await file.stat()
        if (counts.has(ino)) continue
        bytes += size
        const packed = await isPacked(file)
        if (!packed) counts.set(ino, await countLines(file, size, seen.counts.get(ino)))
        const identity = `${ino}:${size}`
        if (path === newest && size > 0 && identity !== tailOf) {
          tail = packed ? [] : await readTail(file, size)
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
const pathOf = ({ own, log, dir }: SandboxNode): string =>
  own === undefined
    ? `/bacalhau_data/${relative(dir, log)}`
    : shortList([...own.files, ...(own.streams ?? []).map(({ stream, path }) => stream?.name ?? path)])

const mostNamed = 3

const shortList = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')}, ${names.length - mostNamed} more`

/** The live file and its rotated predecessors. */
const rotationSet = async (live: string): Promise<readonly OwnFile[]> => {
  const folder = dirname(live)
  const name = basename(live)
  const names = await readdir(folder).catch((thrown: unknown) => {
    throwIfShort(thrown)
    return []
  })
  return names
    .filter((entry) => belongsTo(name, entry))
    .map((entry) => ({ path: join(folder, entry), found: true }) as const)
}

/** True for a file that begins as gzip or zstd does: its lines cannot be counted where it is. */
const isPacked = async (file: FileHandle): Promise<boolean> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  return /^(1f8b|28b52ffd|5.2a4d18)/.test(buffer.subarray(0, bytesRead).toString('hex'))
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
