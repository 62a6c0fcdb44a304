import type { Cluster } from '../../cluster/cluster.ts'
import { AppError } from '../../core/errors.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import { keyFileOf, type Preparation, prepareNodes } from '../prepare/prepare-nodes.ts'
import { selectUnprepared } from '../selectors/nodes.ts'
import { repairFromSetup } from './from-setup.ts'
import { lookAtNodes, prepareParts } from './look-at-nodes.ts'

const listMs = 30_000
const prepareMs = 3_600_000

type PrepareCommands = Pick<Commands, 'prepare' | 'prepareNow'>

const bad = ({ state }: Preparation): boolean => state === 'failed' || state === 'refused'

/** What preparing came to, as one sentence. */
const summaryOf = (all: readonly Preparation[]): string => {
  const wrong = all.filter(bad)
  const [first] = wrong
  if (first === undefined) return `${all.length} of ${all.length} nodes are prepared.`
  return `${all.length - wrong.length} of ${all.length} nodes are prepared; ${first.id}: ${first.reason ?? 'it said nothing'}`
}

/** Commands that make the nodes of a cluster ready for stages. */
export const createPrepareCommands = (context: Context, checkAgain: () => Promise<void>): PrepareCommands => {
  const { ports, calls, tell, getState } = context
  let preparing = false

  const say = (text: string, tone: 'info' | 'bad' = 'info'): void =>
    tell({ type: 'message/shown', message: { text, tone, at: ports.clock() } })

  const work = async (cluster: Cluster, onStep: (text: string) => void): Promise<readonly Preparation[]> => {
    const nodes = await calls.call('The cluster', listMs, (call) => cluster.nodes(call))
    const parts = prepareParts(context, cluster)
    return calls.call('Preparing the nodes', prepareMs, (call) => prepareNodes(parts, nodes, { onStep }, call))
  }

  const fromSetup = async (): Promise<void> => {
    let outcome: readonly Preparation[] = []
    await repairFromSetup(context, {
      check: { id: 'prepared', title: 'Nodes prepared' },
      detail: 'opening the cluster',
      work: async (cluster, onStep) => {
        outcome = await work(cluster, onStep)
      },
    })
    say(summaryOf(outcome), outcome.some(bad) ? 'bad' : 'info')
    await checkAgain()
  }

  /** While the demo is open: a node joined, or its program is an older one. */
  const whileOpen = async (cluster: Cluster): Promise<void> => {
    const outcome = await work(cluster, (text) => say(`Preparing: ${text}.`))
    await lookAtNodes(context, cluster, await calls.call('The cluster', listMs, (call) => cluster.nodes(call)))
    say(summaryOf(outcome), outcome.some(bad) ? 'bad' : 'info')
  }

  const prepareNow: Commands['prepareNow'] = async () => {
    if (preparing)
      throw new AppError({ what: 'The nodes are being prepared.', next: ['Wait for the end.'], kind: 'refused' })
    preparing = true
    const session = context.session()
    try {
      await (session === undefined ? fromSetup() : whileOpen(session.cluster))
    } finally {
      preparing = false
    }
  }

  return {
    prepareNow,
    prepare: async () => {
      const config = context.config()
      const files = ports.prepareFiles(config)
      const key = await keyFileOf({ config, files })
      const ids = selectUnprepared(getState())
      const sealed = key === undefined ? '' : ` and, sealed for each, the key of ${key.email}`
      tell({
        type: 'overlay/opened',
        overlay: {
          kind: 'confirm',
          command: { does: 'prepare nodes' },
          question: `Prepare ${ids.length === 1 ? ids[0] : `${ids.length} nodes`}?`,
          why: `Jobs put bbq's program (0.5 MB), DuckDB's library (70 MB)${sealed} into ${config.cluster.data}/.bbq. Logs stay as they are.`,
          yes: 'prepare',
          no: 'not now',
        },
      })
    },
  }
}
