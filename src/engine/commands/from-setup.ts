import type { Cluster } from '../../cluster/cluster.ts'
import type { Context } from '../context.ts'
import { toProblem } from '../problem.ts'

const openMs = 120_000

interface Repair {
  /** The check of Setup that it mends. */
  readonly check: { readonly id: string; readonly title: string }
  /** What is done first, in words. */
  readonly detail: string
  /** Works on the opened cluster; `onStep` shows what is being done. */
  readonly work: (cluster: Cluster, onStep: (detail: string) => void) => Promise<void>
}

/** Mends what a check of Setup found, on a cluster that is opened for it alone: nothing else is open yet. What fails is both shown there and thrown. */
export const repairFromSetup = async (context: Context, { check, detail, work }: Repair): Promise<void> => {
  const { ports, calls, put } = context
  const about = { ...check, startedAt: ports.clock() }
  const onStep = (text: string): void =>
    put({ type: 'check/changed', check: { ...about, state: 'running', detail: text } })
  put({ type: 'preparing/requested', now: about.startedAt })
  onStep(detail)
  let cluster: Cluster | undefined
  try {
    const config = context.config()
    cluster = await calls.call('Opening the cluster', openMs, ({ signal }) =>
      ports.openCluster({ config, fresh: false, live: false, signal }),
    )
    await work(cluster, onStep)
  } catch (thrown) {
    const problem = toProblem(thrown)
    put({ type: 'check/changed', check: { ...about, state: 'problem', problem } })
    put({ type: 'opening/failed', problem })
    throw thrown
  } finally {
    await cluster?.close()
    context.inbox.flush()
  }
}
