import { setOf } from '../../src/core/rotation-set.ts'
import type { Source } from './source.ts'

const blockBytes = 256 * 1024

/** True when the shorter of two is the beginning of the longer, byte by byte. */
const isBeginning = async (shorter: Source, longer: Source): Promise<boolean> => {
  const common = Math.min(shorter.head.length, longer.head.length)
  if (Buffer.compare(shorter.head.subarray(0, common), longer.head.subarray(0, common)) !== 0) return false
  const [a, b] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)]
  for (let at = common; at < shorter.size; at += blockBytes) {
    const wanted = Math.min(blockBytes, shorter.size - at)
    const [gotA, gotB] = [await shorter.read(at, a.subarray(0, wanted)), await longer.read(at, b.subarray(0, wanted))]
    if (gotA < wanted || gotB < wanted || Buffer.compare(a.subarray(0, wanted), b.subarray(0, wanted)) !== 0)
      return false
  }
  return true
}

/** Of files of one rotation, only those whose content is not the beginning of another's: while a log is copied or packed, it is there twice. */
export const withoutEqual = async (sources: readonly Source[]): Promise<readonly Source[]> => {
  const kept: Source[] = []
  for (const source of [...sources].sort((a, b) => b.size - a.size)) {
    const set = kept.filter((other) => setOf(other.path) === setOf(source.path))
    if (source.size === 0 || source.stream !== undefined || !(await isAmong(source, set))) kept.push(source)
  }
  return sources.filter((source) => kept.includes(source))
}

const isAmong = async (source: Source, others: readonly Source[]): Promise<boolean> => {
  for (const other of others) if (other.stream === undefined && (await isBeginning(source, other))) return true
  return false
}
