import { setTimeout as sleep } from 'node:timers/promises'
import { exitCodes } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import type { ClusterNode } from '../core/node.ts'
import { sanitize } from '../core/sanitize.ts'
import { generatorCpu } from '../engine/jobs/generator-job.ts'
import type { GeneratorNode } from '../engine/jobs/generator-life.ts'
import { logPath } from '../engine/jobs/logs-parts.ts'
import { startGenerator } from '../engine/jobs/start-generator.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import { generatorBook } from './generator-file.ts'
import { connectedNodes, withLogs } from './logs-cluster.ts'
import { configOf } from './options.ts'
import { runtimeHash } from './runtime.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

interface StartOptions {
  readonly rate?: number
  readonly fill?: number
  readonly nodes?: readonly string[]
}

const simulated = (call: Call, rate: number): number => {
  if (call.json) call.print(jsonText({ cluster: 'sandbox', nodes: [] }))
  else
    call.print(
      `The logs of simulated nodes grow by themselves while bbq runs, by ${formatCount(rate)} lines a second together.`,
    )
  call.say(
    'Open the demo with bbq, or keep a stage running: bbq run raw --every 10s. --generator-rate N sets the pace.',
  )
  return 0
}

const stateText = ({ state, filled = 0 }: GeneratorNode): string =>
  state === 'growing' && filled > 0 ? `growing, after ${formatCount(filled)} lines at once` : state

/** A stage that asks for more than the generator leaves is not run there, without a word of Bacalhau's. */
const warnOfCrowd = (call: Call, nodes: readonly ClusterNode[], stageCpu: number): void => {
  const least = nodes.reduce((min, { cpu = Number.POSITIVE_INFINITY }) => Math.min(min, cpu), Number.POSITIVE_INFINITY)
  const left = Number((least - generatorCpu).toFixed(2))
  if (stageCpu <= left) return
  call.say(
    `A stage asks a node for ${stageCpu} CPU, and beside the generator ${left} are left: nodes would be left out.`,
  )
  if (left > 0) call.say(`Run stages with --cluster-cpu ${left}, or set cluster.cpu: ${left} in the config.`)
}

/** `bbq logs start`: the log generator on the nodes, until it is stopped. */
export const start = (call: Call, options: StartOptions): Promise<number> => {
  const { context, stateDir } = call
  const { signal } = context
  const config = configOf(call, context.env)
  const rate = options.rate ?? config.generator.rate
  if (config.cluster.kind === 'sandbox') return Promise.resolve(simulated(call, rate))
  const wish = { command: 'bbq logs start', writes: true, nodes: options.nodes ?? [] }
  return withLogs(call, wish, async ({ cluster, parts }) => {
    const connected = await connectedNodes(cluster, signal)
    const nodes = connected.map(({ id }) => id)
    const { label } = cluster.about
    const {
      job,
      nodes: all,
      hopeless,
    } = await startGenerator(
      {
        cluster,
        parts,
        book: generatorBook(stateDir),
        pause: (ms) => sleep(ms, undefined, { signal }),
        clock: context.now,
        onEnded: (jobId) => call.say(`The generator of job ${jobId} was dead and its job is ended.`),
        onSubmitted: ({ command }) => call.say(`$ ${command}`),
      },
      { nodes, runtime: await runtimeHash(), rate, fill: options.fill ?? config.demo.lines },
      { signal },
    )
    const { jobId, command } = job
    const growing = all.filter(({ state }) => state === 'growing').length
    if (call.json) call.print(jsonText({ cluster: label, job_id: jobId, command, rate, nodes: all }, 2))
    else
      call.print(
        textTable(
          [{ title: 'node' }, { title: 'log' }, { title: 'why' }],
          all.map((node) => [node.id, stateText(node), sanitize(node.reason ?? '')]),
        ),
      )
    if (hopeless) call.say('No generator lives; the job was ended.')
    else
      call.say(
        `${logPath(config)} grows on ${growing} of ${all.length} nodes, by ${formatCount(rate)} lines a second together. bbq logs stop ends it.`,
      )
    if (!hopeless) warnOfCrowd(call, connected, config.cluster.cpu)
    for (const next of new Set(all.flatMap(({ reason }) => explainReason(reason ?? '') ?? []))) call.say(next)
    return growing === all.length ? 0 : exitCodes.failed
  })
}
