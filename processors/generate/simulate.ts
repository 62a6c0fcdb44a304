import type { GeneratorKnobs } from '../../src/core/generator.ts'
import { crawl, guessLogins, monitor, probe } from './bots.ts'
import { attacker, type Client, crawler, person } from './clients.ts'
import { dueQueue } from './due-queue.ts'
import { type Incident, schedule } from './incidents.ts'
import { damage, lineWriter, noRequest, oddRequest } from './line.ts'
import { oneOf, type Random, seededRandom } from './random.ts'
import { openSessions } from './session.ts'
import type { Visit } from './visit.ts'

interface SimulationOptions {
  readonly knobs: GeneratorKnobs
  readonly seed: number
  /** Makes the lines of one run differ from another's with the same seed: `fill` or `live`. */
  readonly purpose: string
  readonly id: string
  /** Place of the node among all; decides what befalls it. */
  readonly node: number
  readonly nodes: number
}

/** The clients of one node. */
export interface Simulation {
  /** The next line, with its LF, at a time in microseconds since the epoch; times never fall. One character is one byte. */
  readonly line: (at: number) => string
  /** Sessions under way. */
  readonly open: () => number
}

const regularClients = 400
const regularShare = 0.5
const oddRate = 0.0015
const abortedRate = 0.0008
const outageWindowMinutes = 5
const attackWindowMinutes = 1

/** Who comes next is decided by who is due: a new session begins only when no open one wants to send. */
export const simulate = (options: SimulationOptions): Simulation => {
  const { knobs, seed, purpose, id, node, nodes } = options
  const random = seededRandom(`${seed}/${id}/${purpose}`)
  const regulars = Array.from({ length: regularClients }, () => person(random, knobs.ipv6_share))
  const beginSession = openSessions(knobs)
  const write = lineWriter()
  const due = dueQueue<Visit>()
  const place = { node, nodes }
  const outages = schedule({
    ...place,
    seed: `${seed}/outage`,
    share: knobs.outage_share,
    periodMinutes: knobs.outage_minutes,
    windowMinutes: outageWindowMinutes,
  })
  const attacks = schedule({
    ...place,
    seed: `${seed}/attack`,
    share: knobs.attack_share,
    periodMinutes: knobs.attack_minutes,
    windowMinutes: attackWindowMinutes,
  })
  let lastAttack: Incident | undefined

  const attack = (at: number): void => {
    const found = attacks.around(at)
    if (found === undefined || found === lastAttack || at < found.from) return
    lastAttack = found
    // One that began long before the log does is none of ours.
    if (at > found.to + 60e6) return
    const client = attacker(random, knobs.ipv6_share)
    if (random() < 0.65) due.add(at, guessLogins(client, random))
    else due.add(at, probe(client, random))
  }

  const arrive = (at: number): Visit => {
    if (random() >= knobs.bot_share)
      return beginSession(
        random() < regularShare ? oneOf(random, regulars) : person(random, knobs.ipv6_share),
        random,
        at,
      )
    return random() < 0.6 ? crawl(botClient(random, knobs), random) : monitor(botClient(random, knobs), random)
  }

  const nextLine = (at: number): string => {
    attack(at)
    const visit = (due.nextAt() <= at ? due.take() : undefined) ?? arrive(at)
    const outage = outages.around(at)
    const step = visit(at, outage !== undefined && at >= outage.from && at <= outage.to)
    if (step.nextAt !== undefined) due.add(step.nextAt, visit)
    return write(at, random() < oddRate ? oddRequest(random, step.request) : step.request)
  }

  return {
    open: due.size,
    line: (at) => {
      const chance = random()
      if (chance < knobs.blank_rate) return '\n'
      const line = nextLine(at)
      if (chance < knobs.blank_rate + knobs.malformed_rate) return damage(random, line)
      return random() < abortedRate ? noRequest(line) : line
    },
  }
}

const botClient = (random: Random, knobs: GeneratorKnobs): Client => crawler(random, knobs.ipv6_share)
