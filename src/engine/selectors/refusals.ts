import { formatCount, formatShare } from '../../core/format.ts'
import { guessById } from '../../core/guess.ts'
import { isMuchRefused, type Refusal, reasonWords } from '../../core/refusals.ts'
import type { Problem } from '../problem.ts'
import type { RunNode, StageRun } from '../state.ts'
import { sumReports } from '../totals.ts'

/** Refused lines of one reason over all nodes; the first of them is on `node`. */
export interface RunRefusal extends Refusal {
  readonly node: string
}

/** Why lines were refused in the last run of a stage, the most frequent reason first. */
export const selectRefusals = ({ nodes, totals }: Pick<StageRun, 'nodes' | 'totals'>): readonly RunRefusal[] =>
  totals.rejected.map((sum) => {
    const node = nodes.find(({ report }) => report?.rejected.some(({ reason }) => reason === sum.reason))
    const first = node?.report?.rejected.find(({ reason }) => reason === sum.reason)
    return { ...sum, ...first, count: sum.count, node: node?.id ?? '' }
  })

/** The part of a node's report that says where its first refused line of a reason is: `line 3 of access.log`. */
export const placeOf = ({ line, file }: Refusal): string =>
  [line === null ? '' : `line ${formatCount(line)}`, file ?? ''].filter((part) => part !== '').join(' of ')

/** Where nothing is known of lines, the server's own config says what they are. */
const nameFormat = ({ reason }: RunRefusal): readonly string[] =>
  reason === 'no_match'
    ? [
        "Name the format by the server's own config (LogFormat, log_format, #Fields:): bbq explain --format 'TEXT' 'LINE' tries it on a line",
      ]
    : []

/** What to do about refused lines, each step once. */
const refusalSteps = (refusals: readonly RunRefusal[]): readonly string[] => {
  const [most] = refusals
  if (most === undefined) return []
  const guess = guessById(most.guess)
  return [
    ...(guess === undefined ? nameFormat(most) : [guess.next]),
    `See them: bbq rejects ${most.node}`,
    `When the format is corrected, take them again: bbq rejects ${most.node} --retry`,
  ]
}

const named = (nodes: readonly RunNode[], all: readonly RunNode[]): string =>
  nodes.length === 1 && nodes[0] !== undefined ? nodes[0].id : `${nodes.length} of ${all.length} nodes`

/** What a person is told when a run has ended in which a node understood nothing, or much was refused; undefined where little was. */
export const refusalProblem = (run: StageRun): Problem | undefined => {
  const blind = run.nodes.filter(({ state }) => state === 'unparsed')
  const nodes = blind.length > 0 ? blind : run.nodes
  const totals = sumReports(nodes.map(({ report }) => report))
  const refusals = selectRefusals({ nodes, totals })
  const [most] = refusals
  if (run.phase !== 'ended' || most === undefined || !isMuchRefused(totals)) return undefined
  const { lines_rejected: refused, lines_parsed } = totals
  const all = refused + lines_parsed
  const guess = guessById(most.guess)
  const looks = guess === undefined ? '' : `: it looks like ${guess.title}`
  const words = `${refusals.length === 1 ? '' : 'most '}${reasonWords(most.reason)}`
  const place = [run.nodes.length === 1 ? '' : most.node, placeOf(most)].filter((part) => part !== '').join(', ')
  const first = place === '' ? '.' : `; the first: ${place}.`
  const share = `${formatCount(refused)} of ${formatCount(all)} lines were refused (${formatShare(refused, all)})`
  return {
    ...(blind.length === 0
      ? { what: `${share}${looks}.`, why: `They are ${words}${first}` }
      : {
          what: `Nothing understood on ${named(blind, run.nodes)}${looks}.`,
          why: `${formatCount(refused)} lines ${words}${first}`,
        }),
    next: refusalSteps(refusals),
    kind: 'failed',
  }
}
