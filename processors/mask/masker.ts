import { chosen, type MaskedText, type MaskSettings, maskClient, maskText } from './mask-text.ts'
import { createSuspects, type RangeTest } from './suspects.ts'

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
  string(text: string): MaskedText
  /** For the bytes of one chunk: false only if masking leaves a field as it is. */
  suspects(bytes: Buffer): RangeTest
}

const mostEntries = 20_000
const longestKey = 1_000

export const createMasker = (settings: MaskSettings): Masker => {
  const textOf = (text: string): Masked => {
    const result = maskText(text, settings)
    return { text: result.text, bytes: Buffer.from(result.text), masked: result.masked }
  }
  const hostOf = (host: string): Masked => {
    const network = maskClient(host, settings)
    const masked = network === null || network === host ? 0 : 1
    return { text: network, bytes: Buffer.from(network ?? ''), masked }
  }
  const signs = chosen(settings).flatMap((transformation) => transformation.signs?.(settings) ?? [])
  return {
    text: remember(textOf),
    host: remember(hostOf),
    string: rememberTexts((text) => maskText(text, settings)),
    suspects: (bytes) => createSuspects(bytes, signs),
  }
}

const remember = (make: (text: string) => Masked): ((bytes: Buffer, start: number, end: number) => Masked) => {
  const of = rememberTexts((key) => make(Buffer.from(key, 'latin1').toString()))
  return (bytes, start, end) => of(bytes.toString('latin1', start, end))
}

const rememberTexts = <Made>(make: (text: string) => Made): ((text: string) => Made) => {
  const known = new Map<string, Made>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = make(text)
    if (text.length <= longestKey) {
      if (known.size >= mostEntries) known.clear()
      known.set(text, made)
    }
    return made
  }
}
