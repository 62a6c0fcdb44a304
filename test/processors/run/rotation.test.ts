import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linesOf, makeNode, rowsOf, runHere, type TestNode } from './test-node.ts'

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i} of the log, long enough to be cut`)
const text = (from: number, to: number): string =>
  lines(from, to)
    .map((line) => `${line}\n`)
    .join('')
const small = { chunkBytes: 1024 }

describe('a log that grows', () => {
  test('is read from where the last run ended', async () => {
    writeFileSync(node.log, text(0, 100))
    const first = await runHere(node, small)
    expect(first.lines_read).toBe(100)
    expect(first.chunks).toBeGreaterThan(3)
    appendFileSync(node.log, text(100, 130))
    expect((await runHere(node, small)).lines_read).toBe(30)
    expect((await runHere(node, small)).chunks).toBe(0)
    expect(linesOf(node)).toEqual(lines(0, 130))
  })

  test('keeps its identity while it is shorter than a head', async () => {
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 200],
      [200, 201],
    ] as const) {
      appendFileSync(node.log, text(from, to))
      await runHere(node, small)
    }
    expect(linesOf(node)).toEqual(lines(0, 201))
    expect(new Set(rowsOf(node).map(({ id }) => id.split('/')[1])).size).toBe(1)
  })

  test('waits for the newline of its last line', async () => {
    writeFileSync(node.log, 'first\nsec')
    expect((await runHere(node)).lines_read).toBe(1)
    appendFileSync(node.log, 'ond')
    expect((await runHere(node)).lines_read).toBe(0)
    appendFileSync(node.log, '\n')
    expect((await runHere(node)).lines_read).toBe(1)
    expect(linesOf(node)).toEqual(['first', 'second'])
  })
})

describe('rotation', () => {
  test('by rename goes on where it was left, oldest first', async () => {
    writeFileSync(node.log, text(0, 50))
    await runHere(node, small)
    appendFileSync(node.log, text(50, 80))
    renameSync(node.log, `${node.log}.1`)
    writeFileSync(node.log, text(80, 90))
    await runHere(node, small)
    renameSync(`${node.log}.1`, `${node.log}.2`)
    renameSync(node.log, `${node.log}.1`)
    writeFileSync(node.log, text(90, 95))
    await runHere(node, small)
    expect(linesOf(node)).toEqual(lines(0, 95))
  })

  test('by rename and gzip goes on at the offset of the content', async () => {
    writeFileSync(node.log, text(0, 500))
    await runHere(node, small)
    appendFileSync(node.log, text(500, 900))
    writeFileSync(`${node.log}.1.gz`, gzipSync(readFileSync(node.log)))
    writeFileSync(node.log, text(900, 910))
    const second = await runHere(node, small)
    expect(second.lines_read).toBe(410)
    expect((await runHere(node, small)).chunks).toBe(0)
    renameSync(`${node.log}.1.gz`, `${node.log}.2.gz`)
    expect((await runHere(node, small)).chunks).toBe(0)
    expect(linesOf(node)).toEqual(lines(0, 910))
  })

  test('by copy and truncate reads nothing twice', async () => {
    writeFileSync(node.log, text(0, 100))
    await runHere(node, small)
    appendFileSync(node.log, text(100, 120))
    copyFileSync(node.log, `${node.log}.1`)
    expect((await runHere(node, small)).lines_read).toBe(20)
    appendFileSync(`${node.log}.1`, text(120, 125))
    truncateSync(node.log, 0)
    expect((await runHere(node, small)).lines_read).toBe(5)
    appendFileSync(node.log, text(125, 140))
    await runHere(node, small)
    expect(linesOf(node)).toEqual(lines(0, 140))
  })

  test('reads a gzip that is still being written only as far as the plain file does not reach', async () => {
    writeFileSync(`${node.log}.1`, text(0, 2000))
    writeFileSync(`${node.log}.1.gz`, gzipSync(text(0, 2000)).subarray(0, 3000))
    writeFileSync(node.log, text(2000, 2010))
    await runHere(node)
    expect(linesOf(node)).toEqual(lines(0, 2010))
  })

  test('names a gzip that is damaged, and reads what it holds', async () => {
    writeFileSync(`${node.log}.1.gz`, gzipSync(text(0, 20_000)).subarray(0, 20_000))
    await expect(runHere(node)).rejects.toThrow(/access\.log\.1\.gz cannot be unpacked beyond byte \d+/)
    const read = linesOf(node)
    expect(read.length).toBeGreaterThan(100)
    expect(read).toEqual(lines(0, read.length))
  })

  test('reports what vanished unread, once', async () => {
    writeFileSync(node.log, `${text(0, 10)}half`)
    await runHere(node)
    appendFileSync(node.log, ' a line\n')
    rmSync(node.log)
    writeFileSync(node.log, text(20, 30))
    expect((await runHere(node)).bytes_unread).toBe(4)
    expect((await runHere(node)).bytes_unread).toBe(0)
  })
})

describe('files that are named', () => {
  test('are all read, also equal ones, and are complete', async () => {
    const [a, b, c] = ['a.log', 'b.log', 'c.log.gz'].map((name) => `${node.data}/${name}`) as [string, string, string]
    writeFileSync(a, `${text(0, 10)}last`)
    writeFileSync(b, `${text(0, 10)}last`)
    writeFileSync(c, gzipSync(`${text(10, 20)}end`))
    const given = { input: [a, b, c, a] }
    const tally = await runHere(node, given)
    expect(tally.lines_read).toBe(33)
    expect(tally.bytes_read).toBe(2 * `${text(0, 10)}last`.length + `${text(10, 20)}end`.length)
    expect(new Set(rowsOf(node).map(({ id }) => id)).size).toBe(33)
    expect((await runHere(node, given)).chunks).toBe(0)
    expect((await runHere(node, { input: [b] })).chunks).toBe(0)
  })
})
