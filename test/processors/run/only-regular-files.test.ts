import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseReport, type Report } from '../../../src/core/report.ts'
import { linesOf, makeNode, type TestNode } from './test-node.ts'

const program = fileURLToPath(new URL('stand-in-run.ts', import.meta.url))

interface Ended {
  /** Null for a run that never ended by itself. */
  readonly code: number | null
  readonly report: Report | undefined
}

/** A process of its own, because one that waits for the writer of a pipe cannot even be asked to end. */
const run = (flags: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...flags], { timeout: 20_000, killSignal: 'SIGKILL' }, (error, stdout) =>
      resolve({
        code: error === null ? 0 : typeof error.code === 'number' ? error.code : null,
        report: parseReport(stdout),
      }),
    )
  })

let node: TestNode
let foreign: string
beforeEach(() => {
  node = makeNode()
  foreign = join(dirname(node.data), 'foreign.txt')
  writeFileSync(foreign, 'a line of somebody else\n')
  writeFileSync(node.log, 'own line\n')
})
afterEach(() => node.remove())

const odd: readonly (readonly [string, (path: string) => void, string])[] = [
  ['a pipe', (path) => execFileSync('mkfifo', [path]), 'It is a pipe, not a file.'],
  ['a link out of the folder', (path) => symlinkSync(foreign, path), 'It is a link out of its folder, to '],
  ['a link to a device', (path) => symlinkSync('/dev/zero', path), 'It is a link out of its folder, to /dev/zero.'],
  [
    'a link to a pipe beside it',
    (path) => {
      execFileSync('mkfifo', [join(dirname(path), 'pipe')])
      symlinkSync('pipe', path)
    },
    'It is a pipe, not a file.',
  ],
  ['a link to nothing', (path) => symlinkSync('nothing', path), 'It does not exist.'],
  ['a folder', (path) => mkdirSync(path), 'It is a folder, not a file.'],
]

describe('among the rotated logs', () => {
  test.each(odd)('%s is refused by its name, and the others are read', async (_, make, why) => {
    make(`${node.log}.1`)
    const { code, report } = await run(node.flags)
    expect(code).toBe(1)
    expect(report?.error).toContain(`${node.log}.1 cannot be read. ${why}`)
    expect(linesOf(node)).toEqual(['own line'])
  })

  test('a link to a log of the same folder is that log, once', async () => {
    writeFileSync(join(node.data, 'access.log-20261130'), 'older line\n')
    symlinkSync('access.log-20261130', `${node.log}.1`)
    expect((await run(node.flags)).code).toBe(0)
    expect(linesOf(node)).toEqual(['older line', 'own line'])
  })
})

describe('among files that were given', () => {
  test.each(odd.filter(([what]) => what !== 'a folder'))(
    '%s that a pattern found is refused by its name',
    async (_, make, why) => {
      make(`${node.log}.1`)
      const list = join(node.data, 'files.json')
      const files = [`${node.log}.1`, node.log].map((path) => ({ path, found: true }))
      writeFileSync(list, JSON.stringify({ patterns: [`${node.log}*`], files }))
      const { code, report } = await run([...node.flags, '--inputs', list])
      expect(code).toBe(1)
      expect(report?.error).toContain(`${node.log}.1 cannot be read. ${why}`)
      expect(linesOf(node)).toEqual(['own line'])
    },
  )

  test('a pipe is refused, and a link that was named itself is read', async () => {
    execFileSync('mkfifo', [join(node.data, 'pipe')])
    symlinkSync(foreign, join(node.data, 'link'))
    const { code, report } = await run([
      ...node.flags,
      '--input',
      join(node.data, 'pipe'),
      '--input',
      join(node.data, 'link'),
    ])
    expect(code).toBe(1)
    expect(report?.error).toContain('/pipe cannot be read. It is a pipe, not a file.')
    expect(linesOf(node)).toEqual(['a line of somebody else'])
  })
})
