import { isPackedName, setOf, unpackedName } from '../../src/core/rotation-set.ts'
import { startsWith } from './match.ts'
import type { Source } from './source.ts'

const blockBytes = 256 * 1024

/** True when a file is the beginning of another, byte by byte; of others only their heads are looked at. */
const isBeginning = async (shorter: Source, longer: Source): Promise<boolean> => {
  if (shorter.size > longer.size || !startsWith(longer.head, shorter.head)) return false
  const [a, b] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)]
  for (let at = shorter.head.length; at < shorter.size; at += blockBytes) {
    const wanted = Math.min(blockBytes, shorter.size - at)
    const [gotA, gotB] = [await shorter.read(at, a.subarray(0, wanted)), await longer.read(at, b.subarray(0, wanted))]
    if (gotA < wanted || gotB < wanted || Buffer.compare(a.subarray(0, wanted), b.subarray(0, wanted)) !== 0)
      return false
  }
  return true
}

const areTwins = (a: Source, b: Source): boolean => unpackedName(a.path) === unpackedName(b.path)

export interface Rotation {
  /** True for the log that is written on, which is no copy of anything. */
  readonly isLive: (source: Source) => boolean
  /** True for a file that an earlier run knew: it is no copy, whatever others begin with. */
  readonly isKnown: (source: Source) => boolean
}

/** True where rotation makes the one of the other: it copies the log itself, and packs a file beside it. */
const mayCopy = (copy: Source, original: Source, { isLive, isKnown }: Rotation): boolean => {
  if (copy === original || isLive(copy) || isKnown(copy) || setOf(copy.path) !== setOf(original.path)) return false
  return isLive(original) || (areTwins(copy, original) && (isPackedName(copy.path) || isKnown(original)))
}

/** The files that a rotation is copying or packing, each with its original, whose beginning it is. */
export const findCopies = async (
  sources: readonly Source[],
  rotation: Rotation,
): Promise<ReadonlyMap<Source, Source>> => {
  const copies = new Map<Source, Source>()
  for (const source of sources.filter(({ size }) => size > 0))
    for (const other of sources)
      if (!copies.has(source) && mayCopy(source, other, rotation) && (await isBeginning(source, other)))
        copies.set(source, other)
  return copies
}

/** True for what a packer has written so far, or until it was ended: all of it stands in the file that it packs. */
export const isBeingPacked = (copy: Source, original: Source): boolean =>
  copy.isCutOff === true && areTwins(copy, original)
