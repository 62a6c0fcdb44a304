import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCutter } from '../../../processors/run/cutter.ts'
import { openSource } from '../../../processors/run/open-source.ts'
import { makeNode, type TestNode } from './test-node.ts'

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

const mib = 1024 * 1024

interface Piece {
  readonly start: number
  readonly end: number
  readonly held: number
  readonly oversizedLine?: number
}

const cutAll = async (
  content: string | Buffer,
  { chunkBytes = 1024, complete = false, packed = false } = {},
): Promise<{ readonly pieces: readonly Piece[]; readonly room: number }> => {
  const path = join(node.data, 'x')
  writeFileSync(path, packed ? gzipSync(content) : content)
  const source = await openSource({ path }, () => undefined)
  const room = { buffer: Buffer.alloc(0) }
  const cutter = openCutter({ source, chunkBytes, complete: () => complete, room })
  const pieces: Piece[] = []
  let before = 0
  for (let at = 0; ; ) {
    const cut = await cutter.next(at, before)
    if (cut === undefined) break
    const { bytes, checksum, ...rest } = cut
    // the same sum stands at the end of every gzip file
    expect(checksum, `checksum at ${at}`).toBe(
      gzipSync(Buffer.from(content).subarray(0, cut.end)).subarray(-8).readUInt32LE(),
    )
    before = checksum
    const original = Buffer.from(content).subarray(cut.start, cut.start + bytes.length)
    expect(original.equals(bytes), `bytes at ${at}`).toBe(true)
    const again = await cutter.exact(cut)
    expect(original.equals(again?.bytes ?? Buffer.alloc(0)), `bytes at ${at} again`).toBe(true)
    pieces.push({ ...rest, held: bytes.length })
    at = cut.end
  }
  source.close()
  return { pieces, room: room.buffer.length }
}

const line = (length: number, ending = '\n'): string => 'x'.repeat(length) + ending

test('lines of many KiB are cut into smaller chunks', async () => {
  const { pieces } = await cutAll(line(6_000).repeat(3_000), { chunkBytes: 32 * mib })
  expect(pieces.map(({ held }) => Math.ceil(held / mib))).toEqual([8, 8, 2])
  const usual = await cutAll(line(200).repeat(90_000), { chunkBytes: 32 * mib })
  expect(usual.pieces.length).toBe(1)
})

describe.each([false, true])('cuts (packed: %s)', (packed) => {
  test('end at line ends and follow each other', async () => {
    const content = Array.from({ length: 300 }, (_, i) => line(i % 70, i % 3 === 0 ? '\r\n' : '\n')).join('')
    const { pieces } = await cutAll(content, { packed })
    expect(pieces.length).toBeGreaterThan(9)
    let at = 0
    for (const { start, end, held } of pieces) {
      expect(start).toBe(at)
      expect(content[end - 1]).toBe('\n')
      expect(held).toBeLessThanOrEqual(1024)
      at = end
    }
    expect(at).toBe(content.length)
  })

  test('hold a line that is longer than a chunk whole, up to 1 MiB without its end', async () => {
    const content = line(10) + line(mib) + line(5000, '\r\n') + line(mib, '\r\n') + line(3)
    const { pieces } = await cutAll(content, { packed })
    const lengths = pieces.map(({ held }) => held)
    expect(lengths).toEqual([11, mib + 1, 5002, mib + 2, 4])
    expect(pieces.every(({ oversizedLine }) => oversizedLine === undefined)).toBe(true)
  })

  test('tell the true length of a longer line and hold its beginning', async () => {
    const content =
      line(10) + line(mib + 1) + line(5 * mib, '\r\n') + line(mib + 1, '\r\n') + line(2 * mib - 1) + line(3)
    const { pieces, room } = await cutAll(content, { packed })
    expect(pieces.map(({ oversizedLine }) => oversizedLine)).toEqual([
      undefined,
      mib + 1,
      5 * mib,
      mib + 1,
      2 * mib - 1,
      undefined,
    ])
    expect(pieces.map(({ end, start }) => end - start)).toEqual([11, mib + 2, 5 * mib + 2, mib + 3, 2 * mib, 4])
    expect(pieces[2]?.held).toBe(mib)
    expect(room).toBeLessThanOrEqual(mib + 2)
  })

  test.each([
    ['short', 20, undefined],
    ['longer than a chunk', 5000, undefined],
    ['longer than a line may be', 3 * mib, 3 * mib],
  ])('leave a last line without its newline alone, unless the file is complete: %s', async (_, length, oversized) => {
    const content = line(5) + line(length, '')
    expect((await cutAll(content, { packed })).pieces).toEqual([{ start: 0, end: 6, held: 6 }])
    const { pieces } = await cutAll(content, { packed, complete: true })
    expect(pieces.at(-1)?.end).toBe(content.length)
    expect(pieces.at(-1)?.oversizedLine).toBe(oversized)
  })

  test('of nothing are none', async () => {
    expect((await cutAll('', { complete: true })).pieces).toEqual([])
  })
})
