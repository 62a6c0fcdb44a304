import { stat } from 'node:fs/promises'
import { findStage, stages } from '../../processors/stages/index.ts'
import type { Config } from '../config/config.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import { sanitize } from '../core/sanitize.ts'
import type { Engine } from '../engine/engine.ts'
import type { StageRun } from '../engine/state.ts'
import { parseDuration } from './duration.ts'
import { idList } from './id-list.ts'
import { findRefusals, refusalWarning } from './refusals-text.ts'
import { runJson } from './run-json.ts'
import { printRun } from './run-print.ts'
import { isFinished, totalsText } from './run-text.ts'
import { tellSilence } from './tell-silence.ts'
import type { Call, Verb } from './verb.ts'

interface RunOptions {
  readonly every?: number
  readonly input?: readonly string[]
  readonly nodes?: readonly string[]
  readonly dryRun?: boolean
}

const knownStage = (id: string): string => {
  if (findStage(id) !== undefined) return id
  const known = stages.map((stage) => stage.id)
  const nearest = nearestPath(id, known)
  throw new AppError({
    what: `There is no stage ${id}.`,
    ...(nearest === undefined ? {} : { why: `The nearest one is ${nearest}.` }),
    next: [`Stages are ${known.join(', ')}.`],
    kind: 'usage',
  })
}

const printOneOfMany = (call: Call, config: Config, run: StageRun, at: number): void => {
  if (run.problem !== undefined) call.say(sanitize(run.problem.what))
  if (call.json) {
    call.print(JSON.stringify({ type: 'run', ...runJson(run, findRefusals(config, call.stateDir, run)) }))
    return
  }
  const failed = run.nodes.filter((node) => node.state !== 'done')
  call.print(`${new Date(at).toISOString()} ${totalsText(run).join('; ')}`)
  for (const node of failed) call.print(sanitize(`  ${node.id} ${node.state}: ${node.reason ?? ''}`))
  const warning = refusalWarning(run)
  if (warning !== undefined) call.say(warning)
}

const once = async (call: Call, config: Config, { commands }: Engine, stageId: string): Promise<number> => {
  const run = await commands.runStage(stageId, { signal: call.context.signal })
  printRun(call, config, run)
  return isFinished(run) ? 0 : 1
}

const preview = async (call: Call, { commands }: Engine, stageId: string): Promise<number> => {
  const { command, clusterCommand } = await commands.previewStage(stageId)
  if (call.json)
    call.print(JSON.stringify({ stage: stageId, command, cluster_command: clusterCommand ?? null }, null, 2))
  else call.print(command)
  if (!call.json && clusterCommand !== undefined) call.say(`The same on a cluster: ${clusterCommand}`)
  return 0
}

const again = async (
  call: Call,
  config: Config,
  { commands }: Engine,
  { stageId, everyMs }: { readonly stageId: string; readonly everyMs: number },
): Promise<number> => {
  const { signal, now } = call.context
  let runs = 0
  let failed = 0
  const onRun = (run: StageRun): void => {
    if (run.phase !== 'ended' || signal.aborted) return
    runs++
    if (!isFinished(run)) failed++
    printOneOfMany(call, config, run, now())
  }
  await commands.keepRunning(stageId, { everyMs, signal, onRun })
  if (call.json) call.print(JSON.stringify({ type: 'end', runs }))
  else call.say(`${runs} ${runs === 1 ? 'run' : 'runs'} of ${stageId}.`)
  return failed === 0 ? 0 : 1
}

/** Refuses what is no readable file, by the name that the person gave. */
const checkInputs = async (files: readonly string[]): Promise<void> => {
  for (const file of files) {
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile() === true) continue
    throw new AppError({
      what: found === undefined ? `There is no file ${file}.` : `${file} is no file that could be read as a log.`,
      next: ['Give log files with --input, several after one another: --input access.log access.log.1.gz'],
      kind: 'usage',
    })
  }
}

const run = async (call: Call, stage: string, { every, input, nodes, dryRun }: RunOptions): Promise<number> => {
  const stageId = knownStage(stage)
  if (input !== undefined && nodes !== undefined)
    throw new AppError({
      what: '--input and --nodes do not go together.',
      why: 'Files of your own are read by one node, local.',
      next: ['Leave one of them out.'],
      kind: 'usage',
    })
  await checkInputs(input ?? [])
  const wish = {
    command: `bbq run ${stageId}`,
    live: every !== undefined,
    ...(input === undefined ? {} : { inputs: input }),
    ...(nodes === undefined ? {} : { nodes }),
  }
  const { withEngine } = await import('./open-engine.ts')
  return withEngine(call, wish, async (engine, config) => {
    await engine.commands.resume({ live: wish.live })
    if (dryRun === true) return preview(call, engine, stageId)
    const left = engine.store.getState().runs[stageId]
    if (left?.adopted === true && left.phase === 'running')
      call.say(`Job ${left.job?.jobId}, which an earlier program sent, ends first; then this run takes what is new.`)
    const stop = tellSilence(engine, stageId, { now: call.context.now, say: call.say })
    try {
      return await (every === undefined
        ? once(call, config, engine, stageId)
        : again(call, config, engine, { stageId, everyMs: every }))
    } finally {
      stop()
    }
  })
}

/** `bbq run STAGE`: one stage over the nodes, once or again and again. */
export const runVerb: Verb = (program, act) => {
  program
    .command('run')
    .description('one stage over the nodes; a run takes only what is new')
    .argument('<stage>', stages.map((stage) => stage.id).join(', '))
    .option('--every <time>', 'again and again at this pace, such as 10s, until Ctrl-C', parseDuration)
    .option('--dry-run', 'keep the job as a file and print the line that sends it; nothing runs')
    .option('--input <files...>', 'complete log files of your own, read by one local node')
    .option('--nodes <ids>', 'only these nodes, such as aws-1,gcp-2', idList)
    .action(act(run))
}
