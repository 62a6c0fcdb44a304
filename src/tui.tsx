import { render } from 'ink'
import { App } from '../screens/App.tsx'
import { EngineProvider, type EngineView } from '../screens/hooks/use-engine.ts'
import { backgroundOf, themeFor } from '../screens/theme.ts'
import { askBackground } from './terminal-background.ts'

export interface TuiOptions {
  readonly engine: EngineView
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
}

const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Shows the screens until a person leaves or a signal comes; resolves with the exit code once the terminal is as it was. */
export const runTui = async ({ engine, stdin, stdout, env }: TuiOptions): Promise<number> => {
  let code = 0
  const background = backgroundOf(env) ?? (await askBackground({ stdin, stdout }, 50))
  const { store } = engine
  const instance = render(
    <EngineProvider value={engine}>
      <App theme={themeFor(env, background)} stopProcess={stopProcess} />
    </EngineProvider>,
    {
      stdin,
      stdout,
      alternateScreen: true,
      // a CI variable in the environment must not silence a screen that a person looks at
      interactive: true,
      incrementalRendering: true,
      maxFps: 60,
      exitOnCtrlC: false,
      patchConsole: false,
      kittyKeyboard: { mode: 'disabled' },
    },
  )
  const leave = () => {
    const { leaving } = store.getState()
    if (leaving === undefined) return
    code = leaving === 'interrupt' ? signalCodes.SIGINT : 0
    instance.unmount()
  }
  const stopWatching = store.subscribe(leave)
  leave()
  const onSignal = (signal: NodeJS.Signals) => {
    code = signalCodes[signal as keyof typeof signalCodes]
    instance.unmount()
  }
  const signals = Object.keys(signalCodes) as NodeJS.Signals[]
  for (const signal of signals) process.on(signal, onSignal)
  try {
    await instance.waitUntilExit()
  } finally {
    stopWatching()
    for (const signal of signals) process.off(signal, onSignal)
  }
  return code
}

/** Stops this process and its group as the shell's Ctrl-Z would, until it is continued; a group that nobody can continue goes on at once. */
const stopProcess = async (): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.once('SIGCONT', resolve)
  const timer = setTimeout(resolve, 300)
  process.kill(0, 'SIGTSTP')
  await promise
  clearTimeout(timer)
  process.off('SIGCONT', resolve)
}
