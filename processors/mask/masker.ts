import { type MaskSettings, maskHost } from './address.ts'
import { maskText } from './mask-text.ts'

/** What masking makes of a text or a host, ready to be written. */
interface Masked {
  /** Null for a host that is no address. */
  readonly text: string | null
  readonly bytes: Buffer
  /** Addresses that lost something. */
  readonly masked: number
}

/** Masking with a memory: logs repeat their clients and agents. */
export interface Masker {
  text(bytes: Buffer, start: number, end: number): Masked
  host(bytes: Buffer, start: number, end: number): Masked
}

const mostEntries = 20_000
const longestKey = 1_000

export const createMasker = (settings: MaskSettings): Masker => {
  const textOf = (text: string): Masked => {
    const result = maskText(text, settings)
    return { text: result.text, bytes: Buffer.from(result.text), masked: result.masked }
  }
  const hostOf = (host: string): Masked => {
    const network = maskHost(host, settings)
    const masked = network === null || network === host ? 0 : 1
    return { text: network, bytes: Buffer.from(network ?? ''), masked }
  }
  return { text: remember(textOf), host: remember(hostOf) }
}

const remember = (make: (text: string) => Masked): ((bytes: Buffer, start: number, end: number) => Masked) => {
  const known = new Map<string, Masked>()
  return (bytes, start, end) => {
    const key = bytes.toString('latin1', start, end)
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(bytes.toString('utf8', start, end))
    if (key.length <= longestKey) {
      if (known.size >= mostEntries) known.clear()
      known.set(key, made)
    }
    return made
  }
}
