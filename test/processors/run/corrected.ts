import type { ChunkContext, ChunkInput, ChunkProcessor } from '../../../processors/chunk-processor.ts'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'

/** Stands before the client in lines that no format takes until it is corrected. */
export const prefix = '{"odd '

/** The real processor after the format was corrected: what stands before the client is skipped. */
export const openCorrected = async (context: ChunkContext): Promise<ChunkProcessor> => {
  const processor = await openChunkProcessor(context)
  return { ...processor, pass: (input, onPart) => processor.pass(withoutPrefix(input), onPart) }
}

const withoutPrefix = (input: ChunkInput): ChunkInput => {
  if (input.oversizedLine !== undefined) return input
  const lines = Buffer.from(input.bytes).toString('latin1').split('\n')
  let at = input.start
  const offsets = lines.map((line, i) => {
    const offset = input.offsets?.[i] ?? at
    at += line.length + 1
    return offset
  })
  const bytes = lines.map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line)).join('\n')
  return { ...input, bytes: Buffer.from(bytes, 'latin1'), offsets }
}
