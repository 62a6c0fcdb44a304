import { findStage, stages } from '../../processors/stages/index.ts'
import type { Config } from '../config/config.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import type { ClusterNode } from '../core/node.ts'
import { sanitize } from '../core/sanitize.ts'
import type { Engine } from '../engine/engine.ts'
import type { StageRun } from '../engine/state.ts'
import { parseDuration } from './duration.ts'
import { type LogOptions, readingLogs, withLogOptions } from './format-option.ts'
import { idList } from './id-list.ts'
import { type NodeInputs, readInputs } from './own-inputs.ts'
import { findRefusals, refusalWarning } from './refusals-text.ts'
import { runJson } from './run-json.ts'
import { printRun } from './run-print.ts'
import { isFinished, totalsText, waitingText } from './run-text.ts'
import { tellSilence } from './tell-silence.ts'
import type { Call, Verb } from './verb.ts'

interface RunOptions extends LogOptions {
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

interface Printing {
  readonly call: Call
  readonly config: Config
  readonly rows: readonly ClusterNode[]
}

const printOneOfMany = ({ call, config, rows }: Printing, run: StageRun, at: number): void => {
  if (run.problem !== undefined) call.say(sanitize(run.problem.what))
  if (call.json) {
    call.print(jsonText({ type: 'run', ...runJson(run, findRefusals(config, call.stateDir, run)) }))
    return
  }
  const failed = run.nodes.filter((node) => node.state !== 'done')
  call.print(`${new Date(at).toISOString()} ${[...totalsText(run), ...waitingText(run, rows)].join('; ')}`)
  for (const node of failed) call.print(sanitize(`  ${node.id} ${node.state}: ${node.reason ?? ''}`))
  const warning = refusalWarning(run)
  if (warning !== undefined) call.say(warning)
}

const once = async (call: Call, config: Config, { commands, store }: Engine, stageId: string): Promise<number> => {
  const run = await commands.runStage(stageId, { signal: call.context.signal })
  printRun(call, config, run, store.getState().nodes.rows)
  return isFinished(run) ? 0 : 1
}

const preview = async (call: Call, { commands }: Engine, stageId: string): Promise<number> => {
  const { command, clusterCommand } = await commands.previewStage(stageId)
  if (call.json) call.print(jsonText({ stage: stageId, command, cluster_command: clusterCommand ?? null }, 2))
  else call.print(command)
  if (!call.json && clusterCommand !== undefined) call.say(`The same on a cluster: ${clusterCommand}`)
  return 0
}

const again = async (
  call: Call,
  config: Config,
  { commands, store }: Engine,
  { stageId, everyMs }: { readonly stageId: string; readonly everyMs: number },
): Promise<number> => {
  const { signal, now } = call.context
  let runs = 0
  let failed = 0
  const onRun = (run: StageRun): void => {
    if (run.phase !== 'ended' || signal.aborted) return
    runs++
    if (!isFinished(run)) failed++
    printOneOfMany({ call, config, rows: store.getState().nodes.rows }, run, now())
  }
  await commands.keepRunning(stageId, { everyMs, signal, onRun })
  if (call.json) call.print(jsonText({ type: 'end', runs }))
  else call.say(`${runs} ${runs === 1 ? 'run' : 'runs'} of ${stageId}.`)
  return failed === 0 ? 0 : 1
}

/** Refuses streams that could not be read as the other options ask for. */
const checkStreams = ({ context }: Call, nodes: readonly NodeInputs[], { every, dryRun }: RunOptions): void => {
  const streams = nodes.flatMap((node) => node.streams)
  const [first] = streams
  if (first === undefined) return
  const refuse = (what: string, why: string, next: string): never => {
    throw new AppError({ what, why, next: [next], kind: 'usage' })
  }
  if (context.stdin.isTTY && streams.some(({ path }) => path === undefined))
    refuse(
      'Standard input is this terminal.',
      '--input - reads what another program writes.',
      'Pipe a log into it: zcat access.log.2.gz | bbq run structured --input -',
    )
  if (every !== undefined)
    refuse(
      `--every cannot read ${first.name} again and again.`,
      'A stream is read once, to its end.',
      'Leave --every out, or give the file itself: --input access.log --every 10s',
    )
  if (dryRun === true)
    refuse(
      `--dry-run cannot keep a line that reads ${first.name}.`,
      'A stream is there only while this program runs.',
      'Give files with --input, or leave --dry-run out.',
    )
}

const examples = `
Logs of your own:
  bbq run structured --input access.log access.log.1.gz
  bbq run structured --input web1="/var/log/nginx/access.log*" --input web2="/srv/logs/*.log"
  zcat access.log.2.gz | bbq run structured --input -
  bbq run structured --input access.log --format '%v %h %l %u %t "%r" %>s %b'
`

const run = async (outer: Call, stage: string, given: RunOptions): Promise<number> => {
  const { every, input, nodes, dryRun } = given
  const stageId = knownStage(stage)
  const call = readingLogs(outer, given)
  if (input !== undefined && nodes !== undefined)
    throw new AppError({
      what: '--input and --nodes do not go together.',
      why: 'Files of your own are read by nodes of their own: local, and those that NAME=FILES names.',
      next: ['Leave one of them out.'],
      kind: 'usage',
    })
  const inputs = input === undefined ? undefined : await readInputs(input)
  checkStreams(call, inputs ?? [], given)
  const wish = {
    command: `bbq run ${stageId}`,
    live: every !== undefined,
    ...(inputs === undefined ? {} : { inputs }),
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
  withLogOptions(
    program
      .command('run')
      .description('one stage over the nodes; a run takes only what is new')
      .argument('<stage>', stages.map((stage) => stage.id).join(', '))
      .option('--every <time>', 'again and again at this pace, such as 10s, until Ctrl-C', parseDuration)
      .option('--dry-run', 'keep the job as a file and print the line that sends it; nothing runs')
      .option('--input <files...>', 'log files of your own; NAME=FILES makes a node of that name, - is standard input')
      .option('--nodes <ids>', 'only these nodes, such as aws-1,gcp-2', idList)
      .addHelpText('after', examples),
  ).action(act(run))
}
