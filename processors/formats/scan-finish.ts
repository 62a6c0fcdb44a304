import { isHostByte } from './byte-classes.ts'
import { scanClient } from './scan-fields.ts'
import type { SimpleLine } from './simple-line.ts'

interface ForwardedChoice {
  /** True where the line has a client beside those that are forwarded. */
  readonly isPeered: boolean
  /** True where the first that is forwarded is the client. */
  readonly takesForwarded: boolean
}

/** The host of an absolute target, where the line has no other. */
export const takeTargetHost = (line: SimpleLine): true => {
  line.hostStart = line.targetHostStart
  line.hostEnd = line.targetHostEnd
  return true
}

/** Leaves out the port of a virtual host, and one that says nothing; false where the exact rules must look. */
export const finishHost = (line: SimpleLine, bytes: Uint8Array): boolean => {
  const start = line.hostStart
  let at = start
  while (at < line.hostEnd && isHostByte(bytes[at] ?? 0)) at += 1
  if (at < line.hostEnd) {
    if (bytes[at] !== 58 || at === start) return false
    for (let i = at + 1; i < line.hostEnd; i++) if (!isDigit(bytes[i] ?? 0)) return false
    if (at + 1 === line.hostEnd) return false
    line.hostEnd = at
  }
  if (at - start === 1 && (bytes[start] === 45 || bytes[start] === 95)) line.hostEnd = start
  return line.hostEnd > start || takeTargetHost(line)
}

/** Checks a list of forwarded clients, and takes the first where it is to be the client. */
export const finishForwarded = (
  line: SimpleLine,
  bytes: Uint8Array,
  { isPeered, takesForwarded }: ForwardedChoice,
): boolean => {
  const { forwardedStart: start, forwardedEnd: end } = line
  if (end - start === 1 && bytes[start] === 45) {
    if (!isPeered) {
      line.clientStart = start
      line.clientEnd = end
      line.quad = false
    }
    return true
  }
  if (start === end) return false
  const { clientStart, clientEnd, lastDot, quad } = line
  for (let at = end; at > start; ) {
    let from = at
    while (from > start && bytes[from - 1] !== 44) from -= 1
    const next = from
    if (from > start && bytes[from] === 32) from += 1
    if (scanClient(line, bytes, from, 44) !== at || !line.quad) return false
    at = next > start ? next - 1 : start
  }
  if (!takesForwarded) {
    line.clientStart = clientStart
    line.clientEnd = clientEnd
    line.lastDot = lastDot
    line.quad = quad
  }
  return true
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57
