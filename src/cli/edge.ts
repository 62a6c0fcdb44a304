import { setTimeout as sleep } from 'node:timers/promises'
import { Option } from 'commander'
import { nearestPath } from '../config/nearest.ts'
import { mostEdgeRows } from '../core/edge.ts'
import { AppError } from '../core/errors.ts'
import { formatBytes, formatCount, formatDuration } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { sanitize } from '../core/sanitize.ts'
import { askEdge, byReason, type EdgeResult } from '../engine/edge/ask-edge.ts'
import { edgeQueries } from '../engine/edge/questions.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import { mergeHere } from './edge-merge.ts'
import { idList } from './id-list.ts'
import { connectedNodes, withLogs } from './logs-cluster.ts'
import { moreText, positive, rendered } from './query.ts'
import { runtimeHash } from './runtime.ts'
import { textTable } from './text-table.ts'
import type { Call, Verb } from './verb.ts'

interface EdgeOptions {
  readonly merge?: string
  readonly nodes?: readonly string[]
  readonly limit: number
  readonly format: string
}

const deadlineMs = 330_000

const listed = (ids: readonly string[]): string =>
  ids.length <= 3 ? ids.join(', ') : `${ids.slice(0, 2).join(', ')} and ${ids.length - 2} more`

const tell = (call: Call, { failed, answered, result }: EdgeResult, merged: boolean): void => {
  for (const [reason, ids] of byReason(failed)) {
    const next = explainReason(reason)
    call.say(`${listed(ids)}: ${sanitize(reason)}${next === undefined ? '' : ` ${next}`}`)
  }
  const cut = answered.filter(({ truncated }) => truncated).map(({ id }) => id)
  if (merged && cut.length > 0)
    call.say(
      `The merge is not of everything: ${listed(cut)} gave only the first rows, at most ${formatCount(mostEdgeRows)} a node. Aggregate in the first query.`,
    )
  const { rows } = result
  const bytes = answered.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
  const from = failed.length === 0 ? `${answered.length}` : `${answered.length} of ${answered.length + failed.length}`
  const more = moreText(result)
  call.say(
    `${formatCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'} from ${from} ${answered.length + failed.length === 1 ? 'node' : 'nodes'} in ${formatDuration(result.ms)}${more}. ${formatBytes(bytes)} of logs were read where they lie.`,
  )
}

const asJson = ({ result, answered, failed, job }: EdgeResult) => ({
  columns: result.columns,
  rows: result.rows,
  truncated: result.truncated,
  ...(result.full === true ? { full: true } : {}),
  ms: result.ms,
  command: job.command,
  job_id: job.jobId,
  nodes: [
    ...answered.map(({ id, rows, truncated, linesRead, bytesRead, ms }) => ({
      id,
      state: 'answered',
      rows: rows.length,
      truncated,
      lines_read: linesRead,
      bytes_read: bytesRead,
      ms,
      error: null,
    })),
    ...failed.map(({ id, reason }) => ({
      id,
      state: 'failed',
      rows: 0,
      truncated: false,
      lines_read: 0,
      bytes_read: 0,
      ms: 0,
      error: reason,
    })),
  ],
})

const listQuestions = (call: Call): number => {
  if (call.json) call.print(jsonText({ queries: edgeQueries.map(({ chart: _, ...query }) => query) }, 2))
  else
    call.print(
      textTable(
        [{ title: 'id' }, { title: 'what it shows' }],
        edgeQueries.map(({ id, why }) => [id, why]),
      ),
    )
  call.say('bbq edge ID asks one of them, bbq edge "SELECT ... FROM logs" your own.')
  return 0
}

/** The canned question of that id, or a query of the person's own. */
const questionOf = (text: string): { readonly sql: string; readonly merge?: string } => {
  const canned = edgeQueries.find(({ id }) => id === text)
  if (canned !== undefined) return canned
  if (/\s/.test(text.trim())) return { sql: text }
  const ids = edgeQueries.map(({ id }) => id)
  const nearest = nearestPath(text, ids)
  throw new AppError({
    what: text.trim() === '' ? 'There is no query to run.' : `${text} is neither SQL nor the id of a question.`,
    ...(nearest === undefined ? {} : { why: `The nearest id is ${nearest}.` }),
    next: ['bbq edge lists the ids.'],
    kind: 'usage',
  })
}

const edge = async (call: Call, text: string | undefined, options: EdgeOptions): Promise<number> => {
  if (text === undefined) return listQuestions(call)
  const { sql, ...canned } = questionOf(text)
  const { merge = canned.merge, nodes, limit, format } = options
  return withLogs(
    call,
    { command: 'bbq edge', writes: false, ...(nodes === undefined ? {} : { nodes }) },
    async ({ cluster, parts }) => {
      const { signal, now, nodePath } = call.context
      const connected = await connectedNodes(cluster, signal)
      const asked = await askEdge(
        {
          cluster,
          parts,
          nodes: connected.map(({ id }) => id),
          runtime: await runtimeHash(),
          question: { sql, limit, ...(merge === undefined ? {} : { merge }) },
          merge: mergeHere(nodePath, call.stateDir),
          clock: now,
          pause: (ms) => sleep(ms, undefined, { signal }),
          onSubmitted: ({ command }) => call.say(`$ ${command}`),
          onBusy: (ids, ms) => call.say(`${listed(ids)}: busy, asked again in ${formatDuration(ms)}`),
        },
        { signal, deadlineMs },
      )
      if (call.json || format === 'json') call.print(jsonText(asJson(asked)))
      else call.print(rendered(asked.result, format, call.context.stdout.isTTY === true))
      tell(call, asked, merge !== undefined)
      return 0
    },
  )
}

/** `bbq edge`: a query over every node's log, where it lies. Nodes that fail are told on stderr; only when none answers it is a failure. */
export const edgeVerb: Verb = (program, act) => {
  program
    .command('edge')
    .description("an answer from the nodes' own logs, where they lie: only its rows travel")
    .argument('[sql-or-id]', 'SELECT over logs (parsed) or lines (raw_line), or the id of a canned question')
    .option('--merge <sql>', 'a second SELECT over all answers, named edge')
    .option('--nodes <ids>', 'only these nodes, such as aws-1,gcp-2', idList)
    .option('--limit <rows>', 'rows at most', positive, 100)
    .addOption(new Option('--format <name>', 'how rows are printed').choices(['table', 'csv', 'json']).default('table'))
    .action(act(edge))
}
