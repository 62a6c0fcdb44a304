import { AppError } from '../../core/errors.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import { summaryMarkdown, toCsv, toJson, toMarkdown } from '../export.ts'
import { nextBeat } from '../script.ts'
import { selectAnswerRows } from '../selectors/answer.ts'
import { isMendFirst } from '../selectors/checks.ts'
import { selectLacksLogs, selectUnprepared } from '../selectors/nodes.ts'
import { selectPane, selectSelected, selectStep } from '../selectors/panes.ts'
import { isUnderWay } from '../selectors/runs.ts'
import { doConfirmed } from './do-confirmed.ts'

/** How long a first Ctrl-C counts, in milliseconds. */
const interruptMs = 3_000

/** The canned query that counts full addresses. */
const proofQuery = 'private-full'

export type WalkCommands = Pick<
  Commands,
  'next' | 'enter' | 'confirm' | 'interrupt' | 'quit' | 'exportScreen' | 'refresh'
>

type Others = Omit<Commands, keyof WalkCommands>

/** Commands that are made of other commands: the script's beats, into and out of things, export, leaving. */
export const createWalkCommands = (context: Context, others: Others, look: () => Promise<void>): WalkCommands => {
  const { tell, getState, ports } = context

  const leaveNow = (how: 'quit' | 'interrupt'): void => tell({ type: 'leave/requested', how })

  const runningTitles = (): string => {
    const own = Object.values(context.runs()).filter((run) => isUnderWay(run) && run.adopted !== true)
    const ids = own.map(({ stageId }) => stageId)
    return ports.stages
      .filter(({ id }) => ids.includes(id))
      .map(({ title }) => title)
      .join(', ')
  }

  const next = async (): Promise<void> => {
    const state = getState()
    if (state.overlay !== undefined && state.overlay.kind !== 'confirm') tell({ type: 'overlay/closed' })
    const beat = nextBeat(state)
    switch (beat.kind) {
      case 'do':
        if (state.paused) return others.say('Nothing starts while the screen is paused. p goes on.', 'warn')
        await beat.run(all)
        return
      case 'step':
        return others.show(beat.to)
      case 'end':
        return others.say('That was the last step. q leaves, a digit goes back to a stage.')
      case 'wait': {
        if (beat.skippable && state.impatientWith === beat.id) return goOn()
        tell({ type: 'wait/named', beat: beat.id })
        const way = beat.skippable ? ' Space again goes on without it.' : ''
        return others.say(`Waits for ${beat.for(state)}.${way}`)
      }
    }
  }

  const goOn = (): void => {
    const { steps } = getState()
    const after = steps[steps.indexOf(selectStep(getState())) + 1]
    if (after !== undefined) others.show(after.id)
  }

  const confirm = async (): Promise<void> => {
    const { overlay } = getState()
    if (overlay?.kind !== 'confirm') return
    tell({ type: 'overlay/closed' })
    await doConfirmed(overlay.command, { ...others, leave: () => leaveNow('quit') })
  }

  const enterSetup = async (): Promise<void> => {
    const { setup } = getState()
    if (setup.mode === 'choosing') await others.choose()
    else if (setup.mode === 'asking' || setup.mode === 'naming') await others.answer()
    else if (setup.mode === 'found') await others.startOwnLogs()
    else if (setup.problem === undefined) return
    else if (isMendFirst(getState())) await others.mend()
    else if (selectUnprepared(getState()).length > 0) await others.prepare()
    else if (selectLacksLogs(getState())) await others.startLogs()
    else await others.check()
  }

  const enter = async (): Promise<void> => {
    const state = getState()
    if (state.overlay?.kind === 'confirm') return confirm()
    if (state.overlay !== undefined) return
    const pane = selectPane(state)
    const id = selectSelected(state, pane)
    switch (selectStep(state).kind) {
      case 'setup':
        return enterSetup()
      case 'nodes':
        if (id === undefined || state.nodes.opened !== undefined) return
        tell({ type: 'node/opened', id })
        return others.peek(id)
      case 'summary':
        return prove()
      case 'query':
        if (pane === 'questions') await others.askQuery()
        else if (pane === 'result' && id !== undefined)
          tell({ type: 'overlay/opened', overlay: { kind: 'row', pane, id, scroll: 0 } })
        return
      case 'stage':
        if (id !== undefined) tell({ type: 'overlay/opened', overlay: { kind: 'row', pane, id, scroll: 0 } })
    }
  }

  /** The figure of the Summary, asked from the tables; of a query that costs the price is shown first. */
  const prove = async (): Promise<void> => {
    others.show('query')
    others.focus('questions')
    others.select('questions', proofQuery)
    await others.askQuery()
  }

  const exportScreen = async (): Promise<readonly string[]> => {
    const state = getState()
    const write = ports.files.writeExport
    const stamp = new Date(ports.clock()).toISOString().slice(0, 19).replaceAll(/[:-]/g, '')
    const files: string[] = []
    if (selectStep(state).kind === 'summary') files.push(await write(`bbq-summary-${stamp}.md`, summaryMarkdown(state)))
    else {
      const { answer } = state.query
      if (answer === undefined)
        throw new AppError({
          what: 'There is no result to save yet.',
          next: ['Enter runs the selected query.'],
          kind: 'usage',
        })
      const rows = { columns: answer.result.columns, rows: selectAnswerRows(state) }
      const name = `bbq-${answer.queryId}-${stamp}`
      files.push(await write(`${name}.csv`, toCsv(rows)))
      files.push(await write(`${name}.json`, toJson(rows)))
      files.push(await write(`${name}.md`, toMarkdown(rows)))
    }
    others.say(`Saved ${files.join(', ')}.`)
    return files
  }

  const own: WalkCommands = {
    next,
    enter,
    confirm,
    exportScreen,
    refresh: async () => {
      const { opened } = getState().nodes
      await Promise.all([look(), opened === undefined ? undefined : others.peek(opened)])
      context.inbox.flush()
    },
    quit: () => {
      const titles = runningTitles()
      if (titles === '') return leaveNow('quit')
      tell({
        type: 'overlay/opened',
        overlay: {
          kind: 'confirm',
          command: { does: 'leave' },
          question: `Leave while ${titles} runs?`,
          why: 'Its job is stopped. The next run goes on where it was; nothing is lost or sent twice.',
          yes: 'stop it and leave',
          no: 'stay',
        },
      })
    },
    interrupt: () => {
      const { interruptAskedAt } = getState()
      const now = ports.clock()
      const asked = interruptAskedAt !== undefined && now - interruptAskedAt <= interruptMs
      const titles = runningTitles()
      if (titles === '' || asked) return leaveNow('interrupt')
      tell({ type: 'interrupt/asked', now })
      others.say(`${titles} is running. Ctrl-C again stops it and leaves.`, 'warn')
    },
  }
  const all: Commands = { ...others, ...own }
  return own
}
