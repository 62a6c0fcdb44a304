import { quotedStops } from './byte-classes.ts'
import { maxSimpleBytes } from './event.ts'
import { addBrackets, addQuoted, addWord, endOfWord } from './rest-signature.ts'
import { finishForwarded, finishHost, takeTargetHost } from './scan-finish.ts'
import { noRest, type ScanRun, type Scans } from './scan-run.ts'
import type { SimpleLine } from './simple-line.ts'

const quotedUtf8 = quotedStops(false)
const quotedAscii = quotedStops(true)

/** Scans where no program can: the same rules in TypeScript, one line a call. */
export const createScriptRun = (line: SimpleLine, bytes: Uint8Array, ascii: boolean): Scans => {
  const stops = ascii ? quotedAscii : quotedUtf8
  let signature = noRest

  const scanQuoted = (from: number): number => {
    let at = from
    while (stops[bytes[at] ?? 0] === 0) at += 1
    return bytes[at] === 34 ? at : -1
  }

  /** The place behind the fields that the format does not have, or -1; their kinds are in `signature`. */
  const skipRest = (from: number): number => {
    let at = from
    while (bytes[at] === 32 || bytes[at] === 9) {
      const code = bytes[at + 1]
      if (code === 34) {
        const end = scanQuoted(at + 2)
        if (end < 0) return -1
        signature = addQuoted(signature, bytes, at + 2, end)
        at = end + 1
      } else if (code === 91) {
        at += 2
        while ((bytes[at] ?? 0) >= 32 && bytes[at] !== 93) at += 1
        if (bytes[at] !== 93) return -1
        signature = addBrackets(signature)
        at += 1
      } else {
        const end = endOfWord(bytes, at + 1)
        if (end === at + 1) return -1
        signature = addWord(signature, bytes, at + 1, end)
        at = end
      }
    }
    return at
  }

  const scanLineEnd = (at: number): boolean => {
    line.end = at
    line.next = bytes[at] === 13 ? at + 2 : at + 1
    return bytes[line.next - 1] === 10 && at - line.start <= maxSimpleBytes
  }

  const run: ScanRun = (table, from, lineStart) => {
    line.start = lineStart
    line.targetHostStart = line.targetHostEnd = from
    let at = table.script(bytes, from, stops)
    if (at < 0) return undefined
    signature = noRest
    const end = bytes[at]
    if (end === 32 || end === 9) at = skipRest(at)
    if (at < 0 || !scanLineEnd(at)) return undefined
    line.joined = line.pathStart === line.methodEnd + 1 && bytes[line.methodEnd] === 32
    if (!table.isHosted) takeTargetHost(line)
    else if (!finishHost(line, bytes)) return undefined
    return !table.isProxied || finishForwarded(line, bytes, table) ? signature : undefined
  }
  return { run, many: (_, from) => from }
}
