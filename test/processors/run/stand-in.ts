import { statSync, writeFileSync } from 'node:fs'
import type {
  ChunkContext,
  ChunkInput,
  ChunkPart,
  ChunkPass,
  ChunkProcessor,
  Reject,
} from '../../../processors/chunk-processor.ts'
import type { RuleState } from '../../../processors/pass/rules.ts'
import type { Stage } from '../../../src/core/stage.ts'

export interface StandInRow {
  /** node/fingerprint/offset */
  readonly id: string
  /** How many lines the chain of rule states has seen before this one. */
  readonly position: number
  readonly line: string
  readonly sync: string
}

export const standInStage: Stage = {
  id: 'raw',
  title: 'Raw',
  summary: '',
  why: '',
  outputs: [{ table: 'raw_logs', relation: 'lines', select: '' }],
  queries: [],
  notes: [],
  beforeAfter: () => ({ before: [], after: [] }),
}

export const initialRules = (): RuleState => ({ logins: [], windows: [[0, 0, 0, 0]] })
const limit = 1024 * 1024

/** A processor that writes JSON lines in the place of Parquet; lines over 1 MiB or with a NUL are rejected. */
export const openStandIn = async ({ node }: ChunkContext): Promise<ChunkProcessor> => ({
  pass: async (input, onPart) => {
    const { rejects, ...pass } = passOver(node.id, input)
    await onPart({ counts: pass.counts, rejects })
    return pass
  },
  close: () => undefined,
})

const passOver = (node: string, input: ChunkInput): ChunkPass & ChunkPart => {
  const { fingerprint, start, rules, syncTimeUs, oversizedLine } = input
  const before = rules.windows[0]?.[1] ?? 0
  const rejects: Reject[] = []
  const rows: StandInRow[] = []
  let [read, blank] = [0, 0]
  if (oversizedLine === undefined) {
    for (const [offset, bytes] of linesOf(Buffer.from(input.bytes))) {
      read += 1
      const line = bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes
      if (line.length === 0) blank += 1
      else if (line.length > limit || line.includes(0))
        rejects.push({ offset: start + offset, length: line.length, reason: 'bad', line: read })
      else
        rows.push({
          id: `${node}/${fingerprint}/${start + offset}`,
          position: before + read - 1,
          line: line.toString('latin1'),
          sync: String(syncTimeUs),
        })
    }
  } else {
    read = 1
    rejects.push({ offset: start, length: oversizedLine, reason: 'long', line: 1 })
  }
  const content = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return {
    counts: {
      lines_read: read,
      lines_parsed: rows.length,
      lines_rejected: rejects.length,
      lines_blank: blank,
      repaired: 0,
      masked: 0,
      full_addresses: 0,
    },
    rejects,
    rules: { logins: [], windows: [[0, before + read, 0, 0]] },
    write: async (paths) => {
      if (rows.length === 0) return []
      const path = paths['raw_logs'] ?? ''
      writeFileSync(path, content)
      return [{ table: 'raw_logs', rows: rows.length, bytes: statSync(path).size }]
    },
  }
}

const linesOf = (bytes: Buffer): readonly (readonly [number, Buffer])[] => {
  const lines: [number, Buffer][] = []
  for (let at = 0; at < bytes.length; ) {
    const lf = bytes.indexOf(10, at)
    const end = lf < 0 ? bytes.length : lf
    lines.push([at, bytes.subarray(at, end)])
    at = end + 1
  }
  return lines
}
