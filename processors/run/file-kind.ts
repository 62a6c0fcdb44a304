/** How a file is packed that is read as it is. */
export type Packing = 'gzip' | 'zstd'

/** What a file is that is not read: its content must be unpacked or converted first. */
export type Foreign =
  | 'bzip2'
  | 'xz'
  | 'lzip'
  | 'compress'
  | 'lz4'
  | 'zip'
  | '7z'
  | 'tar'
  | 'UTF-16'
  | 'UTF-16LE'
  | 'UTF-16BE'
  | 'UTF-32'

export type FileKind = 'text' | Packing | Foreign

/** First bytes in hex, `.` for any digit; the first that fits decides. */
const signatures: readonly (readonly [FileKind, RegExp])[] = [
  ['gzip', /^1f8b/],
  ['zstd', /^(28b52ffd|5.2a4d18)/],
  ['bzip2', /^425a683.(314159265359|177245385090)/],
  ['xz', /^fd377a585a00/],
  ['lzip', /^4c5a4950/],
  ['compress', /^1f9d/],
  ['lz4', /^(04|02)224d18|^02214c18/],
  ['zip', /^504b(0304|0506|0708)/],
  ['7z', /^377abcaf271c/],
  ['UTF-32', /^(fffe0000|0000feff)/],
  ['UTF-16', /^(fffe|feff)/],
]

const tarMagicAt = 257

/** What a file is, by its first bytes; its name has no say. */
export const kindOf = (head: Uint8Array): FileKind => {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const start = bytes.subarray(0, 12).toString('hex')
  const known = signatures.find(([, pattern]) => pattern.test(start))
  if (known !== undefined) return known[0]
  if (bytes.subarray(tarMagicAt, tarMagicAt + 5).toString('latin1') === 'ustar') return 'tar'
  return wideText(bytes) ?? 'text'
}

/** UTF-16 without a mark: every other byte of text is NUL. A run of NULs alone, which a truncated log may begin with, is not. */
const wideText = (head: Buffer): Foreign | undefined => {
  const pairs = head.length >> 1
  if (pairs < 8) return undefined
  let [even, odd] = [0, 0]
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) even++
    if (head[at + 1] === 0) odd++
  }
  const [many, few] = [pairs * 0.7, pairs * 0.1]
  if (odd >= many && even <= few) return 'UTF-16LE'
  if (even >= many && odd <= few) return 'UTF-16BE'
  return undefined
}

/** Bytes of the mark that some programs put before UTF-8 text; they belong to no line. */
export const markLength = (head: Uint8Array): number =>
  head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
