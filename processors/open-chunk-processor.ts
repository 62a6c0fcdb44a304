import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { ChunkContext, ChunkInput, ChunkProcessor, OnPart } from './chunk-processor.ts'
import { addChunkCounts, noCounts } from './pass/counts.ts'
import { openPass } from './pass/open-pass.ts'
import type { PassOutput } from './pass/output.ts'
import { asPart, behind, firstLines, isOneLine, refuseLines } from './pass/parts.ts'
import { collectGarbage } from './write/collect.ts'
import { isOfTheDisk, isOutOfMemory } from './write/failures.ts'
import { openWriter, type Written } from './write/open-writer.ts'
import { addRowCounts, checkRows, type RowCount, rowCount } from './write/row-count.ts'

/** A pass leaves much that dies young; a young generation that grows with it would be a fifth of the program's memory. */
const keepYoungGenerationSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1')

/** So many lines of a chunk that fail are each found by themselves; of more, their neighbours are refused with them, or the chunk would have no end. */
const mostFound = 64

type Paths = Readonly<Record<string, string>>

/** Rows of a part of a chunk, which wait for those of the other parts. */
interface PartFiles {
  readonly files: readonly Written[]
  readonly count: RowCount
}

interface Passed {
  readonly input: ChunkInput
  readonly output: PassOutput
}

/** A stage on one node, chunk after chunk: the pass on this thread, the packing of pages in zlib's. */
export const openChunkProcessor = async (context: ChunkContext): Promise<ChunkProcessor> => {
  keepYoungGenerationSmall()
  const { stage, settings, node, reading, tempDir } = context
  const relations = new Set(stage.outputs.map((output) => output.relation))
  const newPass = () => openPass({ relations, settings, node, reading })
  let pass = newPass()
  let writer = await openWriter(context)
  let newest: Promise<unknown> = Promise.resolve()
  let parts = 0

  /** Takes the rows before it returns. */
  const writeTo = async (paths: Paths, { input, output }: Passed): Promise<PartFiles> => {
    const { fingerprint, chunkIds, syncTimeUs, start } = input
    const count = rowCount(stage.outputs, output)
    const writing = writer.write(output, { fingerprint, chunkIds, syncTimeUs, start }, paths)
    newest = writing
    const files = await writing
    checkRows(input, count, files)
    return { files, count }
  }

  const writeAside = async (passed: Passed): Promise<PartFiles> => {
    await newest.catch(() => undefined)
    const number = parts++
    const paths = stage.outputs.map(({ table }) => [table, join(tempDir, `part-${number}-${table}.parquet`)] as const)
    return writeTo(Object.fromEntries(paths), passed)
  }

  const joinFiles = async (paths: Paths, start: number, all: readonly PartFiles[]): Promise<readonly Written[]> => {
    const files = all.map((part) => part.files)
    try {
      return await writer.join(files, paths, start)
    } catch (thrown) {
      if (!isOutOfMemory(thrown)) throw thrown
      await collectGarbage()
      return writer.join(files, paths, start)
    }
  }

  const joinParts = async (paths: Paths, input: ChunkInput, all: readonly PartFiles[]): Promise<readonly Written[]> => {
    const joining = joinFiles(paths, input.start, all)
    newest = joining
    const files = await joining
    checkRows(input, addRowCounts(all.map(({ count }) => count)), files)
    return files
  }

  /** Whether the lines are to blame: other rows can be written, by a new DuckDB where an error ended the first. */
  const canGoOn = async (thrown: unknown): Promise<boolean> => {
    if (isOfTheDisk(thrown)) return false
    if (isOutOfMemory(thrown)) await collectGarbage()
    if (await writer.canWrite()) return true
    writer.close()
    writer = await openWriter(context)
    return writer.canWrite()
  }

  const passOver = (input: ChunkInput): PassOutput => {
    try {
      return pass(input)
    } catch (thrown) {
      // what is left of it in there must not reach the next one
      pass = newPass()
      throw thrown
    }
  }

  /** Passes a chunk in as many parts as its memory needs, and a careful one in such as succeed; of the last part the rows may still be here. */
  const passParts = async (input: ChunkInput, onPart: OnPart) => {
    const written: PartFiles[] = []
    let counts = noCounts
    let rest = input
    let most = input.careful ? input.bytes.length : Number.POSITIVE_INFINITY
    let found = 0
    for (;;) {
      const part = firstLines(rest, most)
      let output: PassOutput
      try {
        output = passOver(part)
        const isLast = output.end >= rest.bytes.length
        if (input.careful || !isLast) written.push(await writeAside({ input: part, output }))
      } catch (thrown) {
        if (!input.careful || !(await canGoOn(thrown))) throw thrown
        if (!isOneLine(part) && found < mostFound) {
          most = part.bytes.length / 2
          continue
        }
        found += 1
        output = refuseLines(part, isOutOfMemory(thrown) ? 'out_of_memory' : 'failed')
      }
      await onPart(asPart(output, counts.lines_read))
      counts = addChunkCounts(counts, output.counts)
      const { rules } = output
      if (output.end >= rest.bytes.length)
        return { counts, rules, written, last: input.careful ? undefined : { input: part, output } }
      rest = behind(rest, output)
      most *= 2
    }
  }

  return {
    pass: async (input, onPart) => {
      if (input.careful) await newest.catch(() => undefined)
      const { counts, rules, written, last: passed } = await passParts(input, onPart)
      let last: Passed | undefined = passed
      return {
        counts,
        rules,
        write: async (paths) => {
          const given = last
          // the writer has its rows from here on, and they are many
          last = undefined
          if (given === undefined) return joinParts(paths, input, written)
          if (written.length === 0) return (await writeTo(paths, given)).files
          return joinParts(paths, input, [...written, await writeAside(given)])
        },
      }
    },
    close: () => writer.close(),
  }
}
