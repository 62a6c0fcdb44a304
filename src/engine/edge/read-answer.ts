import { type EdgeLine, edgeLineSchema } from '../../core/edge.ts'
import type { QueryColumn, Value } from '../../warehouse/warehouse.ts'
import type { NodeAnswer } from '../jobs/ask-nodes.ts'

/** What one node gave to a query over its log. */
export interface EdgeAnswer {
  readonly id: string
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Value[])[]
  /** True when the node has at least one more row. */
  readonly truncated: boolean
  readonly linesRead: number
  readonly bytesRead: number
  readonly ms: number
}

export interface EdgeFailure {
  readonly id: string
  readonly reason: string
}

export const isFailure = (answer: EdgeAnswer | EdgeFailure): answer is EdgeFailure => 'reason' in answer

/** Lines of ours among others: the order between the streams of a container is not kept. */
const linesIn = (lines: readonly string[]): readonly EdgeLine[] =>
  lines.flatMap((line) => {
    if (!line.startsWith('{')) return []
    try {
      const parsed = edgeLineSchema.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    } catch {
      return []
    }
  })

const isUnprepared = (line: string): boolean =>
  /Cannot find (?:module|package) /.test(line) && /\.bbq\/runtime\/|@duckdb/.test(line)

/** The answer in what a node printed, or why there is none. */
export const readAnswer = ({ nodeId: id, state, reason, lines }: NodeAnswer): EdgeAnswer | EdgeFailure => {
  const said = linesIn(lines)
  const error = said.find((line) => line.type === 'error')
  if (error !== undefined) return { id, reason: [error.what, error.why].filter((text) => text !== undefined).join(' ') }
  if (lines.some(isUnprepared)) return { id, reason: 'this node was not prepared for this version of bbq' }
  if (state !== 'answered') return { id, reason: reason ?? state }
  const head = said.find((line) => line.type === 'columns')
  const end = said.find((line) => line.type === 'end')
  const rows = said.flatMap((line) => (line.type === 'row' ? [line.values] : []))
  if (head === undefined || end === undefined || end.rows !== rows.length)
    return { id, reason: `its answer came incomplete: ${rows.length} of ${end?.rows ?? 'unknown'} rows` }
  const { truncated, ms } = end
  return { id, columns: head.columns, rows, truncated, linesRead: end.lines_read, bytesRead: end.bytes_read, ms }
}
