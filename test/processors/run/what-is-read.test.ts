import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import zlib, { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { canUnpack } from '../../../processors/run/unpack.ts'
import { stages } from '../../../processors/stages/index.ts'
import { AppError } from '../../../src/core/errors.ts'
import { ask, tableOf } from './compare.ts'
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
const bzip2 = Buffer.from('425a6839314159265359633ed6e2000000c100001020002000210082b177245385090633ed6e20', 'hex')
const xz = Buffer.from(
  'fd377a585a000004e6d6b4460200210116000000742fe5a3010001610a00000013473fb8939d45d400011a02dc2ea57e1fb6f37d010000000004595a',
  'hex',
)

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(node.data, name)
  writeFileSync(path, content)
  return path
}

/** A frame that says nothing, which programs write between others. */
const skippable = Buffer.concat([Buffer.from('5a2a4d1805000000', 'hex'), Buffer.from('hello')])

describe('what is packed is read, whatever it is called', () => {
  test.each([
    ['gzip', gzipSync(text(0, 900))],
    ['several gzip members', Buffer.concat([gzipSync(text(0, 300)), gzipSync(text(300, 900))])],
    ['zstd', zstdCompressSync(text(0, 900))],
    [
      'several zstd frames',
      Buffer.concat([
        skippable,
        zstdCompressSync(text(0, 300)),
        skippable,
        zstdCompressSync(text(300, 900)),
        skippable,
      ]),
    ],
    [
      'a zstd frame with its size and a checksum',
      zstdCompressSync(text(0, 900), {
        pledgedSrcSize: text(0, 900).length,
        params: { [zlib.constants.ZSTD_c_checksumFlag]: 1, [zlib.constants.ZSTD_c_contentSizeFlag]: 1 },
      }),
    ],
    [
      'a zstd frame of one repeated line',
      zstdCompressSync(text(0, 900), { params: { [zlib.constants.ZSTD_c_compressionLevel]: 19 } }),
    ],
  ])('%s', async (_, packed) => {
    writeFileSync(node.log, packed)
    const tally = await runHere(node, small)
    expect(linesOf(node)).toEqual(lines(0, 900))
    // offsets are those of the content
    expect(rowsOf(node).map(({ id }) => Number(id.split('/')[2]))).toEqual(
      lines(0, 900).map((_line, i) => text(0, i).length),
    )
    expect(tally).toMatchObject({ bytes_read: text(0, 900).length, lines_read: 900, waiting: 0 })
    expect((await runHere(node, small)).chunks).toBe(0)
  })

  test('zstd of many MB, which no compressor makes smaller', async () => {
    const noise = Array.from({ length: 40_000 }, (_, i) => `${i} ${Math.sin(i).toString(36).slice(2).repeat(6)}`)
    writeFileSync(node.log, zstdCompressSync(`${noise.join('\n')}\n`))
    await runHere(node)
    expect(linesOf(node)).toEqual(noise)
  })

  test('a log that was rotated and packed by zstd goes on where it was', async () => {
    writeFileSync(node.log, text(0, 500))
    await runHere(node, small)
    writeFileSync(`${node.log}.1.zst`, zstdCompressSync(text(0, 900)))
    writeFileSync(node.log, text(900, 910))
    expect((await runHere(node, small)).lines_read).toBe(410)
    expect(linesOf(node)).toEqual(lines(0, 910))
  })

  test.each([
    ['cut in its only frame', (whole: Buffer) => whole.subarray(0, -9)],
    ['cut in its second frame', (whole: Buffer) => Buffer.concat([whole, whole.subarray(0, -9)])],
    ['cut in its header', (whole: Buffer) => Buffer.concat([whole, whole.subarray(0, 3)])],
    ['followed by something else', (whole: Buffer) => Buffer.concat([whole, Buffer.from('something else')])],
  ])('zstd that is %s is told', async (_, damage) => {
    writeFileSync(node.log, damage(zstdCompressSync(text(0, 900))))
    await expect(runHere(node)).rejects.toThrow(/access\.log cannot be unpacked beyond byte \d+ of its content\./)
  })

  test('a packed file that ends in the middle of a line gives no half row', async () => {
    const packed = gzipSync(text(0, 20_000)).subarray(0, 20_000)
    const path = file('old.gz', packed)
    await expect(runHere(node, { input: [path] })).rejects.toThrow('old.gz cannot be unpacked')
    const read = linesOf(node)
    expect(read.length).toBeGreaterThan(100)
    expect(read).toEqual(lines(0, read.length))
  })
})

