import type { SimpleLine } from '../formats/scan-line.ts'
import { findInHeader } from '../rules/judge-request.ts'
import type { ProbeRule } from '../rules/rule.ts'

/** Looks for attacks in referers and agents, quickly where they hold nothing that an attack needs. */
export interface Headers {
  /** Must be called before the first line of other bytes. */
  begin(bytes: Buffer): void
  /** No byte that an attack needs stands in a referer or an agent before this place; a line that ends there need not ask. */
  readonly next: number
  /** Asked line by line, forward. */
  attack(line: SimpleLine): ProbeRule | undefined
}

/** Texts that are remembered: sites and browsers repeat. */
const mostRemembered = 10_000

/** Bytes of which an attack in a referer or an agent holds one; browsers hardly write them there. */
const needles = Buffer.from("{<'%")

export const createHeaders = (): Headers => {
  const places = [...needles].map(() => -1)
  const known = new Map<string, ProbeRule | undefined>()
  let bytes: Buffer = Buffer.alloc(0)

  /** The first place from `start` on where one of the bytes stands. */
  const find = (start: number): number => {
    let first = bytes.length
    for (let i = 0; i < needles.length; i++) {
      let place = places[i] ?? -1
      if (place < start) {
        place = bytes.indexOf(needles[i] ?? 0, start)
        if (place < 0) place = bytes.length
        places[i] = place
      }
      if (place < first) first = place
    }
    return first
  }

  const judge = (start: number, end: number): ProbeRule | undefined => {
    if (self.next < start) self.next = find(start)
    if (self.next >= end) return undefined
    const text = bytes.toString('latin1', start, end)
    if (known.has(text)) return known.get(text)
    const found = findInHeader(text)
    if (known.size >= mostRemembered) known.clear()
    known.set(text, found)
    return found
  }

  const self = {
    next: -1,
    begin(given: Buffer) {
      bytes = given
      self.next = -1
      places.fill(-1)
    },
    attack: ({ refererStart, refererEnd, agentStart, agentEnd }: SimpleLine) =>
      judge(refererStart, refererEnd) ?? judge(agentStart, agentEnd),
  }
  return self
}
