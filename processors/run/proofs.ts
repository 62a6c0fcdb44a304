import { crc32 } from 'node:zlib'
import { inputSet, type LogState, type Proof } from '../checkpoint/state.ts'
import { errorCode } from './explain.ts'
import { hasHead, headOf } from './match.ts'
import { openSource } from './open-source.ts'
import { headLength, type Source } from './source.ts'

const blockBytes = 256 * 1024

/** CRC-32 of the content up to an offset; undefined where it ends before. */
const checksumTo = async (source: Source, offset: number): Promise<number | undefined> => {
  const block = Buffer.alloc(Math.min(blockBytes, offset))
  let sum = 0
  for (let at = 0; at < offset; at += block.length) {
    const part = block.subarray(0, offset - at)
    if ((await source.read(at, part)) < part.length) return undefined
    sum = crc32(part, sum)
  }
  return sum
}

/** The checksum from which the next chunk goes on; made anew where an earlier version read what stands before. */
export const checksumBefore = async (source: Source, { offset, proof }: Pick<LogState, 'offset' | 'proof'>) =>
  proof?.checksum ?? (await checksumTo(source, offset)) ?? 0

const tailBefore = async (source: Source, offset: number, length: number): Promise<Uint8Array> => {
  const tail = Buffer.alloc(length)
  return tail.subarray(0, await source.read(offset - length, tail))
}

/** What proves later that a file goes on with this log. */
export const proofOf = async (source: Source, end: number, checksum: number): Promise<Proof> => {
  if (source.packed !== undefined || source.problem !== undefined) return { checksum }
  return { checksum, tail: headOf(await tailBefore(source, end, Math.min(headLength, end))) }
}

/** True where a file may be a known log: it has its head, and all that was read of it. */
const mayBe = (file: Source, log: LogState): boolean =>
  file.stream === log.stream && file.size >= log.offset && hasHead(file.head, log.head)

/** True for the same file of the disk, in which nothing before the offset was overwritten. */
const isSameFile = async (file: Source, log: LogState): Promise<boolean> => {
  if (file.inode !== log.inode || !mayBe(file, log)) return false
  if (file.packed !== log.packed) return false
  const tail = log.proof?.tail
  return tail === undefined || headOf(await tailBefore(file, log.offset, tail.length)).hash === tail.hash
}

/** True where the file that was read is still where it was, so that another one cannot be it. */
const isStillThere = async (log: LogState): Promise<boolean> => {
  // an earlier version did not say which file it was: in a rotation the path may be another's by now
  if (log.inode === undefined && log.set !== inputSet) return false
  try {
    const source = await openSource({ path: log.path }, () => log.size)
    try {
      return log.inode === undefined || (await isSameFile(source, log))
    } finally {
      source.close()
    }
  } catch (thrown) {
    return errorCode(thrown) === 'EACCES'
  }
}

/** What was found of a file, by log and offset: all of the content up to there was read for it. */
const answers = new WeakMap<Source, Map<string, Promise<boolean>>>()

/** True for another file that holds all that was read of a log which is no longer where it was. */
const hasContent = async (file: Source, log: LogState): Promise<boolean> => {
  if (!mayBe(file, log)) return false
  if (file.stream !== undefined) return true
  const ofFile = answers.get(file) ?? new Map<string, Promise<boolean>>()
  answers.set(file, ofFile)
  const key = `${log.id}/${log.offset}`
  const answer = ofFile.get(key) ?? compareContent(file, log)
  ofFile.set(key, answer)
  return answer
}

const compareContent = async (file: Source, log: LogState): Promise<boolean> => {
  if (file.path !== log.path && (await isStillThere(log))) return false
  return log.proof === undefined || (await checksumTo(file, log.offset)) === log.proof.checksum
}

export const fromDisk = { isSameFile, hasContent } as const
