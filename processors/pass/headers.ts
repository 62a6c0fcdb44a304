import type { SimpleLine } from '../formats/simple-line.ts'
import { findInHeader } from '../rules/judge-request.ts'
import type { ProbeRule } from '../rules/rule.ts'
import { createSearch, type Search } from '../vector/next-place.ts'

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

/** Characters of which an attack in a referer or an agent holds one, where none is behind an escape; browsers hardly write them there. */
const needles = "{<'"

const percent = 37

/** The attack in a referer or an agent of a line that took the exact path: the same as of a simple one. */
export const attackInHeaders = (referer: string, agent: string): ProbeRule | undefined =>
  /[{<']/.test(agent) || /[{<'%]/.test(referer) ? (findInHeader(referer) ?? findInHeader(agent)) : undefined

export const createHeaders = (): Headers => {
  const known = new Map<string, ProbeRule | undefined>()
  let bytes: Buffer = Buffer.alloc(0)
  let nextNeedle: Search = () => 0

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
      nextNeedle = createSearch(given, needles)
    },
    mayHold({ refererStart, refererEnd, agentStart, agentEnd }) {
      if (nextNeedle(Math.min(refererStart, agentStart)) < Math.max(refererEnd, agentEnd)) return true
      // sites write escapes often, so a search for the next one would stop too often
      for (let i = refererStart; i < refererEnd; i++) if (bytes[i] === percent) return true
      return false
    },
    attack: ({ refererStart, refererEnd, agentStart, agentEnd }) =>
      judge(refererStart, refererEnd) ?? judge(agentStart, agentEnd),
  }
}
