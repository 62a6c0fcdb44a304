import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import type { Packing } from './file-kind.ts'
import { fill } from './source.ts'
import { zstdFrames } from './zstd-frames.ts'

const blockBytes = 256 * 1024

/** False where the running Node came before zstd did. */
export const canUnpack = (packing: Packing, unpackers: Partial<typeof zlib> = zlib): boolean =>
  packing === 'gzip' || unpackers.createZstdDecompress !== undefined

/** The packed bytes from the beginning, block by block; empty at the end. */
const blocksOf = (descriptor: number): (() => Buffer) => {
  let at = 0
  return () => {
    const block = Buffer.allocUnsafe(blockBytes)
    const got = fill(descriptor, at, block)
    at += got
    return block.subarray(0, got)
  }
}

/** The content piece by piece; throws where the file is damaged or cut off. Its descriptor stays open. */
export async function* unpack(packing: Packing, descriptor: number): AsyncGenerator<Buffer> {
  const read = blocksOf(descriptor)
  if (packing === 'gzip') yield* through(zlib.createGunzip({ chunkSize: blockBytes }), untilEmpty(read))
  else for (const frame of zstdFrames(read)) yield* through(zlib.createZstdDecompress({ chunkSize: blockBytes }), frame)
}

function* untilEmpty(read: () => Buffer): Generator<Buffer> {
  for (let block = read(); block.length > 0; block = read()) yield block
}

async function* through(unpacker: zlib.Gunzip | zlib.ZstdDecompress, packed: Iterable<Uint8Array>) {
  const file = Readable.from(packed)
  file.on('error', (error) => unpacker.destroy(error))
  file.pipe(unpacker)
  try {
    for await (const piece of unpacker) yield piece as Buffer
  } finally {
    file.unpipe(unpacker)
    file.destroy()
    unpacker.destroy()
  }
}
