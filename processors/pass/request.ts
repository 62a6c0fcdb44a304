import { requestInWords, statusWords } from '../../src/core/status.ts'
import type { SimpleLine } from '../formats/simple-line.ts'
import { isAddress } from '../mask/address.ts'
import { type MaskSettings, maskText } from '../mask/mask-text.ts'

/** Characters of a message that are kept. */
const longestMessage = 500

/** Method and target of a simple line, one blank between them; as bytes, one a character. */
export const requestTextOf = (bytes: Buffer, line: SimpleLine): string =>
  line.joined
    ? bytes.toString('latin1', line.methodStart, line.pathEnd)
    : `${bytes.toString('latin1', line.methodStart, line.methodEnd)} ${bytes.toString('latin1', line.pathStart, line.pathEnd)}`

/** A request and its answer in words, as the log has them. */
export const messageOf = (request: string, status: number): string =>
  request === '' ? statusWords(status) : requestInWords(request, status)

/** The same without full addresses and without a host that is no address, at most 500 characters of it. */
export const maskedMessageOf = (request: string, status: number, host: string, settings: MaskSettings): string => {
  const masked = maskRequest(request, host, settings)
  // Cutting may end a number that was too large for an address, so the rest is masked once more.
  const kept = masked.length > longestMessage ? `${maskText(cut(masked), settings).text}…` : masked
  return messageOf(kept, status)
}

/** A request without full addresses and without a host that is no address. */
export const maskRequest = (request: string, host: string, settings: MaskSettings): string => {
  const { text } = maskText(request, settings)
  if (!settings.private.includes('addresses') || !namesHost(text, host)) return text
  return maskText(withoutWord(text, host), settings).text
}

/** True when a request holds a host that is no address, as a word of its own. */
export const namesHost = (request: string, host: string): boolean =>
  host !== '-' && host !== '' && request.includes(host) && !isAddress(host) && findWord(request, host, 0) >= 0

const isWord = (text: string, at: number): boolean => /[0-9A-Za-z_]/.test(text.charAt(at))

const findWord = (text: string, word: string, from: number): number => {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1))
    if ((at === 0 || !isWord(text, at - 1)) && !isWord(text, at + word.length)) return at
  return -1
}

const withoutWord = (text: string, word: string): string => {
  let out = ''
  let from = 0
  for (let at = findWord(text, word, 0); at >= 0; at = findWord(text, word, from)) {
    out += text.slice(from, at)
    from = at + word.length
  }
  return out + text.slice(from)
}

/** The target without its query string. */
export const endpointOf = (target: string): string => {
  const mark = target.indexOf('?')
  return mark < 0 ? target : target.slice(0, mark)
}

const cut = (text: string): string => {
  const kept = text.slice(0, longestMessage)
  const last = kept.charCodeAt(kept.length - 1)
  return last >= 0xd800 && last <= 0xdbff ? kept.slice(0, -1) : kept
}
