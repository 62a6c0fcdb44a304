import { type MaskSettings, maskAddress } from './address.ts'

/** A text without full addresses, and how many were masked in it. */
export interface MaskedText {
  readonly text: string
  readonly masked: number
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const ipv4Here = new RegExp(`${octet}(?:\\.${octet}){3}(?![0-9A-Za-z_])`, 'y')
const ipv4Anywhere = new RegExp(`(?<![0-9A-Za-z_])${ipv4Here.source}`, 'g')
const mayHoldIpv4 = /\.[0-9]{1,3}\.[0-9]{1,3}\./
const mayHoldIpv6 = /:[0-9a-fA-F]{0,4}:/
const zoneHere = /%[0-9A-Za-z_~-]+(?:\.[0-9A-Za-z_~-]+)*/y
const escapeHere = /%[0-9a-fA-F]{2}/y
const asciiEscapeHere = /%[0-7][0-9a-fA-F]/y
const anyEscape = /%[0-9a-fA-F]{2}/
const highEscape = /%[89a-fA-F][0-9a-fA-F]/

/** Masks every address in a text: the longest substring that is one and has no letter, digit or `_` on either side, also percent-encoded once. */
export const maskText = (text: string, settings: MaskSettings): MaskedText => {
  let current = text
  let masked = 0
  for (;;) {
    let found = 0
    const look = (edits: readonly Edit[]): void => {
      current = apply(current, edits)
      found += edits.length
    }
    if (anyEscape.test(current)) look(findEscaped(current, settings, escapeHere))
    // Some undo only the escapes of ASCII, so that the digits of %8210.1.2.3 stay.
    if (highEscape.test(current)) look(findEscaped(current, settings, asciiEscapeHere))
    look(findEdits(current, settings, true))
    // A masked address may uncover another one that overlapped it (1.2.3.4.5), so look until nothing changes.
    if (found === 0) return { text: current, masked }
    masked += found
  }
}

const findEscaped = (text: string, settings: MaskSettings, escapeAt: RegExp): readonly Edit[] => {
  const decoded = decode(text, escapeAt)
  return findEdits(decoded.text, settings, false).map(decoded.place)
}

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

const mayStart = (code: number): boolean => isHex(code) || code === 58

const findEdits = (text: string, settings: MaskSettings, escaped: boolean): readonly Edit[] => {
  if (mayHoldIpv6.test(text)) return findEither(text, settings, escaped)
  return mayHoldIpv4.test(text) ? findIpv4(text, settings) : []
}

const findIpv4 = (text: string, settings: MaskSettings): readonly Edit[] => {
  const edits: Edit[] = []
  ipv4Anywhere.lastIndex = 0
  for (let found = ipv4Anywhere.exec(text); found !== null; found = ipv4Anywhere.exec(text)) {
    const [address] = found
    const network = maskAddress(address, settings) ?? address
    if (network === address) ipv4Anywhere.lastIndex = found.index + 1
    else edits.push({ start: found.index, end: found.index + address.length, text: network })
  }
  return edits
}

const findEither = (text: string, settings: MaskSettings, escaped: boolean): readonly Edit[] => {
  const edits: Edit[] = []
  let before = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (mayStart(code) && !isWord(before)) {
      const edit = editAt(text, i, settings, escaped)
      if (edit !== undefined) {
        edits.push(edit)
        i = edit.end - 1
        before = text.charCodeAt(i)
        continue
      }
    }
    before = code
  }
  return edits
}

const editAt = (text: string, start: number, settings: MaskSettings, escaped: boolean): Edit | undefined => {
  let end = endOfIpv6(text, start)
  const address = end > start ? text.slice(start, end) : matchAt(ipv4Here, text, start)
  if (address === '' || address === '::') return undefined
  if (end > start) end += zoneLength(text, end, escaped)
  else end = start + address.length
  const network = maskAddress(address, settings)
  if (network === undefined || network === text.slice(start, end)) return undefined
  return { start, end, text: network }
}

const isHex = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)

/** Where the longest IPv6 address that begins here ends; `start` when none does. One look at each character. */
const endOfIpv6 = (text: string, start: number): number => {
  let at = start
  let groups = 0
  let gap = false
  let end = start
  const accept = (): void => {
    if ((gap ? groups <= 7 : groups === 8) && !isWord(text.charCodeAt(at))) end = at
  }
  while (groups < 8) {
    if (text.charCodeAt(at) === 58 && (groups > 0 || text.charCodeAt(at + 1) === 58)) {
      at += 1
      if (text.charCodeAt(at) === 58) {
        if (gap) break
        gap = true
        at += 1
        accept()
      }
    } else if (groups > 0) break
    const from = at
    while (at < from + 4 && isHex(text.charCodeAt(at))) at++
    if (at === from) break
    if (text.charCodeAt(at) === 46 && (gap ? groups <= 5 : groups === 6)) {
      const dotted = matchAt(ipv4Here, text, from)
      if (dotted !== '') return from + dotted.length
    }
    groups += 1
    accept()
  }
  return end
}

/** In a text with escapes `%20` is one; elsewhere `%` begins a zone. */
const zoneLength = (text: string, at: number, escaped: boolean): number =>
  escaped && matchAt(escapeHere, text, at) !== '' ? 0 : matchAt(zoneHere, text, at).length

const matchAt = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

const apply = (text: string, edits: readonly Edit[]): string => {
  if (edits.length === 0) return text
  let out = ''
  let from = 0
  for (const edit of edits) {
    out += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return out + text.slice(from)
}

/** The text with each escape as one character, and the way back from its places to those of the text. */
const decode = (text: string, escapeAt: RegExp): { readonly text: string; readonly place: (edit: Edit) => Edit } => {
  const places: number[] = []
  let out = ''
  for (let i = 0; i < text.length; i++) {
    places.push(i)
    const hex = text[i] === '%' ? matchAt(escapeAt, text, i) : ''
    if (hex === '') out += text[i]
    else {
      const code = Number.parseInt(hex.slice(1), 16)
      out += code < 128 ? String.fromCharCode(code) : '\ufffd'
      i += 2
    }
  }
  places.push(text.length)
  const placeOf = (index: number): number => places[index] ?? text.length
  return { text: out, place: (edit) => ({ ...edit, start: placeOf(edit.start), end: placeOf(edit.end) }) }
}
