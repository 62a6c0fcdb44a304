import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kindOf, markLength } from '../../../processors/run/file-kind.ts'

const line = '192.0.2.7 - - [12/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12\n'
const hex = (text: string): Buffer => Buffer.from(text, 'hex')

const tar = (): Buffer => {
  const header = Buffer.alloc(1024)
  header.write('access.log')
  header.write('ustar\0', 257)
  return header
}

describe('what a file is', () => {
  test.each([
    // written by the programs themselves
    ['bzip2', hex('425a6839314159265359633ed6e2000000c100001020002000210082b177245385090633ed6e20')],
    ['bzip2', hex('425a683917724538509000000000')],
    [
      'xz',
      hex(
        'fd377a585a000004e6d6b4460200210116000000742fe5a3010001610a00000013473fb8939d45d400011a02dc2ea57e1fb6f37d010000000004595a',
      ),
    ],
    ['lz4', hex('04224d186440a70200008061')],
    ['zip', hex('504b03040a0000000000000000')],
    ['7z', hex('377abcaf271c0004')],
    ['lzip', hex('4c5a495001')],
    ['compress', hex('1f9d90')],
    ['gzip', gzipSync(line)],
    ['zstd', zstdCompressSync(line)],
    ['zstd', hex('502a4d1804000000')],
    ['tar', tar()],
    ['UTF-16', Buffer.concat([hex('fffe'), Buffer.from(line, 'utf16le')])],
    ['UTF-16', Buffer.concat([hex('feff'), Buffer.from(line, 'utf16le').swap16()])],
    ['UTF-16LE', Buffer.from(line, 'utf16le')],
    ['UTF-16BE', Buffer.from(line, 'utf16le').swap16()],
    ['UTF-32', hex('fffe000031000000')],
    ['text', Buffer.from(line)],
    ['text', Buffer.from(`\ufeff${line}`)],
    ['text', Buffer.alloc(4096)],
    ['text', Buffer.concat([Buffer.alloc(600), Buffer.from(line)])],
    ['text', Buffer.from('BZh is a word\n')],
    ['text', Buffer.from('PK is a word\n')],
    ['text', Buffer.alloc(0)],
  ])('%s', (kind, head) => {
    expect(kindOf(head)).toBe(kind)
  })

  test('is text for every line of a log, whatever its letters', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.string({ unit: 'grapheme' }), (ip, agent) => {
        expect(
          kindOf(Buffer.from(`${ip} - - [12/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "${agent}"\n`)),
        ).toBe('text')
      }),
    )
  })

  test('a mark before UTF-8 text has three bytes', () => {
    expect(markLength(Buffer.from(`\ufeff${line}`))).toBe(3)
    expect(markLength(Buffer.from(line))).toBe(0)
  })
})
