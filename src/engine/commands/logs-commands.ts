import type { Cluster } from '../../cluster/cluster.ts'
import { AppError } from '../../core/errors.ts'
import { formatCount } from '../../core/format.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import { logPath } from '../jobs/logs-parts.ts'
import { startGenerator } from '../jobs/start-generator.ts'
import { repairFromSetup } from './from-setup.ts'
import { lookAtNodes } from './look-at-nodes.ts'

const listMs = 30_000
const startMs = 120_000

type LogsCommands = Pick<Commands, 'startLogs' | 'startLogsNow'>

/** Commands that let the logs of a cluster's nodes grow. */
export const createLogsCommands = (context: Context, checkAgain: () => Promise<void>): LogsCommands => {
  const { ports, calls, tell } = context
  let starting = false

  const say = (text: string, tone: 'info' | 'bad' = 'info'): void =>
    tell({ type: 'message/shown', message: { text, tone, at: ports.clock() } })

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      ports.timers.after(ms, resolve)
    })

  const work = async (cluster: Cluster): Promise<void> => {
    const config = context.config()
    const { clock, newId, template, generators: book, runtime } = ports
    const all = await calls.call('The cluster', listMs, (call) => cluster.nodes(call))
    const nodes = all.filter(({ state }) => state === 'connected').map(({ id }) => id)
    const wish = { nodes, runtime, rate: config.generator.rate, fill: config.demo.lines }
    const parts = { config, template, newId }
    const { nodes: became } = await calls.call('Starting the log generator', startMs, (call) =>
      startGenerator({ cluster, parts, book, pause, clock }, wish, call),
    )
    const growing = became.filter(({ state }) => state === 'growing')
    const other = became.find(({ state }) => state !== 'growing')
    if (growing.length === 0)
      throw new AppError({
        what: `The log generator lives on none of ${became.length} nodes.`,
        why: `${other?.id}: ${other?.reason ?? 'it did not say why'}.`,
        next: ['Look at it without the screen: bbq logs start'],
      })
    say(
      `${logPath(config)} grows on ${growing.length} of ${became.length} nodes${other === undefined ? '' : `; ${other.id}: ${other.reason ?? other.state}`}. bbq logs stop ends it.`,
      other === undefined ? 'info' : 'bad',
    )
    await lookAtNodes(context, cluster, all)
  }

  const fromSetup = async (): Promise<void> => {
    const check = { id: 'logs', title: 'Logs on the nodes' }
    await repairFromSetup(context, { check, detail: 'starting the log generator', work })
    await checkAgain()
  }

  return {
    startLogs: async () => {
      const config = context.config()
      tell({
        type: 'overlay/opened',
        overlay: {
          kind: 'confirm',
          command: { does: 'start logs' },
          question: 'Start the log generator on the nodes?',
          why: `A Bacalhau daemon writes ${logPath(config)}, ${formatCount(config.generator.rate)} lines a second over all nodes, until bbq logs stop ends it. An empty log begins with ${formatCount(config.demo.lines)} lines.`,
          yes: 'start it',
          no: 'not now',
        },
      })
    },
    startLogsNow: async () => {
      if (starting)
        throw new AppError({ what: 'The log generator is being started.', next: ['Wait for it.'], kind: 'refused' })
      starting = true
      const session = context.session()
      try {
        if (session !== undefined) say('The log generator is being started.')
        await (session === undefined ? fromSetup() : work(session.cluster))
      } finally {
        starting = false
      }
    },
  }
}
