import type { Config } from '../config/config.ts'
import { formatBytes, formatCount, formatDuration, formatShare } from '../core/format.ts'
import { providerNames } from '../core/node.ts'
import { sanitize } from '../core/sanitize.ts'
import type { Segment, Stage } from '../core/stage.ts'
import { truncate } from '../core/width.ts'
import { inMoney } from '../engine/cost/guard.ts'
import type { Engine } from '../engine/engine.ts'
import { textOf } from '../engine/selectors/answer.ts'
import { selectRefusals } from '../engine/selectors/refusals.ts'
import { costTexts, selectCosts } from '../engine/selectors/spend.ts'
import { selectLogs, selectSummaries } from '../engine/selectors/summary.ts'
import type { StageRun, State } from '../engine/state.ts'
import type { QueryResult } from '../warehouse/warehouse.ts'
import { refusalLines } from './refusals-text.ts'
import { isFinished, nextSteps, totalsText } from './run-text.ts'
import { textTable } from './text-table.ts'

interface PlainOptions {
  readonly engine: Engine
  readonly config: Config
  readonly print: (text: string) => void
  readonly signal: AbortSignal
}

/** The guided demo as numbered lines, through the same engine as the screens. Returns the exit code. */
export const runPlain = async ({ engine, config, print, signal }: PlainOptions): Promise<number> => {
  const { commands, store } = engine
  let steps = 0
  /** Numbered as on the rail: Setup and Nodes come before the first number. */
  const head = (title: string): void => {
    const number = steps - 1
    print(`${steps === 0 ? '' : '\n'}${number < 1 ? '' : `${number} `}${title}`)
    steps += 1
  }
  const say = (text: string): void => print(`   ${sanitize(text)}`)
  const table = (text: string): void => {
    for (const row of text.trimEnd().split('\n')) print(`   ${row}`)
  }

  head('Setup')
  for (const notice of config.notices) say(notice)
  const { before } = store.getState().setup
  const allHere = config.cluster.kind === 'sandbox' && config.warehouse.kind === 'duckdb'
  if (before !== undefined && before.holding.kind !== 'own' && allHere)
    say(`The demo that was in ${before.stateDir} is replaced: its logs and its tables.`)
  await (allHere ? commands.start({ replace: 'a demo' }) : commands.check())
  const { source, stages } = store.getState()
  say(`Data comes from: ${source?.cluster.label ?? '—'}`)
  say(`Rows go to: ${source?.warehouse.label ?? '—'}, generation ${source?.epoch ?? '—'}`)
  for (const { title, problem } of store.getState().setup.checks) {
    if (problem === undefined) continue
    say(`${title}: ${problem.what}`)
    for (const step of problem.next) say(`next: ${step}`)
  }

  head('Nodes')
  await commands.refresh()
  for (const line of nodeLines(store.getState())) say(line)

  const runs: StageRun[] = []
  for (const stage of stages) {
    signal.throwIfAborted()
    head(`${stage.title}: ${stage.summary}`)
    say(stage.why)
    for (const line of exampleLines(stage, store.getState())) say(line)
    const run = await commands.runStage(stage.id, { signal })
    runs.push(run)
    say(`ran: ${run.job?.command ?? '—'}`)
    for (const line of totalsText(run)) say(line)
    for (const line of refusalLines(selectRefusals(run), run.nodes.length)) say(line)
    for (const node of run.nodes.filter((one) => one.state !== 'done'))
      say(`${node.id} ${node.state}: ${node.reason ?? 'without a reason'}`)
    for (const step of nextSteps(run)) say(`next: ${step}`)
  }

  head('Query')
  for (const stage of stages) {
    const query = stage.queries[0]
    if (query === undefined) continue
    signal.throwIfAborted()
    const price = await commands.priceQuery(query.id)
    if (price !== undefined) say(`${query.title} bills ${inMoney(price.billedBytes)}`)
    const result = await commands.runQuery(query.id)
    say(`${query.title}: ${query.why} (bbq query ${query.id}, ${formatDuration(result.ms)})`)
    table(answerTable(result))
  }

  head('Summary')
  await commands.refresh()
  table(summary(store.getState()))
  for (const [what, cost] of costTexts(selectCosts(store.getState()))) say(`${`${what}:`.padEnd(10)}${cost}`)
  return runs.every(isFinished) ? 0 : 1
}

const shownRows = 8
const widest = 48

const answerTable = ({ columns, rows, truncated }: QueryResult): string => {
  const isNumber = columns.map((_, i) => rows.every((row) => typeof row[i] === 'number'))
  const cells = rows
    .slice(0, shownRows)
    .map((row) =>
      row.map((value) => (typeof value === 'number' ? formatNumber(value) : truncate(sanitize(textOf(value)), widest))),
    )
  const more = rows.length - shownRows
  return (
    textTable(
      columns.map((column, i) => ({ title: column.name, right: isNumber[i] === true })),
      cells,
    ) + (more > 0 ? `${formatCount(more)}${truncated ? ' and more' : ' more'} rows\n` : '')
  )
}

const formatNumber = (value: number): string => (Number.isInteger(value) ? formatCount(value) : value.toFixed(2))

const nodeLines = ({ nodes }: State): readonly string[] => {
  const providers = [...new Set(nodes.rows.map((node) => node.provider))]
  return [
    `${nodes.rows.filter((node) => node.state === 'connected').length} of ${nodes.rows.length} nodes connected`,
    ...providers.map((provider) => {
      const rows = nodes.rows.filter((node) => node.provider === provider)
      const bytes = rows.reduce((sum, node) => sum + (node.log?.bytes ?? 0), 0)
      const regions = [...new Set(rows.map((node) => node.region))]
      return `${providerNames[provider]}: ${rows.length} nodes in ${regions.join(', ')}; ${formatBytes(bytes)} of logs`
    }),
  ]
}

const joined = (segments: readonly Segment[]): string => segments.map((segment) => segment.text).join('')

const exampleLines = (stage: Stage, { nodes }: State): readonly string[] => {
  const line = nodes.rows.flatMap((node) => node.log?.tail ?? []).findLast((one) => one.trim() !== '')
  if (line === undefined) return []
  const { before, after } = stage.beforeAfter(line)
  return [`before: ${joined(before)}`, `after:  ${joined(after)}`]
}

const summary = (state: State): string => {
  const logs = selectLogs(state)
  return textTable(
    [
      { title: 'stage' },
      { title: 'rows', right: true },
      { title: 'bytes', right: true },
      { title: 'of what it read', right: true },
      { title: 'full addresses', right: true },
      { title: 'time', right: true },
    ],
    [
      ['logs as they lie', formatCount(logs.lines), formatBytes(logs.bytes), '100 %', '', ''],
      ...selectSummaries(state).map(({ title, digit, rows, totals, run }) => [
        digit === undefined ? title : `${digit} ${title}`,
        formatCount(rows),
        formatBytes(totals.bytes_sent),
        formatShare(totals.bytes_sent, totals.bytes_read),
        formatCount(totals.full_addresses),
        formatDuration(run.ms),
      ]),
    ],
  )
}
