import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../cluster/cluster.ts'
import { exitCodes } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import { lookAt, openOnes } from '../engine/jobs/generator-life.ts'
import { findGenerators, type StartedGenerator } from '../engine/jobs/generators.ts'
import { generatorBook } from './generator-file.ts'
import { withLogs } from './logs-cluster.ts'
import { configOf } from './options.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

interface StoppedNode {
  readonly id: string
  /** Dead: it had ended before it was told to. */
  readonly state: 'stopped' | 'running' | 'lost' | 'dead'
}

const waitMs = 30_000
const lookMs = 500

/** An execution is called ended as soon as it is told to; its container gets SIGTERM then, and SIGKILL a second later. */
const graceMs = 1_500

const simulated = (call: Call): number => {
  if (call.json) call.print(jsonText({ cluster: 'sandbox', nodes: [] }))
  else call.print('The logs of simulated nodes stop growing when the program that uses them ends.')
  call.say('To keep them still while it runs: bbq --demo-live false')
  return 0
}

/** Ends one and waits until its containers have ended. */
const end = async (call: Call, cluster: Cluster, generator: StartedGenerator): Promise<readonly StoppedNode[]> => {
  const { signal, now } = call.context
  const until = now() + waitMs
  const before = await lookAt(cluster, generator, { signal, deadlineMs: 15_000 })
  const living = new Set(openOnes(before).map(({ nodeId }) => nodeId))
  const ids = new Set([...generator.nodes, ...living])
  await cluster.stop(generator.jobId, { signal, deadlineMs: 15_000 })
  for (;;) {
    const snapshot = await lookAt(cluster, generator, { signal, deadlineMs: 15_000 })
    const open = openOnes(snapshot)
    const over = open.every(({ nodeLost }) => nodeLost)
    if (over) await sleep(graceMs, undefined, { signal })
    if (over || now() >= until)
      return [...ids].sort().map((id): StoppedNode => {
        const still = open.find(({ nodeId }) => nodeId === id)
        if (still !== undefined) return { id, state: still.nodeLost ? 'lost' : 'running' }
        return { id, state: living.has(id) ? 'stopped' : 'dead' }
      })
    await sleep(lookMs, undefined, { signal })
  }
}

/** `bbq logs stop`: ends the generators that were started from this state folder. */
export const stop = (call: Call): Promise<number> => {
  const { context, stateDir } = call
  if (configOf(call, context.env).cluster.kind === 'sandbox') return Promise.resolve(simulated(call))
  return withLogs(call, { command: 'bbq logs stop', writes: true }, async ({ cluster }) => {
    const book = generatorBook(stateDir)
    const found = await findGenerators(book, cluster, { signal: context.signal })
    const nodes: StoppedNode[] = []
    for (const { generator } of found) {
      const ended = await end(call, cluster, generator)
      nodes.push(...ended)
      if (ended.every(({ state }) => state !== 'running')) await book.forget(generator.jobId)
    }
    const { label } = cluster.about
    if (call.json) call.print(jsonText({ cluster: label, nodes }, 2))
    else if (found.length === 0) call.print(`No log generator that was started from ${stateDir} runs on ${label}.`)
    else
      call.print(
        textTable(
          [{ title: 'node' }, { title: 'generator' }],
          nodes.map(({ id, state }) => [id, state]),
        ),
      )
    const running = nodes.filter(({ state }) => state === 'running')
    if (running.length === 0) return 0
    call.say(
      `${running.map(({ id }) => id).join(', ')} had not stopped after ${waitMs / 1000} s. Run it again to look.`,
    )
    return exitCodes.failed
  })
}
