import { reading, type Step, type Steps, slot } from './compile-steps.ts'
import {
  isIpv6,
  scanClient,
  scanDuration,
  scanMethod,
  scanPath,
  scanPort,
  scanProtocol,
  scanRequest,
  scanSize,
  scanStatus,
  skipWord,
} from './scan-fields.ts'
import type { TimeScanner } from './scan-time.ts'
import type { SimpleLine } from './simple-line.ts'

/**
 * Reads the fields of a line that begin at `from` into the line; the place behind them, or -1 where the exact rules must decide.
 * `stops` has one for each byte that ends a text within quotes.
 */
export type GeneratedScan = (bytes: Uint8Array, from: number, stops: Uint8Array) => number

const readers = {
  isIpv6,
  scanClient,
  scanDuration,
  scanMethod,
  scanPath,
  scanPort,
  scanProtocol,
  scanRequest,
  scanSize,
  scanStatus,
  skipWord,
}

/** Bytes that the reader of times may look at beyond the place where it stands. */
const readAhead = 48

/** Of `unknown`, which some write for a client; and what addresses hold. */
const letterU = 117
const clientMarks = [91, 58, 46, 40]

const [colon, blank, quote, dash, openBracket] = [58, 32, 34, 45, 91]

/**
 * The table of a format as one function: each field is a call and what must follow it a comparison with numbers. A loop over the
 * table costs half as much again a line, because no call in it is always the same one.
 */
export const generateScan = (table: Steps, line: SimpleLine, time: TimeScanner): GeneratedScan => {
  const given = { line, time, ...readers }
  const make = new Function(...Object.keys(given), sourceOf(table)) as (...values: readonly unknown[]) => GeneratedScan
  return make(...Object.values(given))
}

const sourceOf = ({ first, steps, sized }: Steps): string => `
  'use strict'
  const scanQuoted = (bytes, from, stops) => {
    let at = from
    while (stops[bytes[at]] === 0) at += 1
    return bytes[at] === ${quote} ? at : -1
  }
  return (bytes, from, stops) => {
    line.durationMs = -1
    ${sized ? '' : 'line.size = -1; line.sizeStart = line.sizeEnd = from'}
    line.protocolStart = line.protocolEnd = from
    ${absentSlots(steps)
      .map((name) => `line.${name}Start = line.${name}End = from`)
      .join('\n')}
    let start = from
    let at = from
    ${comparison(first)}
    ${steps.map(sourceOfStep).join('\n')}
    return at
  }`

const nameOfSlot: Readonly<Record<number, string>> = {
  [slot.user]: 'user',
  [slot.referer]: 'referer',
  [slot.agent]: 'agent',
  [slot.host]: 'host',
  [slot.forwarded]: 'forwarded',
}

const absentSlots = (steps: readonly Step[]): readonly string[] =>
  Object.entries(nameOfSlot).flatMap(([place, name]) => (steps.some((step) => step.slot === Number(place)) ? [] : name))

const comparison = (text: Uint8Array): string =>
  text.length === 0
    ? ''
    : `if (${[...text].map((byte, i) => `bytes[at + ${i}] !== ${byte}`).join(' || ')}) return -1
       at += ${text.length}`

const sourceOfStep = (step: Step): string => {
  const name = nameOfSlot[step.slot]
  return `
    ${step.padded ? `while (bytes[at] === ${blank}) at += 1` : ''}
    start = at
    ${sourceOfField(step)}
    if (at < 0) return -1
    ${name === undefined ? '' : `line.${name}Start = start; line.${name}End = at`}
    ${comparison(step.after)}`
}

const sourceOfField = ({ read, slot: where, after, times, by }: Step): string => {
  const end = after[0] ?? blank
  switch (read) {
    case reading.client:
      return `at = scanClient(line, bytes, at, ${end})
        ${end === colon ? 'if (!line.quad) return -1' : ''}`
    case reading.innerClient:
      return `at = scanClient(line, bytes, at, ${end})
        if (!line.quad ${end === colon ? '' : '&& !isIpv6(bytes, start, at)'}) return -1`
    case reading.word:
      return `at = skipWord(bytes, at, ${end})
        ${where === slot.none ? '' : 'if (at === start) return -1'}
        ${where === slot.user ? `for (let i = start; i < at; i++) if (bytes[i] === ${openBracket}) return -1` : ''}`
    case reading.name:
      return `at = skipWord(bytes, at, ${end})
        if (at === start || (at - start >= 7 && bytes[start] === ${letterU})) return -1
        for (let i = start; i < at; i++) if (${clientMarks.map((mark) => `bytes[i] === ${mark}`).join(' || ')}) return -1`
    case reading.quoted:
      return `at = scanQuoted(bytes, at, stops)
        ${where === slot.user ? `if (bytes[start] === ${blank} || bytes[at - 1] === ${blank}) return -1` : ''}`
    case reading.time:
      return `if (at + ${readAhead} > bytes.length) return -1
        at = time.scan(bytes, at)
        line.second = time.second
        line.micros = time.micros`
    case reading.duration:
      return `at = scanDuration(line, bytes, at, ${times}, ${by})`
    case reading.port:
      return 'at = scanPort(bytes, at)'
    case reading.query:
      return `at = bytes[at] === ${dash} ? at + 1 : -1`
    case reading.optional:
      return `if (bytes[at] === ${blank} && bytes[at + 1] !== ${quote}) at = skipWord(bytes, at + 1, ${blank})`
    case reading.between:
      return `at = scanQuoted(bytes, at, stops)
        if (at > start && bytes[start] === ${blank} && bytes[at - 1] === ${blank}) at -= 1
        else return -1`
    default:
      return `at = ${callOf[read]}(line, bytes, at)`
  }
}

const callOf: Readonly<Record<number, keyof typeof readers>> = {
  [reading.request]: 'scanRequest',
  [reading.method]: 'scanMethod',
  [reading.path]: 'scanPath',
  [reading.protocol]: 'scanProtocol',
  [reading.status]: 'scanStatus',
  [reading.size]: 'scanSize',
}
