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

/**
 * The files without those whose content is the beginning of another's of the same rotation: while a log is copied or packed, it is
 * there twice. Only files that `mayBeCopy` says so of are compared.
 */
export const withoutEqual = async (
  sources: readonly Source[],
  mayBeCopy: (source: Source) => boolean,
): Promise<readonly Source[]> => {
  const copies = new Set<Source>()
  const kept: Source[] = []
  const candidates = sources.filter((source) => source.size > 0 && mayBeCopy(source))
  for (const source of candidates.sort((a, b) => b.size - a.size)) {
    const set = kept.filter((other) => setOf(other.path) === setOf(source.path))
    if (await isAmong(source, set)) copies.add(source)
    else kept.push(source)
  }
  return sources.filter((source) => !copies.has(source))
}

const isAmong = async (source: Source, others: readonly Source[]): Promise<boolean> => {
  for (const other of others) if (await isBeginning(source, other)) return true
  return false
}
