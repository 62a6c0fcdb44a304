import { InvalidArgumentError } from 'commander'
import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { guessById } from '../core/guess.ts'
import { jsonText } from '../core/json.ts'
import { reasonWords } from '../core/refusals.ts'
import { sanitize } from '../core/sanitize.ts'
import { truncate } from '../core/width.ts'
import { placeOf } from '../engine/selectors/refusals.ts'
import { type LogOptions, readingLogs, withLogOptions } from './format-option.ts'
import { configOf } from './options.ts'
import { findKept, type KeptLines, refusingStages } from './rejects-find.ts'
import { retryKept } from './rejects-retry.ts'
import { textTable } from './text-table.ts'
import type { Call, Verb } from './verb.ts'

interface RejectsOptions extends LogOptions {
  readonly show?: number | true
  readonly retry?: boolean
  readonly stage?: string
}

/** Of a line in the list. */
const listedCells = 72
const shownLines = 10
const mostShown = 100_000

const lineCount = (text: string): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= mostShown) return value
  throw new InvalidArgumentError(`It takes a whole number from 1 to ${mostShown}.`)
}

const knownStage = (id: string | undefined): string | undefined => {
  if (id === undefined || refusingStages.includes(id)) return id
  throw new AppError({
    what: `Stage ${id} refuses no line.`,
    why: id === 'raw' ? 'It makes a row of every line as it stands.' : 'There is no such stage.',
    next: [`Stages that refuse lines are ${refusingStages.join(', ')}.`],
    kind: 'usage',
  })
}

const keptJson = ({ node, stage, folder, here, reasons, lines }: KeptLines, shows: boolean) => ({
  node,
  stage,
  folder,
  here,
  reasons: reasons.map(({ reason, count, line, file, guess, text }) => ({
    reason,
    count,
    line,
    file: file ?? null,
    guess: guessById(guess)?.title ?? guess ?? null,
    next: guessById(guess)?.next ?? null,
    text: text ?? null,
  })),
  ...(shows ? { lines } : {}),
})

const listText = (kept: readonly KeptLines[]): string =>
  textTable(
    [{ title: 'node' }, { title: 'stage' }, { title: 'lines', right: true }, { title: 'why' }, { title: 'the first' }],
    kept.flatMap(({ node, stage, reasons }) =>
      reasons.map((refusal) => {
        const guess = guessById(refusal.guess)
        return [
          node,
          stage,
          formatCount(refusal.count),
          `${reasonWords(refusal.reason)}${guess === undefined ? '' : `; it looks like ${guess.title}`}`,
          [placeOf(refusal), truncate(refusal.text ?? '', listedCells)].filter((part) => part !== '').join(': '),
        ]
      }),
    ),
  )

const linesText = ({ lines }: KeptLines): string =>
  textTable(
    [{ title: 'file' }, { title: 'line', right: true }, { title: 'reason' }, { title: 'text' }],
    lines.map(({ file, line, reason, text }) => [file ?? '', line === null ? '' : formatCount(line), reason, text]),
  )

/** A refused line never leaves its node, so on a cluster only the way to it can be shown. */
const staysThere = ({ node, folder }: KeptLines): AppError =>
  new AppError({
    what: `The refused lines of ${node} are not shown.`,
    why: 'What was refused may hold anything, so it never leaves its node.',
    next: [`Look at them on ${node}: less ${folder}/*.dead`],
    kind: 'refused',
  })

const print = (call: Call, kept: readonly KeptLines[], shows: boolean): void => {
  if (call.json) {
    call.print(jsonText({ rejects: kept.map((one) => keptJson(one, shows)) }, 2))
    return
  }
  if (!shows) call.print(listText(kept))
  for (const one of kept) {
    const count = one.reasons.reduce((sum, { count: n }) => sum + n, 0)
    if (shows) {
      call.print(`${one.node} ${one.stage}: the first ${formatCount(one.lines.length)} of ${formatCount(count)}`)
      call.print(linesText(one))
    }
    call.say(sanitize(`${one.node} ${one.stage}: kept in ${one.folder}${one.here ? '' : `, on ${one.node}`}`))
  }
  if (kept.some(({ here }) => !here))
    call.say('Of a cluster the last run of each stage is counted; what earlier ones refused is in the same folders.')
}

const nothing = (call: Call, config: Config, node: string | undefined): number => {
  if (call.json) call.print(jsonText({ rejects: [] }, 2))
  else
    call.say(
      `${config.cluster.kind === 'sandbox' ? 'No refused lines are kept' : 'The last reports name no refused lines'}${node === undefined ? '' : ` of ${sanitize(node)}`}.`,
    )
  return 0
}

const rejects = async (outer: Call, node: string | undefined, options: RejectsOptions): Promise<number> => {
  const { show, retry } = options
  const call = readingLogs(outer, options)
  const stage = knownStage(options.stage)
  if (show !== undefined && retry === true)
    throw new AppError({
      what: '--show and --retry do not go together.',
      next: ['Look at the lines first: bbq rejects --show'],
      kind: 'usage',
    })
  const config = configOf(call, call.context.env)
  const shown = show === undefined ? 0 : show === true ? shownLines : show
  const kept = await findKept(config, call.stateDir, { node, stage, show: shown })
  if (kept.length === 0) return nothing(call, config, node)
  if (retry === true) return retryKept(call, kept)
  const away = kept.find(({ here }) => !here)
  if (show !== undefined && away !== undefined && kept.every(({ here }) => !here)) throw staysThere(away)
  print(call, show === undefined ? kept : kept.filter(({ here }) => here), show !== undefined)
  return 0
}

/** `bbq rejects`: the lines that no stage understood. */
export const rejectsVerb: Verb = (program, act) => {
  withLogOptions(
    program
      .command('rejects')
      .description('lines that were refused: why, and where they are kept')
      .argument('[node]', 'only those of this node, such as local')
      .option('--show [n]', `the lines themselves, the first ${shownLines} or so many`, lineCount)
      .option('--retry', 'take them again, with the format corrected by --format or in the config')
      .option('--stage <stage>', 'only those of this stage'),
  ).action(act(rejects))
}
