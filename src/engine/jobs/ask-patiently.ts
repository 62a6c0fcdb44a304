import type { CallOptions, Cluster, JobRequest, SubmittedJob } from '../../cluster/cluster.ts'
import { askNodes, type NodeAnswer } from './ask-nodes.ts'

interface Asked {
  readonly cluster: Cluster
  /** Ids of the nodes that are connected. */
  readonly nodes: readonly string[]
  /** The job for these nodes; `only` is set when an earlier try left them out. */
  readonly request: (nodes: readonly string[], only?: readonly string[]) => Promise<JobRequest>
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>
  readonly onSubmitted?: (job: SubmittedJob) => void
  /** Called once for every node, as its answer comes. */
  readonly onAnswer: (answer: NodeAnswer) => void
  /** Nodes that were busy, and milliseconds after which they are asked again. */
  readonly onBusy?: (ids: readonly string[], ms: number) => void
}

/** How long it waits before it asks nodes again that were busy: what a node has free is told to the cluster every 30 s. */
export const busyPausesMs: readonly number[] = [2_000, 4_000, 8_000, 16_000]

/** Bacalhau leaves busy nodes out without a word, and knows with a delay that they are free again. */
const wasBusy = ({ state, reason = '', lines }: NodeAnswer): boolean =>
  state === 'skipped' || (state === 'failed' && lines.length === 0 && /busy|capacity/.test(reason))

/** Asks every node by a small job, and those that were busy by a job of their own, a few times. */
export const askPatiently = async (
  { cluster, nodes, request, pause, onSubmitted, onAnswer, onBusy }: Asked,
  options: CallOptions,
): Promise<void> => {
  let only: readonly string[] | undefined
  for (let tries = 0; ; tries++) {
    const pauseMs = busyPausesMs[tries]
    const busy: string[] = []
    await askNodes(
      {
        cluster,
        request: await request(only ?? nodes, only),
        ...(onSubmitted === undefined ? {} : { onSubmitted }),
        onAnswer: (answer) => {
          if (wasBusy(answer) && pauseMs !== undefined) busy.push(answer.nodeId)
          else onAnswer(answer)
        },
      },
      options,
    )
    if (busy.length === 0 || pauseMs === undefined) return
    only = busy
    onBusy?.(busy, pauseMs)
    await pause(pauseMs)
    options.signal.throwIfAborted()
  }
}
