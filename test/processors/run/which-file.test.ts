import {
  appendFileSync,
  copyFileSync,
  globSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { epoch, linesOf, makeNode, rowsOf, runHere, type TestNode } from './test-node.ts'

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

const lines = (word: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `${word} ${from + i} of a log, long enough to be cut`)
const text = (word: string, from: number, to: number): string =>
  lines(word, from, to)
    .map((line) => `${line}\n`)
    .join('')

/** More than a log is known by, and without a time. */
const banner = text('banner', 0, 150)
const bannerLines = lines('banner', 0, 150)

/** A gzip file of exactly that length: what it lacks is its name. */
const packedTo = (content: string, length: number): Buffer => {
  const rest = gzipSync(content).subarray(-8)
  const body = deflateRawSync(content)
  const name = 'n'.repeat(length - 10 - body.length - rest.length - 1)
  return Buffer.concat([Buffer.from('1f8b0808000000000003', 'hex'), Buffer.from(`${name}\0`), body, rest])
}

describe('a file goes on with a log', () => {
  test('that an earlier version began, which kept no proof of it', async () => {
    writeFileSync(node.log, text('line', 0, 200))
    await runHere(node)
    const forget = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, inner) => (key === 'inode' || key === 'proof' ? undefined : inner)))
    for (const file of globSync(`.bbq/state/${epoch}/raw/g*/*.json`, { cwd: node.data })) {
      const path = join(node.data, file)
      writeFileSync(path, JSON.stringify(forget(JSON.parse(readFileSync(path, 'utf8')))))
    }
    appendFileSync(node.log, text('line', 200, 210))
    renameSync(node.log, `${node.log}.1`)
    writeFileSync(node.log, text('line', 210, 400))
    await runHere(node)
    writeFileSync(`${node.log}.2.gz`, gzipSync(readFileSync(`${node.log}.1`)))
    rmSync(`${node.log}.1`)
    await runHere(node)
    expect(linesOf(node)).toEqual(lines('line', 0, 400))
  })

  test('under a second name, which counts once', async () => {
    writeFileSync(node.log, text('line', 0, 20))
    linkSync(node.log, `${node.log}.1`)
    linkSync(node.log, join(node.data, 'other.log'))
    await runHere(node)
    await runHere(node, { input: [join(node.data, 'other.log'), node.log, `${node.log}.1`] })
    expect(linesOf(node)).toEqual([...lines('line', 0, 20), ...lines('line', 0, 20)])
    expect((await runHere(node, { input: [node.log] })).chunks).toBe(0)
  })

  test('that was written over by a longer one only where that begins with all of it', async () => {
    writeFileSync(node.log, banner + text('old', 0, 100))
    await runHere(node)
    writeFileSync(node.log, banner + text('new', 0, 300))
    await runHere(node)
    expect(linesOf(node)).toEqual([...bannerLines, ...lines('old', 0, 100), ...bannerLines, ...lines('new', 0, 300)])
  })

  test('packed to the very length of another', async () => {
    const [first, second] = [banner + text('old', 0, 100), banner + text('new', 0, 130)]
    writeFileSync(`${node.log}.1.gz`, packedTo(first, 4000))
    await runHere(node)
    writeFileSync(`${node.log}.1.gz`, packedTo(second, 4000))
    renameSync(`${node.log}.1.gz`, `${node.log}.2.gz`)
    copyFileSync(`${node.log}.2.gz`, `${node.log}.1.gz`)
    rmSync(`${node.log}.2.gz`)
    await runHere(node)
    expect(linesOf(node).filter((line) => line.startsWith('new'))).toEqual(lines('new', 0, 130))
  })

  test('in whatever order the files are named', async () => {
    const [a, b] = [join(node.data, 'a.log'), join(node.data, 'b.log')]
    writeFileSync(a, banner + text('a', 0, 50))
    writeFileSync(b, banner + text('b', 0, 50))
    for (const input of [[a], [b], [b, a], [a, b]]) await runHere(node, { input })
    expect(linesOf(node)).toEqual([...bannerLines, ...lines('a', 0, 50), ...bannerLines, ...lines('b', 0, 50)])
    appendFileSync(a, text('a', 50, 60))
    appendFileSync(b, text('b', 50, 60))
    await runHere(node, { input: [b] })
    await runHere(node, { input: [a] })
    const rows = rowsOf(node)
    expect(rows.slice(-20).map(({ line }) => line)).toEqual([...lines('b', 50, 60), ...lines('a', 50, 60)])
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })
})

describe('a copy in the making', () => {
  test('is read once, and that is said; what its log becomes is read too', async () => {
    writeFileSync(node.log, banner + text('line', 0, 100))
    await runHere(node)
    appendFileSync(node.log, text('line', 100, 110))
    copyFileSync(node.log, `${node.log}.1`)
    truncateSync(`${node.log}.1`, 8000)
    const { notices, lines_read } = await runHere(node)
    expect([notices, lines_read]).toEqual([
      ['access.log.1 is not read by itself: all of it stands at the beginning of access.log.'],
      10,
    ])
    copyFileSync(node.log, `${node.log}.1`)
    writeFileSync(node.log, banner)
    expect((await runHere(node)).notices).toEqual([])
    expect(linesOf(node)).toEqual([...bannerLines, ...lines('line', 0, 110), ...bannerLines])
  })

  test.each([
    ['is empty', () => Buffer.alloc(0), 'is empty, which no packed file is'],
    ['has a head alone', (packed: Buffer) => packed.subarray(0, 10), 'cannot be unpacked beyond byte 0'],
    [
      'has no readable head',
      (packed: Buffer) => Buffer.concat([packed.subarray(0, 10), Buffer.alloc(99, 255)]),
      'cannot be unpacked beyond byte 0',
    ],
    [
      'is cut within what both begin with',
      (packed: Buffer) => packed.subarray(0, 500),
      'cannot be unpacked beyond byte',
    ],
  ])('is no packed file that %s: that is told', async (_, damage, message) => {
    writeFileSync(node.log, banner + text('new', 0, 20))
    writeFileSync(`${node.log}.1.gz`, damage(gzipSync(banner + text('old', 0, 500), { level: 1 })))
    for (let times = 0; times < 2; times++)
      await expect(runHere(node)).rejects.toThrow(new RegExp(`access\\.log\\.1\\.gz ${message}`))
    expect(linesOf(node)).toEqual([...bannerLines, ...lines('new', 0, 20)])
  })

  test('beside the log that it packs is only told once that is gone', async () => {
    const content = banner + text('line', 0, 2000)
    writeFileSync(`${node.log}.1`, content)
    writeFileSync(`${node.log}.1.gz`, gzipSync(content).subarray(0, 4000))
    await runHere(node)
    rmSync(`${node.log}.1`)
    await expect(runHere(node)).rejects.toThrow(/access\.log\.1\.gz cannot be unpacked/)
    expect(linesOf(node)).toEqual([...bannerLines, ...lines('line', 0, 2000)])
  })
})

const bytesRead = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])

test.runIf(process.platform === 'linux')(
  'logs that did not change are told apart by their ends, not by all of them',
  async () => {
    for (const name of ['access.log', 'access.log.1', 'access.log.2'])
      writeFileSync(join(node.data, name), text(name, 0, 40_000))
    const begun = bytesRead()
    await runHere(node)
    const first = bytesRead() - begun
    await runHere(node)
    expect(bytesRead() - begun - first).toBeLessThan(first / 10)
  },
)
