import { appendFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChunkProcessor } from '../../../processors/chunk-processor.ts'
import { initialRules, openStandIn } from './stand-in.ts'
import { linesOf, makeNode, runHere, type TestNode } from './test-node.ts'

/** Seconds since the epoch at which the tests' files were written last. */
const writtenAt = 1_790_000_000

let node: TestNode
let path: string
beforeEach(() => {
  node = makeNode()
  path = join(node.data, 'own.log')
})
afterEach(() => node.remove())

const write = (content: string | Uint8Array, at = writtenAt): void => {
  writeFileSync(path, content)
  utimesSync(path, at, at)
}

/** A run whose clock stands that many seconds after the file was written. */
const runAfter = (seconds: number, given: Readonly<Record<string, unknown>> = {}, parts = {}) =>
  runHere(node, { input: [path], ...given }, { now: () => (writtenAt + seconds) * 1000, ...parts })

describe('a last line without its end', () => {
  test('counts in a file that is quiet', async () => {
    write('one\ntwo')
    expect(await runAfter(2)).toMatchObject({ lines_read: 2, waiting: 0 })
    expect(linesOf(node)).toEqual(['one', 'two'])
  })

  test.each([
    ['just now', 0],
    ['less than 2 s ago', 1.9],
    ['by a clock that is a little ahead', -4],
  ])('waits where the file changed %s, and is read whole later', async (_, seconds) => {
    write('one\ntwo, the first ha')
    expect(await runAfter(seconds)).toMatchObject({ lines_read: 1, waiting: 17 })
    appendFileSync(path, 'lf and the second\nthree')
    utimesSync(path, writtenAt, writtenAt)
    expect(await runAfter(60)).toMatchObject({ lines_read: 2, waiting: 0 })
    expect(linesOf(node)).toEqual(['one', 'two, the first half and the second', 'three'])
  })

  test('does not wait for ever for a clock that is far ahead', async () => {
    write('one\ntwo')
    expect(await runAfter(-3600)).toMatchObject({ lines_read: 2, waiting: 0 })
  })

  test('waits where the stage runs again and again, however quiet the file is', async () => {
    write('one\ntwo')
    expect(await runAfter(3600, { growing: 'true' })).toMatchObject({ lines_read: 1, waiting: 3 })
    expect(await runAfter(3600, { growing: 'true' })).toMatchObject({ lines_read: 0, waiting: 3 })
    expect(await runAfter(3600)).toMatchObject({ lines_read: 1, waiting: 0 })
    expect(linesOf(node)).toEqual(['one', 'two'])
  })

  test.each([
    ['grew', () => appendFileSync(path, ' and more')],
    ['was touched', () => utimesSync(path, writtenAt, writtenAt + 1)],
  ])('waits where the file %s while it was read', async (_, change) => {
    write(`${'one\n'.repeat(1000)}two`)
    let changed = false
    const openChunkProcessor = async (...given: Parameters<typeof openStandIn>): Promise<ChunkProcessor> => {
      if (!changed) change()
      changed = true
      return openStandIn(...given)
    }
    const tally = await runAfter(3600, { chunkBytes: 1024 }, { openChunkProcessor, initialRules })
    expect(tally).toMatchObject({ lines_read: 1000, waiting: 3 })
  })

  test('counts in a packed file, which nobody writes on', async () => {
    write(gzipSync('one\ntwo'))
    expect(await runAfter(0, { growing: 'true' })).toMatchObject({ lines_read: 2, waiting: 0 })
  })

  test('that is all there is waits, too', async () => {
    write('hal')
    expect(await runAfter(0)).toMatchObject({ lines_read: 0, waiting: 3 })
    write('half\n', writtenAt + 1)
    expect(await runAfter(60)).toMatchObject({ lines_read: 1, waiting: 0 })
    expect(linesOf(node)).toEqual(['half'])
  })

  test('of the log of a node is told, too', async () => {
    writeFileSync(node.log, 'one\ntwo')
    expect(await runHere(node)).toMatchObject({ lines_read: 1, waiting: 3 })
  })
})

