import { setFlagsFromString } from 'node:v8'
import type { ChunkContext, ChunkProcessor } from './chunk-processor.ts'
import { openPass } from './pass/open-pass.ts'
import type { PassOutput } from './pass/output.ts'
import { openWriter } from './write/open-writer.ts'

/** A pass leaves much that dies young; a young generation that grows with it would be a fifth of the program's memory. */
const keepYoungGenerationSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1')

/** A stage on one node, chunk after chunk: the pass on this thread, the writing in DuckDB's. */
export const openChunkProcessor = async (context: ChunkContext): Promise<ChunkProcessor> => {
  keepYoungGenerationSmall()
  const { stage, settings, node, reading } = context
  const relations = new Set(stage.outputs.map((output) => output.relation))
  const pass = openPass({ relations, settings, node, reading })
  const writer = await openWriter(context)
  return {
    pass: (input) => {
      let output: PassOutput | undefined = pass(input)
      const { fingerprint, chunkIds, syncTimeUs, start } = input
      const { counts, rejects, rules } = output
      const origin = { fingerprint, chunkIds, syncTimeUs, start }
      return {
        counts,
        rejects,
        rules,
        write: (paths) => {
          if (output === undefined) throw new Error('a chunk is written once')
          const writing = writer.write(output, origin, paths)
          // its rows are DuckDB's by now, and many
          output = undefined
          return writing
        },
      }
    },
    close: () => writer.close(),
  }
}
