import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svgOf } from './svg.ts'
import { openTerminal } from './terminal.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const columns = 120
const rows = 40

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
  for (const digit of ['1', '2', '3']) {
    terminal.press(digit)
    await terminal.waitFor(/Space/)
    terminal.press('Space')
    await terminal.waitFor(/21 of 21|done in/, 120_000)
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  writeFileSync(join(root, 'docs/demo.svg'), svgOf(terminal.buffer(), columns, rows))
  terminal.press('q')
  await terminal.exit
  rmSync(folder, { recursive: true, force: true })
  console.log('wrote docs/demo.svg')
}

await draw()
