import { maskAddress, maskGroups, type Prefixes } from './address.ts'
import type { Edit } from './rewrite.ts'
import type { View } from './view.ts'

const mayHold = /:[0-9a-fA-F]{0,4}:/
const runs = /[0-9a-fA-F:]+/g
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const dottedHere = new RegExp(`${octet}(?:\\.${octet}){3}(?![0-9]|\\.[0-9])`, 'y')
const moreDotted = /(?:\.[0-9]+)+/y
const zoneHere = /%(?![0-9a-fA-F]{2})[0-9A-Za-z_~-]+(?:\.[0-9A-Za-z_~-]+)*/y

/** Eight groups, or two colons with two or more groups on one side: no time and no name of a program looks so. */
const certain =
  /(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})+::|[0-9a-fA-F]{0,4}::[0-9a-fA-F]{1,4}:[0-9a-fA-F]/
const oneGap = /([0-9a-fA-F]{0,5})::([0-9a-fA-F]+)/g
/** First groups of networks that are in use: 2000::/3, fc00::/7, fe80::/10, ff00::/12. */
const usedHead = /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|ff0[0-9a-f])$/i

/** IPv6 addresses, and what looks like one with groups too many; it takes all that hangs on their end. */
export const findIpv6 = ({ text }: View, prefixes: Prefixes): readonly Edit[] => {
  if (!mayHold.test(text)) return []
  const edits: Edit[] = []
  for (const { 0: run, index } of text.matchAll(runs)) {
    if (index < (edits.at(-1)?.end ?? 0) || !mayHold.test(run)) continue
    const edit = editIn(text, index, index + run.length, prefixes)
    if (edit !== undefined) edits.push(edit)
  }
  return edits
}

const editIn = (text: string, from: number, to: number, prefixes: Prefixes): Edit | undefined => {
  // a single colon at the end is a mark of the sentence
  const runEnd = text[to - 1] === ':' && text[to - 2] !== ':' ? to - 1 : to
  const lastGroup = text.lastIndexOf(':', runEnd - 1) + 1
  const dotted = lastGroup > from ? matchAt(dottedHere, text, lastGroup) : ''
  const run = dotted === '' ? text.slice(from, runEnd) : `${text.slice(from, lastGroup)}0:0`
  const start = startIn(run, text.charAt(from - 1), dotted === '' ? text.charAt(runEnd) : '')
  if (start < 0) return undefined
  const addressEnd = dotted === '' ? runEnd : lastGroup + dotted.length
  const address = text.slice(from + start, addressEnd)
  const tail = dotted === '' && text[addressEnd - 1] !== ':' ? matchAt(moreDotted, text, addressEnd) : ''
  const end = addressEnd + (tail === '' ? matchAt(zoneHere, text, addressEnd).length : tail.length)
  const network = networkOf(address, prefixes)
  return network === text.slice(from + start, end) ? undefined : { start: from + start, end, text: network }
}

/** Where in a run of hex digits and colons an address begins, or -1. */
const startIn = (run: string, before: string, after: string): number => {
  const sure = certain.exec(run)?.index ?? run.length
  for (const { 0: whole, 1: left = '', 2: right = '', index } of run.matchAll(oneGap)) {
    if (index >= sure) break
    const head = left.slice(-4)
    const gluedLeft = left.length > 4 || (index === 0 && isWord(before))
    const gluedRight = right.length > 4 || (index + whole.length === run.length && isWord(after))
    // no word begins with a digit; std::vector, a::b and Base64::decode are words
    const isAddress =
      /^[0-9]/.test(right) || usedHead.test(head) || (!gluedLeft && !gluedRight && /[0-9]/.test(head + right))
    if (isAddress) return index + left.length - head.length
  }
  return sure < run.length ? sure : -1
}

const isWord = (character: string): boolean => /[0-9A-Za-z_]/.test(character)

/** The network of an address, also of one that has too many groups or digits: then of its first groups. */
const networkOf = (address: string, prefixes: Prefixes): string => {
  const short = address.includes('.') ? address : address.replace(/(?<![0-9a-fA-F])([0-9a-fA-F]{4})[0-9a-fA-F]+$/, '$1')
  const network = maskAddress(short, prefixes)
  if (network !== undefined) return network
  const head = (short.split('::', 1)[0] ?? '').split(':').slice(0, 8)
  const groups = head.map((group) => Number.parseInt(group.slice(0, 4), 16)).map((value) => value || 0)
  return maskGroups([...groups, ...Array<number>(8 - groups.length).fill(0)], prefixes)
}

const matchAt = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
