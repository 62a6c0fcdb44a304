import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

const keys = {
  Enter: '\r',
  Space: ' ',
  Tab: '\t',
  Esc: '\u001B',
  Up: '\u001B[A',
  Down: '\u001B[B',
  Right: '\u001B[C',
  Left: '\u001B[D',
  PgUp: '\u001B[5~',
  PgDn: '\u001B[6~',
  Home: '\u001B[H',
  End: '\u001B[F',
  Backspace: '\u007F',
  'Ctrl-C': '\u0003',
  'Ctrl-L': '\u000C',
  'Ctrl-Z': '\u001A',
} as const

export interface TerminalOptions {
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
  readonly columns: number
  readonly rows: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** How many cells this terminal gives a letter, where that is not the usual. */
  readonly cells?: xterm.IUnicodeVersionProvider
}

export interface TerminalExit {
  readonly code: number
  readonly signal: number
}

/** A program in a real pseudo-terminal, and the screen that a person would see. */
export interface Terminal {
  readonly pid: number
  readonly exit: Promise<TerminalExit>
  /** Presses keys by name (Enter, Space, Tab, …) or types the text itself. */
  press(...names: readonly string[]): void
  /** The lines of the screen, without trailing blanks. */
  screen(): readonly string[]
  /** Resolves with the screen once the condition holds; rejects with the last screen after `ms`. */
  waitFor(condition: string | RegExp | ((screen: string) => boolean), ms?: number): Promise<string>
  resize(columns: number, rows: number): void
  readonly alternate: () => boolean
  /** Whether a text that is too wide goes on in the next row. */
  readonly wraps: () => boolean
  /** All bytes that the program has written so far. */
  readonly written: () => string
  readonly buffer: () => xterm.IBuffer
  kill(signal?: string): void
}

export const openTerminal = (options: TerminalOptions): Terminal => {
  const view = new xterm.Terminal({ cols: options.columns, rows: options.rows, allowProposedApi: true })
  if (options.cells !== undefined) {
    view.unicode.register(options.cells)
    view.unicode.activeVersion = options.cells.version
  }
  const [file, ...args] = options.command
  const child = spawn(file, args, {
    name: options.env['TERM'] ?? 'xterm-256color',
    cols: options.columns,
    rows: options.rows,
    cwd: options.cwd,
    env: { ...options.env },
  })
  let written = ''
  const waiting = new Set<() => void>()
  child.onData((data) => {
    written += data
    view.write(data, () => {
      for (const check of waiting) check()
    })
  })
  const exit = new Promise<TerminalExit>((resolve) => {
    child.onExit(({ exitCode, signal }) => resolve({ code: exitCode, signal: signal ?? 0 }))
  })
  view.onData((answer) => child.write(answer))

  const screen = (): readonly string[] =>
    Array.from({ length: view.rows }, (_, row) => {
      const line = view.buffer.active.getLine(view.buffer.active.viewportY + row)
      return (line?.translateToString(true) ?? '').slice(0, view.cols)
    })

  const waitFor: Terminal['waitFor'] = (condition, ms = 30_000) =>
    new Promise((resolve, reject) => {
      const holds = (text: string): boolean =>
        typeof condition === 'string'
          ? text.includes(condition)
          : condition instanceof RegExp
            ? condition.test(text)
            : condition(text)
      const end = (): void => {
        clearTimeout(timer)
        waiting.delete(check)
      }
      const check = (): void => {
        const text = screen().join('\n')
        if (!holds(text)) return
        end()
        resolve(text)
      }
      const timer = setTimeout(() => {
        end()
        reject(new Error(`never saw ${String(condition)}; the screen was:\n${screen().join('\n')}`))
      }, ms)
      waiting.add(check)
      check()
    })

  return {
    pid: child.pid,
    exit,
    press: (...names) => {
      for (const name of names) child.write(name in keys ? keys[name as keyof typeof keys] : name)
    },
    screen,
    waitFor,
    resize: (columns, rows) => {
      child.resize(columns, rows)
      view.resize(columns, rows)
    },
    wraps: () => view.modes.wraparoundMode,
    alternate: () => view.buffer.active.type === 'alternate',
    written: () => written,
    buffer: () => view.buffer.active,
    kill: (signal) => child.kill(signal),
  }
}
