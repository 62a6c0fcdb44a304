import { maskAddress, type Prefixes } from './address.ts'
import type { Edit } from './rewrite.ts'
import type { View } from './view.ts'

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const reverseName = /\.in-addr\.arpa/iy

interface Notation {
  readonly mark: '.' | '-'
  readonly mayHold: RegExp
  /** Four octets, the last with as many digits as it can have. */
  readonly quad: RegExp
}

const notation = (mark: '.' | '-', escaped: string): Notation => ({
  mark,
  mayHold: new RegExp(`${escaped}[0-9]{1,3}${escaped}[0-9]{1,3}${escaped}[0-9]`),
  quad: new RegExp(`(?:${octet}${escaped}){3}(${octet})`, 'g'),
})

const dotted = notation('.', '\\.')
const dashed = notation('-', '-')

/** IPv4 addresses, dotted and as in `ip-203-0-113-16`; only a digit or one more group directly beside hides one. */
export const findIpv4 = (view: View, prefixes: Prefixes): readonly Edit[] => {
  const found = findIn(view, prefixes, dotted)
  return found.length > 0 ? found : findIn(view, prefixes, dashed)
}

const findIn = (view: View, prefixes: Prefixes, { mark, mayHold, quad }: Notation): readonly Edit[] => {
  const { text } = view
  if (!mayHold.test(text)) return []
  const edits: Edit[] = []
  quad.lastIndex = 0
  for (let found = quad.exec(text); found !== null; found = quad.exec(text)) {
    const start = found.index
    const end = hides(view, mark, start - 1, -1) ? -1 : endOf(view, mark, quad.lastIndex, found[1] ?? '')
    const edit = end < 0 ? undefined : editOf(text, prefixes, mark, start, end)
    if (edit !== undefined) edits.push(edit)
    quad.lastIndex = edit?.end ?? start + 1
  }
  return edits
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** True when what stands at `at` makes a number beside it no address; an escape may be read otherwise, so it hides nothing. */
const hides = ({ text, escaped }: View, mark: string, at: number, step: 1 | -1): boolean => {
  const group = text[at] === mark && !escaped(at) ? at + step : at
  return isDigit(text, group) && !escaped(group)
}

/** Where an address ends whose last octet has these digits or the first of them, or -1. */
const endOf = (view: View, mark: string, end: number, last: string): number => {
  for (let less = 0; less < last.length; less++) if (!hides(view, mark, end - less, 1)) return end - less
  return -1
}

const editOf = (text: string, prefixes: Prefixes, mark: string, start: number, end: number): Edit | undefined => {
  const address = text.slice(start, end)
  const octets = address.split(mark)
  reverseName.lastIndex = end
  const reverse = mark === '.' ? (reverseName.exec(text)?.[0] ?? '') : ''
  if (reverse !== '') octets.reverse()
  const network = maskAddress(octets.join('.'), prefixes)?.replaceAll('.', mark)
  if (network === undefined || (network === address && reverse === '')) return undefined
  return { start, end: end + reverse.length, text: network }
}
