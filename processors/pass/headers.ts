import type { SimpleLine } from '../formats/scan-line.ts'
import { createFinder } from '../mask/suspects.ts'
import { findInHeader } from '../rules/judge-request.ts'
import type { ProbeRule } from '../rules/rule.ts'

/** Looks for attacks in referers and agents, quickly where they hold nothing that an attack needs. */
export interface Headers {
  /** Asked line by line, forward. */
  attack(line: SimpleLine): ProbeRule | undefined
}

/** Texts that are remembered: sites and browsers repeat. */
const mostRemembered = 10_000

/** Bytes and words of which an attack in a referer or an agent holds one; browsers write none of them. */
const needles = [
  ...Buffer.from("{<'%|`"),
  ...['passwd', 'UNION', 'union', 'php://', '../..'].map((word) => Buffer.from(word)),
]

export const createHeaders = (bytes: Buffer): Headers => {
  const finders = needles.map((needle) => createFinder(bytes, needle))
  const known = new Map<string, ProbeRule | undefined>()

  const judge = (start: number, end: number): ProbeRule | undefined => {
    const text = bytes.toString('latin1', start, end)
    if (known.has(text)) return known.get(text)
    const found = findInHeader(text)
    if (known.size >= mostRemembered) known.clear()
    known.set(text, found)
    return found
  }

  return {
    attack: ({ refererStart, refererEnd, agentStart, agentEnd }) => {
      if (agentEnd === refererStart || !finders.some((holds) => holds(refererStart, agentEnd))) return undefined
      return judge(refererStart, refererEnd) ?? judge(agentStart, agentEnd)
    },
  }
}
