import { edgeLineSchema } from '../../core/edge.ts'
import { jsonLinesIn } from '../../core/json.ts'
import type { QueryColumn, Value } from '../../warehouse/warehouse.ts'
import type { NodeAnswer } from '../jobs/ask-nodes.ts'

/** What one node gave to a query over its log. */
export interface EdgeAnswer {
  readonly id: string
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Value[])[]
  /** True when the node has at least one more row. */
  readonly truncated: boolean
  /** True when it is cut because it holds as many bytes as it may. */
  readonly full: boolean
  readonly linesRead: number
  readonly bytesRead: number
  readonly ms: number
}

export interface EdgeFailure {
  readonly id: string
  readonly reason: string
}

export const isFailure = (answer: EdgeAnswer | EdgeFailure): answer is EdgeFailure => 'reason' in answer

const isUnprepared = (line: string): boolean =>
  /Cannot find (?:module|package) /.test(line) && /\.bbq\/runtime\/|@duckdb/.test(line)

/** The answer in what a node printed, or why there is none. */
export const readAnswer = ({ nodeId: id, state, reason, lines }: NodeAnswer): EdgeAnswer | EdgeFailure => {
  // among others: the order between the streams of a container is not kept
  const said = jsonLinesIn(lines, edgeLineSchema)
  const error = said.find((line) => line.type === 'error')
  if (error !== undefined) return { id, reason: [error.what, error.why].filter((text) => text !== undefined).join(' ') }
  if (lines.some(isUnprepared)) return { id, reason: 'this node was not prepared for this version of bbq' }
  if (state !== 'answered') return { id, reason: reason ?? state }
  const head = said.find((line) => line.type === 'columns')
  const end = said.find((line) => line.type === 'end')
  const rows = said.flatMap((line) => (line.type === 'row' ? [line.values] : []))
  if (head === undefined || end === undefined || end.rows !== rows.length)
    return { id, reason: `its answer came incomplete: ${rows.length} of ${end?.rows ?? 'unknown'} rows` }
  const { truncated, full, ms } = end
  return { id, columns: head.columns, rows, truncated, full, linesRead: end.lines_read, bytesRead: end.bytes_read, ms }
}