describe('files of which each is read', () => {
  const content = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join('')

  test('go on where they were after a rotation', async () => {
    const older = `${path}.1`
    write(content(0, 10))
    await runAfter(60, { input: [path] })
    appendFileSync(path, content(10, 15))
    renameSync(path, older)
    write(content(15, 20))
    expect((await runAfter(60, { input: [older, path] })).lines_read).toBe(10)
    expect((await runAfter(60, { input: [older, path] })).lines_read).toBe(0)
    expect(linesOf(node).length).toBe(20)
  })

  test.each([
    ['copied', (bytes: Buffer) => bytes],
    ['copied in part', (bytes: Buffer) => bytes.subarray(0, 5000)],
    ['packed', (bytes: Buffer) => gzipSync(bytes)],
    ['packed in part', (bytes: Buffer) => gzipSync(bytes).subarray(0, 2000)],
  ])('are read once while a rotation has them there twice: %s', async (_, make) => {
    const [older, packed] = [`${path}.1`, `${path}.1.gz`]
    const whole = content(0, 3000)
    writeFileSync(older, whole)
    writeFileSync(packed, make(Buffer.from(whole)))
    write(content(3000, 3001))
    const inputs = join(node.data, 'files.json')
    const files = [packed, older, path].map((each) => ({ path: each, found: true }))
    writeFileSync(inputs, JSON.stringify({ patterns: [], files }))
    expect(await runAfter(60, { input: [], inputs })).toMatchObject({ lines_read: 3001 })
    expect(await runAfter(60, { input: [], inputs })).toMatchObject({ lines_read: 0 })
    expect(linesOf(node).length).toBe(3001)
  })

  test('are all read where only their beginnings agree, and where each was named itself', async () => {
    const same = content(0, 2000)
    write(`${same}here\n`)
    writeFileSync(`${path}.1`, `${same}there\n`)
    writeFileSync(`${path}.2`, same)
    const inputs = join(node.data, 'files.json')
    const files = [{ path: `${path}.1`, found: true }, { path, found: true }, { path: `${path}.2` }]
    writeFileSync(inputs, JSON.stringify({ patterns: [], files }))
    expect(await runAfter(60, { input: [], inputs })).toMatchObject({ lines_read: 6002 })
    expect(await runAfter(60, { input: [], inputs })).toMatchObject({ lines_read: 0 })
  })

  test('a list of them is read as they are named one by one', async () => {
    write(content(0, 10))
    const list = join(node.data, 'files.json')
    writeFileSync(list, JSON.stringify({ patterns: [], files: [{ path }] }))
    expect((await runAfter(60, { input: [], inputs: list })).lines_read).toBe(10)
    writeFileSync(list, '{')
    await expect(runAfter(60, { inputs: list })).rejects.toThrow('files.json is no list of files.')
    await expect(runAfter(60, { inputs: `${list}.no` })).rejects.toThrow('files.json.no cannot be read.')
  })

  test('a stream is known by all that came, and by nothing else', async () => {
    const list = join(node.data, 'files.json')
    const runStream = (sha256: string, copy: string) => {
      const file = join(node.data, copy)
      writeFileSync(
        list,
        JSON.stringify({ patterns: [], files: [{ path: file, stream: { name: 'standard input', sha256 } }] }),
      )
      return runAfter(0, { input: [], inputs: list, growing: 'true' })
    }
    writeFileSync(join(node.data, 'a'), `${content(0, 10)}half`)
    writeFileSync(join(node.data, 'b'), `${content(0, 10)}half`)
    writeFileSync(join(node.data, 'c'), content(0, 12))
    // to its end, though it came just now
    expect(await runStream('aa', 'a')).toMatchObject({ lines_read: 11, waiting: 0 })
    expect(await runStream('aa', 'b')).toMatchObject({ lines_read: 0 })
    expect(await runStream('cc', 'c')).toMatchObject({ lines_read: 12 })
    // a file of the same beginning is another log
    expect(await runAfter(60, { input: [join(node.data, 'c')] })).toMatchObject({ lines_read: 12 })
  })
})
