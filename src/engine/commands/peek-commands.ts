import { AppError } from '../../core/errors.ts'
import type { Commands } from '../commands.ts'
import { type Context, openSession } from '../context.ts'
import { askNodes } from '../jobs/ask-nodes.ts'
import { peekJob } from '../jobs/peek-job.ts'
import { toProblem } from '../problem.ts'

const peekMs = 60_000
/** Newest lines that are asked for. */
const lines = 12
/** Of a line; the rest would only fill the memory. */
const shownChars = 2_000

type PeekCommands = Pick<Commands, 'peek'>

/** The command that looks at the end of one node's log, where only a job can see it. */
export const createPeekCommands = (context: Context): PeekCommands => {
  const { ports, calls, put } = context
  const asking = new Set<string>()

  const ask = async (id: string): Promise<readonly string[]> => {
    const { cluster } = openSession(context)
    const { newId, template } = ports
    const request = await peekJob({ config: context.config(), template, newId }, { node: id, lines, end: 'tail' })
    const [answer] = await calls.call(`The log of ${id}`, peekMs, (call) => askNodes({ cluster, request }, call))
    if (answer?.state === 'answered') return answer.lines.map((line) => line.slice(0, shownChars))
    throw new AppError({ what: `The log of ${id} was not shown: ${answer?.reason ?? 'the node did not answer'}.` })
  }

  return {
    peek: async (id) => {
      const cluster = context.session()?.cluster
      if (cluster?.about.kind !== 'bacalhau' || asking.has(id)) return
      asking.add(id)
      put({ type: 'peek/requested', id, now: ports.clock() })
      try {
        put({ type: 'peek/received', id, lines: await ask(id), now: ports.clock() })
      } catch (thrown) {
        put({ type: 'peek/failed', id, problem: toProblem(thrown) })
      } finally {
        asking.delete(id)
      }
    },
  }
}
