import type { Detected } from '../../src/core/detected.ts'
import { createLineParser } from './line-parser.ts'
import type { ParsedLine } from './parse-line.ts'
import { hasZone, type Moment } from './parse-time.ts'
import type { Reading } from './reading.ts'
import { type Shape, titleOf } from './shape.ts'
import type { ClientChoice } from './to-event.ts'

/** Lines of a log that are looked at. */
const detectLines = 200

/** Bytes of a log in which they are looked for. */
export const detectBytes = 256 * 1024

type Read = Extract<ParsedLine, { ok: true }>

/** Looks at whole lines from the beginning of a log. */
export const detect = (head: Uint8Array, reading: Reading, now: Moment): Detected => {
  const parse = createLineParser(reading, now)
  return detectIn(
    [...firstLines(head)].flatMap((line) => parse(line) ?? []),
    reading.client,
  )
}

/** What the first lines of a log showed when they were parsed. */
export const detectIn = (parsed: readonly ParsedLine[], client: ClientChoice): Detected => {
  const read = parsed.filter((line) => line.ok)
  const lines = parsed.length
  const counts = countBy(read, ({ shape }) => titleOf(shape))
  return {
    formats: [...counts].sort(([, a], [, b]) => b - a).map(([title, count]) => ({ title, lines: count, of: lines })),
    fields: [...new Set(read.flatMap(({ shape }) => fieldsWithoutColumn(shape)))],
    notices: [...zoneNotice(read), ...(client === 'auto' ? proxyNotice(read) : [])],
  }
}

function* firstLines(head: Uint8Array): Generator<Uint8Array> {
  let found = 0
  for (let start = 0; start < head.length && found < detectLines; ) {
    const lf = head.indexOf(10, start)
    const whole = lf < 0 ? head.length : lf
    const end = whole > start && head[whole - 1] === 13 ? whole - 1 : whole
    if (end > start) {
      found += 1
      yield head.subarray(start, end)
    }
    start = whole + 1
  }
}

const countBy = <Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

/** Name by identd: a dash in almost every log, so it says nothing to name it. */
const identity = '%l'

const fieldsWithoutColumn = ({ format }: Shape): readonly string[] =>
  format.kind === 'json'
    ? []
    : format.template.flatMap((piece) =>
        typeof piece === 'object' && (piece.kind === 'ignored' || piece.kind === 'port') && piece.name !== identity
          ? piece.name
          : [],
      )

const zoneNotice = (read: readonly Read[]): readonly string[] => {
  const times = read.flatMap(({ values }) => values.fields.time ?? [])
  if (times.length === 0 && read.length > 0) return ['Lines have no time: that of their reading is taken.']
  return times.some((time) => !hasZone(time)) ? ['Times have no zone: they are taken as UTC.'] : []
}

/** One peer for many forwarded clients is a proxy. */
const proxyNotice = (read: readonly Read[]): readonly string[] => {
  const peers = new Set(read.map(({ event }) => event.client))
  const forwarded = new Set(read.flatMap(({ event }) => event.forwarded ?? []))
  return peers.size === 1 && forwarded.size > 1
    ? [`Every line comes from one address, a proxy: --client forwarded (logs.client) takes the client that it names.`]
    : []
}
