import { isIP } from 'node:net'

const inOneForm = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address

/** Whether a masked address could read so: its last octet, or its last 64 bits, are zero. */
const isMasked = (address: string): boolean =>
  address.includes('.') ? address.endsWith('.0') : inOneForm(address).endsWith('::')

const v4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)`
const v6 = String.raw`[\da-f]{0,4}(?::[\da-f]{0,4}){2,}`
/** What may be an address: not within a word or a longer number; a port or the end of a sentence may follow. */
const tokens = new RegExp(`(?<![\\w.])(?:${v4}|${v6}:${v4}|${v6}(?![\\w:]|\\.\\d))`, 'gi')

const decoded = (text: string): string =>
  text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Line ends and the like within a JSON text, whose letters would stand before a word. */
const unescaped = (text: string): string => text.replace(/\\(?:u[\da-f]{4}|[bfnrt])/gi, ' ')

const addressesIn = (text: string): readonly string[] =>
  [text, unescaped(text), decoded(unescaped(text))]
    .flatMap((one) => one.match(tokens) ?? [])
    .filter((token) => isIP(token) !== 0)
    .map(inOneForm)

/** Full addresses of the clients that stand first in the lines of logs. */
export const clientsOf = (logs: readonly string[]): ReadonlySet<string> =>
  new Set(
    logs
      .flatMap((text) => text.split('\n'))
      .map((line) => line.split(' ')[0] ?? '')
      .filter((word) => isIP(word) !== 0 && !isMasked(word))
      .map(inOneForm),
  )

/** The clients that stand in a text with their full addresses, also percent-encoded. */
export const fullAddressesIn = (text: string, clients: ReadonlySet<string>): readonly string[] => [
  ...new Set(addressesIn(text).filter((address) => clients.has(address))),
]
