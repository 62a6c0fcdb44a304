import type { SimpleLine } from '../formats/simple-line.ts'
import { findInHeader } from '../rules/judge-request.ts'
import type { ProbeRule } from '../rules/rule.ts'

/** Looks for attacks in referers and agents, quickly where they hold nothing that an attack needs. */
export interface Headers {
  /** Must be called before the first line of other bytes. */
  begin(bytes: Buffer): void
  /** False only if neither holds an attack; quick. Asked line by line, forward. */
  mayHold(line: SimpleLine): boolean
  attack(line: SimpleLine): ProbeRule | undefined
}

/** Texts that are remembered: sites and browsers repeat. */
const mostRemembered = 10_000

/** Bytes of which an attack in a referer or an agent holds one, where none is behind an escape; browsers hardly write them there. */
const needles = Buffer.from("{<'")

const percent = 37

/** The attack in a referer or an agent of a line that took the exact path: the same as of a simple one. */
export const attackInHeaders = (referer: string, agent: string): ProbeRule | undefined =>
  /[{<']/.test(agent) || /[{<'%]/.test(referer) ? (findInHeader(referer) ?? findInHeader(agent)) : undefined

export const createHeaders = (): Headers => {
  const places = [...needles].map(() => -1)
  const known = new Map<string, ProbeRule | undefined>()
  let bytes: Buffer = Buffer.alloc(0)
  let next = -1

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
    const text = bytes.toString('latin1', start, end)
    if (known.has(text)) return known.get(text)
    const found = findInHeader(text)
    if (known.size >= mostRemembered) known.clear()
    known.set(text, found)
    return found
  }

  return {
    begin(given) {
      bytes = given
      next = -1
      places.fill(-1)
    },
    mayHold({ refererStart, refererEnd, agentStart, agentEnd }) {
      const start = Math.min(refererStart, agentStart)
      if (next < start) next = find(start)
      if (next < Math.max(refererEnd, agentEnd)) return true
      // sites write escapes often, so a search for the next one would stop too often
      for (let i = refererStart; i < refererEnd; i++) if (bytes[i] === percent) return true
      return false
    },
    attack: ({ refererStart, refererEnd, agentStart, agentEnd }) =>
      judge(refererStart, refererEnd) ?? judge(agentStart, agentEnd),
  }
}
