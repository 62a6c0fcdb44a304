import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { AppError, exitCodes } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import { sanitize } from '../core/sanitize.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import type { PrepareParts } from '../engine/prepare/parts.ts'
import { type Preparation, prepareNodes, unprepareNodes } from '../engine/prepare/prepare-nodes.ts'
import { askYes } from './ask.ts'
import { openClusterOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { prepareFiles } from './prepare-files.ts'
import { newId, runtimeHash } from './runtime.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

export interface PrepareWish {
  readonly rotate?: boolean
  readonly remove?: boolean
  readonly yes?: boolean
  readonly nodes?: readonly string[]
}

/** Of one job, of which there are several; a library may take its time to come. */
const deadlineMs = 660_000

const simulated = (call: Call, config: Config): number => {
  const { kind } = config.cluster
  if (call.json) call.print(jsonText({ cluster: kind, nodes: [] }))
  else call.print('Simulated nodes need no preparation: each is made ready when it is made.')
  call.say('For a real cluster set cluster.api, or add --cluster-api HOST:PORT.')
  return 0
}

const agreed = async ({ context }: Call, label: string, yes: boolean): Promise<boolean> => {
  if (yes) return true
  if (context.stdin.isTTY !== true)
    throw new AppError({
      what: `Nothing was removed from the nodes of ${label}.`,
      why: 'Without a terminal nobody can be asked.',
      next: ['Add --yes to remove what preparation put there.'],
      kind: 'refused',
    })
  return askYes(context, `Remove program, key pair, uploader's key and name from the nodes of ${label}?`)
}

const print = (call: Call, label: string, all: readonly Preparation[]): number => {
  if (call.json) call.print(jsonText({ cluster: label, nodes: all }, 2))
  else
    call.print(
      textTable(
        [{ title: 'node' }, { title: 'outcome' }, { title: 'why' }],
        all.map(({ id, state, reason = '' }) => [id, state, sanitize(reason)]),
      ),
    )
  const bad = all.filter(({ state }) => state === 'refused' || state === 'failed')
  for (const next of new Set(bad.flatMap(({ reason }) => explainReason(reason ?? '') ?? []))) call.say(next)
  if (bad.length === 0) return 0
  return bad.some(({ state }) => state === 'refused') ? exitCodes.refused : exitCodes.failed
}

/** `bbq nodes prepare`: gives nodes what they miss, or takes it away again. */
export const prepare = async (call: Call, { rotate, remove, yes, nodes: ids }: PrepareWish): Promise<number> => {
  const config = configOf(call, call.context.env)
  if (config.cluster.kind === 'sandbox') return simulated(call, config)
  if (rotate === true && remove === true)
    throw new AppError({
      what: '--rotate and --remove do not go together.',
      next: ['Leave one of them out.'],
      kind: 'usage',
    })
  const { signal, now } = call.context
  const cluster = await openClusterOf(config, call, {
    fresh: false,
    live: false,
    ...(ids === undefined ? {} : { nodes: ids }),
  })
  try {
    const nodes = await cluster.nodes({ signal, deadlineMs: 30_000 })
    if (nodes.length === 0)
      throw new AppError({
        what: `${cluster.about.label} has no nodes${config.cluster.nodes.length > 0 ? ` with ${config.cluster.nodes.join(', ')}` : ''}.`,
        next: ['Start bacalhau serve --compute on a machine, or change cluster.nodes.'],
        kind: 'unreachable',
      })
    const parts: PrepareParts = {
      cluster,
      config,
      files: prepareFiles(config),
      runtime: await runtimeHash(),
      newId: () => newId(now()),
      clock: now,
      pause: (ms) => sleep(ms, undefined, { signal }),
    }
    const { label } = cluster.about
    if (remove === true) {
      if (!(await agreed(call, label, yes === true))) {
        call.say('Nothing was changed.')
        return exitCodes.refused
      }
      return print(call, label, await unprepareNodes(parts, nodes, { signal, deadlineMs }))
    }
    const onStep = (text: string): void => call.say(`… ${text}`)
    return print(
      call,
      label,
      await prepareNodes(parts, nodes, { rotate: rotate === true, onStep }, { signal, deadlineMs }),
    )
  } finally {
    await cluster.close()
  }
}
