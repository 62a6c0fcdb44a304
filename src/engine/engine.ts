import { bindings } from './bindings.ts'
import { createCalls } from './calls.ts'
import { createLogsCommands } from './commands/logs-commands.ts'
import { createMendCommands } from './commands/mend-commands.ts'
import { createOpenCommands } from './commands/open-commands.ts'
import { createPeekCommands } from './commands/peek-commands.ts'
import { createPrepareCommands } from './commands/prepare-commands.ts'
import { createQueryCommands } from './commands/query-commands.ts'
import { createRunCommands } from './commands/run-commands.ts'
import { saveRuns } from './commands/save-runs.ts'
import { createViewCommands } from './commands/view-commands.ts'
import { createWalkCommands } from './commands/walk-commands.ts'
import type { Commands } from './commands.ts'
import { createContext } from './context.ts'
import type { Event } from './events.ts'
import { createInbox } from './inbox.ts'
import { initialState } from './initial-state.ts'
import type { Binding } from './keymap.ts'
import { startPolling } from './poll.ts'
import type { Ports } from './ports.ts'
import { reduce } from './reduce.ts'
import { selectNodes } from './selectors/nodes.ts'
import type { State } from './state.ts'
import { createStore, type Store } from './store.ts'

/** What front ends drive: state to show, commands to give, keys to press. */
export interface Engine {
  readonly store: Pick<Store<State, Event>, 'getState' | 'subscribe'>
  readonly commands: Commands
  /** What keys do: makes footer, help and docs. */
  readonly bindings: readonly Binding[]
  /** Calls that have not ended; 0 means that nothing is under way. */
  readonly busy: () => number
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
  /** Stops the jobs and frees everything; the engine is of no use afterwards. */
  readonly close: () => Promise<void>
}

/** Store, commands and poller over the given ports; nothing is opened before a command asks for it. */
export const createEngine = (ports: Ports): Engine => {
  const { stages, questions, answers, nodeCount, before, clock, timers } = ports
  const start = initialState({
    stages,
    questions,
    answers,
    now: clock(),
    nodeCount,
    ...(before === undefined ? {} : { before }),
  })
  const store = createStore<State, Event>(start, reduce)
  const calls = createCalls(timers)
  const inbox = createInbox(store, ports)
  const context = createContext({ ports, calls, inbox, getState: store.getState, tell: store.dispatch })
  const poller = startPolling(context)

  const resumers = new Set<() => void>()
  const whenResumed = (): Promise<void> =>
    store.getState().paused ? new Promise((resolve) => resumers.add(resolve)) : Promise.resolve()
  const onResume = (): void => {
    inbox.flush()
    for (const resume of [...resumers]) resume()
    resumers.clear()
  }

  const { stopOwn, adopt, ...runs } = createRunCommands(context, { look: poller.look, whenResumed })
  const peeks = createPeekCommands(context)
  const opening = createOpenCommands(context, () => {
    adopt()
    const first = selectNodes(store.getState()).find(({ state }) => state === 'connected')
    if (first !== undefined) void calls.track(peeks.peek(first.id))
  })
  const others = {
    ...opening,
    ...peeks,
    ...createMendCommands(context, opening.check),
    ...createPrepareCommands(context, opening.check),
    ...createLogsCommands(context, opening.check),
    ...runs,
    ...createQueryCommands(context),
    ...createViewCommands(context, onResume),
  }
  const commands: Commands = { ...others, ...createWalkCommands(context, others, poller.look) }

  const close = async (): Promise<void> => {
    poller.stop()
    await stopOwn()
    await saveRuns(context)
    calls.abort()
    inbox.close()
    const session = context.session()
    context.setSession(undefined)
    // its programs end before others may write where they did
    await session?.cluster.close().catch(() => undefined)
    await session?.warehouse.close().catch(() => undefined)
  }

  return {
    store,
    commands,
    bindings,
    busy: calls.busy,
    idle: calls.idle,
    close,
  }
}
