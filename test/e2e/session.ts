import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openTerminal, type Terminal, type TerminalOptions } from '../../scripts/terminal.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const program = join(root, 'dist/main.js')

export interface Session {
  readonly terminal: Terminal
  readonly folder: string
  readonly state: string
  close(): Promise<void>
}

/** The environment of a person at a terminal that knows colours and UTF-8. */
export const cleanEnv = (extra: Readonly<Record<string, string>> = {}): Record<string, string | undefined> => {
  const { CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _force, TMUX: _tmux, ...rest } = process.env
  return { ...rest, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...extra }
}

/** The built program in a pseudo-terminal of its own, in a new empty folder. */
export const openSession = async (options: {
  readonly columns: number
  readonly rows: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly folder?: string
  readonly cells?: TerminalOptions['cells']
}): Promise<Session> => {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'bbq-e2e-')))
  const terminal = openTerminal({
    command: [process.execPath, program, ...(options.args ?? [])],
    cwd: folder,
    columns: options.columns,
    rows: options.rows,
    env: cleanEnv(options.env),
    ...(options.cells === undefined ? {} : { cells: options.cells }),
  })
  return {
    terminal,
    folder,
    state: join(folder, '.bbq'),
    close: async () => {
      terminal.kill('SIGKILL')
      await terminal.exit
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Names of the keys that the footer shows, in its order. */
const footerKeys = (screen: readonly string[]): readonly string[] => {
  const footer = screen.findLast((line) => line.trim() !== '') ?? ''
  const known = ['Space', 'Enter', 'Tab', 'Esc', 'Backspace']
  return footer
    .trim()
    .split(/\s+/)
    .filter((word) => known.includes(word))
}

/** Presses a key whenever the footer names it, until `done` holds on the screen. */
export const walk = async (session: Session, key: string, done: RegExp): Promise<void> => {
  const { terminal } = session
  const deadline = Date.now() + 150_000
  while (!done.test(terminal.screen().join('\n'))) {
    if (Date.now() > deadline) throw new Error(`never got there:\n${terminal.screen().join('\n')}`)
    const before = terminal.screen().join('\n')
    if (footerKeys(terminal.screen()).includes(key)) terminal.press(key)
    await terminal.waitFor((screen) => screen !== before, 5_000).catch(() => undefined)
  }
}

/** Answers the wizard: what is named is typed, everything else takes its default. */
export const answerWizard = async ({ terminal }: Session, answers: Readonly<Record<string, string>>): Promise<void> => {
  const askedOn = (screen: string): string => /◐ ([a-z_]+\.[a-z_]+)/.exec(screen)?.[1] ?? ''
  let before = ''
  for (let n = 1; ; n++) {
    // head and list of a screen may come one after the other
    const isNext = (screen: string): boolean =>
      new RegExp(`question ${n} of \\d+`).test(screen) && !['', before].includes(askedOn(screen))
    const screen = await terminal.waitFor(isNext)
    const asked = askedOn(screen)
    before = asked
    const text = answers[asked]
    if (text !== undefined) {
      terminal.press(text)
      await terminal.waitFor(text)
    }
    terminal.press('Enter')
    if (new RegExp(`question ${n} of ${n}\\b`).test(screen)) return
  }
}
