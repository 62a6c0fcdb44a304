import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSession } from './session.ts'

/** As a program writes it that is no web server. */
const line = '{"level":"info","message":"worker started","pid":7}'

test('logs that nobody understands: red on Stage and Nodes at 80 x 24, with what a newcomer can do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bbq-refused-'))
  await writeFile(join(folder, 'config.yaml'), 'demo:\n  lines: 50\n  live: false\n')
  const session = await openSession({ columns: 80, rows: 24, folder })
  const { terminal } = session
  try {
    await terminal.waitFor('Give the demo here')
    terminal.press('Enter')
    await terminal.waitFor(/21 nodes/, 60_000)
    const nodes = await readdir(join(session.state, 'nodes'))
    for (const node of nodes) {
      const log = join(session.state, 'nodes', node, 'access.log')
      await writeFile(log, `${line}\n`.repeat(40))
    }
    terminal.press('2')
    await terminal.waitFor('Give every line a shape')
    terminal.press('Space')
    await terminal.waitFor('Nothing understood on 21 of 21 nodes: it looks like JSON.', 60_000)
    // a frame comes row by row
    await terminal.waitFor('840 lines in no known format; the first: aws-1, line 1 of access.log.')
    await terminal.waitFor(/❯ Give --format a map of its keys/)
    await terminal.waitFor(/✖ aws-1 +us-east-1 +nothing understood: all 40 lines are in no known/)
    const y = terminal.screen().findIndex((row) => row.includes('✖ aws-2'))
    const mark = terminal.screen()[y]?.indexOf('✖') ?? 0
    const cell = terminal
      .buffer()
      .getLine(terminal.buffer().viewportY + y)
      ?.getCell(mark)
    const rgb = cell?.getFgColor() ?? 0
    expect(rgb >> 16, 'more red than green').toBeGreaterThan(((rgb >> 8) & 255) + 60)
    terminal.press('9')
    expect(await terminal.waitFor('✖ unparsed')).toMatch(/aws-1 +us-east-1 +✖ unparsed/)
    terminal.press('Enter')
    const detail = await terminal.waitFor('40 in no known format, first line 1 of access.log; it looks like JSON')
    expect(detail).toMatch(/Structured +✖ unparsed +40 +40/)
    terminal.press('q')
    expect(await terminal.exit).toEqual({ code: 0, signal: 0 })
  } finally {
    await session.close()
    await rm(folder, { recursive: true, force: true })
  }
})
