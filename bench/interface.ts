import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openTerminal, type Terminal } from '../scripts/terminal.ts'

/** As npm start has them. */
const flags = ['--max-semi-space-size=4']
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const env = (): Record<string, string | undefined> => {
  const { CI: _ci, NO_COLOR: _noColor, ...rest } = process.env
  return { ...rest, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' }
}

const open = (folder: string, columns: number, rows: number): Terminal =>
  openTerminal({ command: [process.execPath, ...flags, program], cwd: folder, columns, rows, env: env() })

const helpMs = (): number => {
  const from = performance.now()
  spawnSync(process.execPath, [program, '--help'], { stdio: 'ignore' })
  return performance.now() - from
}

/** Milliseconds to the first byte and until a key pressed at once has moved the choice. */
const startUp = async (columns: number, rows: number): Promise<{ readonly paint: number; readonly ready: number }> => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-bench-'))
  const from = performance.now()
  const terminal = open(folder, columns, rows)
  let paint = 0
  while (paint === 0) {
    if (terminal.written() !== '') paint = performance.now() - from
    else await sleep(1)
  }
  terminal.press('j')
  await terminal.waitFor(/❯\s+Connect/, 20_000)
  const ready = performance.now() - from
  terminal.press('q')
  await terminal.exit
  rmSync(folder, { recursive: true, force: true })
  return { paint, ready }
}

const keyToPaint = async (terminal: Terminal, presses: number): Promise<readonly number[]> => {
  const times: number[] = []
  for (let i = 0; i < presses; i++) {
    await sleep(60 + ((i * 37) % 90))
    const before = terminal.written().length
    const from = performance.now()
    terminal.press(i % 2 === 0 ? 'j' : 'k')
    while (terminal.written().length === before && performance.now() - from < 1_000) await sleep(0)
    times.push(performance.now() - from)
  }
  return times
}

const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const rssMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const childNamed = (parent: number, name: string): number | undefined =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
        return Number(stat[1]) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name)
      } catch {
        return false
      }
    })

const rate = async (terminal: Terminal, seconds: number): Promise<{ readonly cpu: number; readonly bytes: number }> => {
  const cpu = cpuMs(terminal.pid)
  const bytes = terminal.written().length
  await sleep(seconds * 1_000)
  return {
    cpu: (cpuMs(terminal.pid) - cpu) / (seconds * 10),
    bytes: (terminal.written().length - bytes) / seconds,
  }
}

const live = async (columns: number, rows: number): Promise<readonly (readonly [string, string])[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-bench-'))
  const terminal = open(folder, columns, rows)
  await terminal.waitFor('Give the demo here')
  const from = performance.now()
  terminal.press('Enter')
  await terminal.waitFor(/21 nodes/, 60_000)
  const sandbox = performance.now() - from
  await sleep(2_000)
  const idle = await keyToPaint(terminal, 40)
  const running = await rate(terminal, 15)
  terminal.press('p')
  await sleep(1_500)
  const paused = await rate(terminal, 8)
  terminal.press('p')
  terminal.press('2')
  await sleep(500)
  const stageFrom = performance.now()
  terminal.press('Space')
  const busy = await keyToPaint(terminal, 25)
  await terminal.waitFor(/21 of 21|done in/, 120_000)
  const stage = performance.now() - stageFrom
  const warehouse = childNamed(terminal.pid, 'warehouse')
  const size = `${columns}x${rows}`
  const figures: (readonly [string, string])[] = [
    ['sandbox ready, 21 nodes', `${(sandbox / 1_000).toFixed(1)} s`],
    [`key to paint ${size}, median / p95`, `${quantile(idle, 0.5).toFixed(0)} / ${quantile(idle, 0.95).toFixed(0)} ms`],
    [
      `key to paint ${size} while a stage runs`,
      `${quantile(busy, 0.5).toFixed(0)} / ${quantile(busy, 0.95).toFixed(0)} ms`,
    ],
    [`a stage over 21 nodes`, `at most ${(stage / 1_000).toFixed(1)} s`],
    [`live at 1 Hz ${size}`, `${running.cpu.toFixed(1)} % CPU, ${(running.bytes / 1_000).toFixed(1)} kB/s`],
    [`paused ${size}`, `${paused.cpu.toFixed(1)} % CPU, ${paused.bytes.toFixed(0)} B/s`],
    [`memory of the UI process ${size}`, `${rssMb(terminal.pid).toFixed(0)} MB`],
    ['memory of the warehouse process', warehouse === undefined ? 'not running' : `${rssMb(warehouse).toFixed(0)} MB`],
  ]
  terminal.press('q')
  await terminal.exit
  rmSync(folder, { recursive: true, force: true })
  return figures
}

const row = (name: string, value: string): void => console.log(`| ${name} | ${value} |`)

console.log('| what | measured |\n| --- | --- |')
row('--help, median of 15', `${quantile(Array.from({ length: 15 }, helpMs), 0.5).toFixed(0)} ms`)
const starts = []
for (let i = 0; i < 9; i++) starts.push(await startUp(120, 40))
row(
  'first paint 120x40, median of 9',
  `${quantile(
    starts.map((start) => start.paint),
    0.5,
  ).toFixed(0)} ms`,
)
row(
  'interactive 120x40, median of 9',
  `${quantile(
    starts.map((start) => start.ready),
    0.5,
  ).toFixed(0)} ms`,
)
for (const [name, value] of await live(120, 40)) row(name, value)
for (const [name, value] of (await live(200, 60)).filter(([name]) => name.startsWith('key'))) row(name, value)
