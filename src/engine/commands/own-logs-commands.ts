import { AppError } from '../../core/errors.ts'
import { logInputs } from '../../core/log-words.ts'
import type { OwnNode } from '../../core/own-files.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import type { Confirmation } from '../overlay.ts'
import { toProblem } from '../problem.ts'
import { replaceQuestion } from '../replace-question.ts'
import { selectUnderstood } from '../selectors/own-logs.ts'
import type { OpenOptions } from './open-demo.ts'

const completeMs = 10_000
const lookMs = 60_000

interface Needs {
  readonly open: (options: OpenOptions) => Promise<void>
  readonly ask: (question: Confirmation) => void
}

type OwnLogsCommands = Pick<Commands, 'openOwnLogs' | 'completeOwnLogs' | 'startOwnLogs'> & {
  /** Looks at what was named. */
  readonly look: () => Promise<void>
}

/** Commands that take logs of one's own: a path is named, what is there is shown, then the walk begins over it. */
export const createOwnLogsCommands = (context: Context, { open, ask }: Needs): OwnLogsCommands => {
  const { ports, calls, tell, getState } = context

  const complete = async (): Promise<void> => {
    const { text } = getState().setup.own
    const { text: completed, candidates } = await calls.call('Completing the path', completeMs, () =>
      ports.completePath(text),
    )
    const { mode, own } = getState().setup
    if (mode !== 'naming' || own.text !== text) return
    tell({ type: 'own/completed', text: completed, candidates })
    if (completed === text && candidates.length === 0)
      tell({
        type: 'message/shown',
        message: { text: 'Nothing there begins like that.', tone: 'warn', at: ports.clock() },
      })
  }

  const look = async (): Promise<void> => {
    const { text } = getState().setup.own
    const inputs = logInputs(text)
    if (inputs.length === 0)
      throw new AppError({ what: 'No log is named yet.', next: ['Type a path; Tab completes it.'], kind: 'usage' })
    const since = ports.clock()
    tell({ type: 'own/looked for', now: since })
    const isWanted = (): boolean => {
      const { mode, own } = getState().setup
      return mode === 'naming' && own.text === text && own.lookingSince === since
    }
    try {
      const found = await calls.call('Looking at the log files', lookMs, (call) =>
        ports.inspectLogs(inputs, { ...call, typed: text }),
      )
      if (!isWanted()) return
      const [problem] = found.problems
      // without a file there is only the text to put right
      if (found.nodes.length > 0 || problem === undefined) tell({ type: 'own/found', found })
      else tell({ type: 'own/failed', problem: { kind: 'usage', ...problem } })
    } catch (thrown) {
      if (isWanted()) tell({ type: 'own/failed', problem: toProblem(thrown) })
    }
  }

  const foundInputs = (): readonly OwnNode[] => {
    const { found } = getState().setup.own
    if (found !== undefined && selectUnderstood(getState()))
      return found.nodes.map(({ name, patterns }) => ({ name, files: patterns }))
    throw new AppError({
      what: 'There is no access log to go on with.',
      next: ['Esc goes back to the path.'],
      kind: 'refused',
    })
  }

  return {
    openOwnLogs: () => tell({ type: 'own/opened' }),
    completeOwnLogs: complete,
    look,
    startOwnLogs: async ({ inputs = foundInputs(), replace } = {}) => {
      const { before } = getState().setup
      if (before !== undefined && before.holding.kind !== 'nothing' && replace === undefined)
        return ask(replaceQuestion(before, { does: 'replace by own logs', inputs }, ports.clock()))
      context.setConfig(ports.local)
      await open({ chosen: 'own', fresh: true, agreed: replace === 'anything', live: false, inputs })
    },
  }
}
