import { AppError } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import { sanitize } from '../core/sanitize.ts'
import { askNodes, type NodeAnswer } from '../engine/jobs/ask-nodes.ts'
import { logPath } from '../engine/jobs/logs-parts.ts'
import { peekJob } from '../engine/jobs/peek-job.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import { connectedNodes, withLogs } from './logs-cluster.ts'
import type { Call } from './verb.ts'

interface PeekOptions {
  readonly lines: number
  readonly tail?: boolean
}

const deadlineMs = 90_000

const failure = (answer: NodeAnswer, path: string, simulated: boolean): AppError => {
  const { nodeId, reason = 'it did not say why' } = answer
  if (/No such file or directory/.test(answer.lines.join('\n') + reason))
    return new AppError({
      what: `${nodeId} has no log ${path}.`,
      next: [
        simulated ? 'Simulated nodes write one while bbq runs.' : 'bbq logs start writes one.',
        'Or name the log below the data folder with logs.path.',
      ],
    })
  const next = explainReason(reason)
  return new AppError({
    what: `The log of ${nodeId} was not shown.`,
    why: sanitize(reason),
    ...(next === undefined ? {} : { next: [next] }),
  })
}

/** `bbq logs peek`: the first or last lines of one node's log. */
export const peek = (call: Call, given: string | undefined, { lines, tail }: PeekOptions): Promise<number> =>
  withLogs(
    call,
    { command: 'bbq logs peek', writes: false, ...(given === undefined ? {} : { nodes: [given] }) },
    async ({ cluster, config, parts }) => {
      const [first] = await connectedNodes(cluster, call.context.signal)
      const node = first?.id ?? ''
      const path = logPath(config)
      const request = await peekJob(parts, { node, lines, end: tail === true ? 'tail' : 'head' })
      let command = ''
      const [answer] = await askNodes(
        {
          cluster,
          request,
          onSubmitted: (job) => {
            command = job.command
            call.say(`$ ${command}`)
          },
        },
        { signal: call.context.signal, deadlineMs },
      )
      if (answer === undefined) throw new AppError({ what: `${node} did not answer.` })
      if (answer.state !== 'answered') throw failure(answer, path, config.cluster.kind === 'sandbox')
      const text = answer.lines.map(sanitize)
      if (call.json) call.print(jsonText({ node, path, lines: text, command }, 2))
      else if (text.length > 0) call.print(text.join('\n'))
      else call.say(`${node}: ${path} is empty.`)
      return 0
    },
  )
