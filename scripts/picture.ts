import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svgOf } from './svg.ts'
import { openTerminal } from './terminal.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const columns = 120
const rows = 40

const stages = [
  ['1', 'Send everything'],
  ['2', 'Give every line a shape'],
  ['3', 'Send no address'],
] as const

/** Draws docs/demo.svg: the stage Private, done, in the real program. */
const draw = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-picture-'))
  const { CI: _ci, NO_COLOR: _noColor, ...env } = process.env
  const terminal = openTerminal({
    command: [process.execPath, join(root, 'dist/main.js')],
    cwd: folder,
    columns,
    rows,
    env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' },
  })
  await terminal.waitFor('Give the demo here')
  terminal.press('Enter')
  await terminal.waitFor(/21 nodes/, 60_000)
  for (const [digit, headline] of stages) {
    terminal.press(digit)
    await terminal.waitFor((screen) => screen.includes(headline) && /Space run it/.test(screen))
    terminal.press('Space')
    await terminal.waitFor(/Space next/, 120_000)
  }
  // one more poll, so that table and strip show what came last
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  writeFileSync(join(root, 'docs/demo.svg'), svgOf(terminal.buffer(), columns, rows))
  terminal.press('q')
  await terminal.exit
  rmSync(folder, { recursive: true, force: true })
  console.log('wrote docs/demo.svg')
}

await draw()
