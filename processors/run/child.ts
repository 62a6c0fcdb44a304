import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { AppError, toAppError } from '../../src/core/errors.ts'
import { jsonText } from '../../src/core/json.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { ChunkContext, ChunkProcessor } from '../chunk-processor.ts'
import type { RuleState } from '../pass/rules.ts'
import { readIdentity } from './identity.ts'
import { isAlive, watchParent } from './parent-watch.ts'
import { parseArgv } from './parse-argv.ts'
import { reportLine } from './report-line.ts'
import { runStage } from './run-stage.ts'
import { emptyTally } from './tally.ts'
import { throttle } from './throttle.ts'

export interface ChildParts {
  readonly findStage: (id: string) => Stage | undefined
  readonly initialRules: () => RuleState
  readonly openChunkProcessor: (context: ChunkContext) => Promise<ChunkProcessor>
}

/** Least time between two progress lines, in milliseconds. */
const pace = 250

/** Runs a stage as this process: progress on stderr, one report line on stdout; resolves to the exit code. */
export const runChild = async (argv: readonly string[], parts: ChildParts): Promise<number> => {
  let origin = performance.timeOrigin
  const now = (): number => origin + performance.now()
  const stop = new AbortController()
  let [node, stageId, epoch, tally] = ['', '', '', emptyTally(undefined)]
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  const progress = throttle({ pace, now, write: (line) => say(line) })

  const report = (error?: AppError): void => {
    const line = { node, stage: stageId, epoch, ...tally, ms: Math.round(performance.now()) }
    process.stdout.write(
      reportLine(error === undefined ? line : { ...line, error: [error.message, ...error.next.slice(0, 1)].join(' ') }),
    )
  }
  const fail = (thrown: unknown): number => {
    const error = toAppError(thrown)
    for (const text of [error.message, ...error.next]) say(text)
    report(error)
    return error.kind === 'usage' ? 2 : 1
  }
  const end = (what: string): void => {
    stop.abort()
    process.exit(fail(new AppError({ what, next: ['Run the stage again: it goes on where this run ended.'] })))
  }

  // a reader that went away must not end the run in the middle of a chunk with a stack trace
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

  try {
    const params = parseArgv(argv)
    stageId = params.stage
    epoch = params.epoch
    origin = params.clock ?? origin
    const stage = parts.findStage(params.stage)
    if (stage === undefined) throw new AppError({ what: `There is no stage ${params.stage}.`, kind: 'usage' })
    tally = emptyTally(stage)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(`Stopped by ${signal}.`))
    if (params.parentPid !== undefined)
      watchParent({
        parentPid: params.parentPid,
        currentParent: () => process.ppid,
        isAlive,
        onGone: () => end('Stopped, because the program that started this run is gone.'),
        every: 500,
      })
    const identity = readIdentity(params.data)
    node = identity.id
    await runStage({
      ...parts,
      params,
      stage,
      node: identity,
      host: hostname(),
      pid: process.pid,
      writer: randomBytes(8).toString('hex'),
      now,
      signal: stop.signal,
      onTally: (newest) => {
        tally = newest
      },
      onProgress: (newest) => progress.push(jsonText(newest)),
      onNotice: say,
    })
    progress.flush()
    report()
    return 0
  } catch (thrown) {
    progress.flush()
    return fail(thrown)
  }
}