describe('what is no text', () => {
  test.each([
    ['old.bz2', bzip2, 'is bzip2, which is not read. Unpack it: bunzip2 -k DATA/old.bz2'],
    ['old.log', bzip2, 'is bzip2, which is not read. Unpack it: bunzip2 -c < DATA/old.log > DATA/old.log.txt'],
    ["it's.xz", xz, "is xz, which is not read. Unpack it: xz -dk 'DATA/it'\\''s.xz'"],
    [
      'a.zip',
      Buffer.from('504b03040a000000', 'hex'),
      'is a zip archive, which is not read. Unpack it: unzip DATA/a.zip',
    ],
    [
      'w.log',
      Buffer.from(text(0, 9), 'utf16le'),
      'Convert it: iconv -f UTF-16LE -t UTF-8 < DATA/w.log > DATA/w.log.txt',
    ],
    [
      'l.tar.gz',
      gzipSync(tarOf(text(0, 9))),
      'is a tar archive inside gzip, which is not read. Unpack it: tar -xf DATA/l.tar.gz',
    ],
    [
      'twice.gz',
      gzipSync(gzipSync(text(0, 9))),
      'is gzip inside gzip, which is not read. Unpack it: gunzip -k DATA/twice.gz',
    ],
  ])('%s is refused with the line that makes it text, and the others are read', async (name, content, message) => {
    const [strange, plain] = [file(name, content), file('plain.log', text(0, 5))]
    const error: unknown = await runHere(node, { input: [strange, plain] }).catch((thrown: unknown) => thrown)
    if (!(error instanceof AppError)) throw new Error('nothing was refused')
    expect(`${error.message} ${error.next[0]}`).toContain(message.replaceAll('DATA', node.data))
    expect(linesOf(node)).toEqual(lines(0, 5))
  })

  test('each of several has its line', async () => {
    const input = [file('a.bz2', bzip2), file('b.xz', xz), file('c.log', text(0, 3))]
    await expect(runHere(node, { input })).rejects.toThrow(
      `${node.data}/a.bz2 is bzip2, which is not read. Unpack it: bunzip2 -k ${node.data}/a.bz2 1 more: ${node.data}/b.xz is xz, which is not read. Unpack it: xz -dk ${node.data}/b.xz`,
    )
    expect(linesOf(node)).toEqual(lines(0, 3))
  })

  test.each(stages.map((stage) => [stage.id, stage] as const))('gives no rows in stage %s', async (_, stage) => {
    file('access.log', bzip2)
    const run = runHere(node, { stage: stage.id }, { stage, openChunkProcessor, initialRules })
    await expect(run).rejects.toThrow('access.log is bzip2')
    expect(globSync('**/*.parquet', { cwd: node.dataset })).toEqual([])
  })

  test('zstd is, where Node cannot unpack it', () => {
    expect([canUnpack('zstd', {}), canUnpack('gzip', {}), canUnpack('zstd')]).toEqual([false, true, true])
  })
})

describe('a mark before UTF-8 text', () => {
  const mark = '\ufeff'
  const request = '192.0.2.7 - - [12/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12'

  test.each([
    ['plain', (content: string) => Buffer.from(content)],
    ['packed', (content: string) => gzipSync(content)],
  ])('belongs to no line: %s', async (_, make) => {
    writeFileSync(node.log, make(`${mark}${text(0, 20)}`))
    expect((await runHere(node, small)).lines_read).toBe(20)
    expect(linesOf(node)).toEqual(lines(0, 20))
    expect(rowsOf(node)[0]?.id.split('/')[2]).toBe('3')
  })

  test('leaves the first line its address', async () => {
    const stage = stages.find(({ id }) => id === 'structured')
    if (stage === undefined) throw new Error('no stage structured')
    writeFileSync(node.log, `${mark}${request}\n${request}\n`)
    await runHere(node, { stage: stage.id }, { stage, openChunkProcessor, initialRules })
    expect(await ask(`SELECT count(*), count(ip), min(status) FROM ${tableOf(node, 'log_results')}`)).toEqual([
      '2',
      '2',
      '200',
    ])
  })

  test('alone is an empty log', async () => {
    const path = file('mark.log', Buffer.from(mark))
    expect(await runHere(node, { input: [path] })).toMatchObject({ lines_read: 0, waiting: 0 })
    expect(readFileSync(path).length).toBe(3)
  })
})

function tarOf(content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write('access.log')
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  header.write('ustar\0', 257)
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(1024)])
}
