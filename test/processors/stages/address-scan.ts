import { isIP } from 'node:net'

/**
 * Full addresses in a text, found without the code that masks: every substring that has no letter, digit
 * or _ before or behind it is tried with node's own parser. A network (last octet 0, or last 64 bits 0) is none, and neither is `::`.
 */
export const findAddresses = (text: string): readonly string[] => {
  const decoded = text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return [...new Set([...candidates(text), ...candidates(decoded)])].filter(isFull)
}

const word = /[0-9A-Za-z_]/

const candidates = (text: string): readonly string[] => {
  const found: string[] = []
  for (let start = 0; start < text.length; start++) {
    if (word.test(text[start - 1] ?? '')) continue
    const run = /^[0-9a-fA-F:.]*/.exec(text.slice(start, start + 46))?.[0] ?? ''
    for (let length = run.length; length >= 2; length--) {
      if (word.test(text[start + length] ?? '')) continue
      if (isIP(run.slice(0, length)) === 0) continue
      found.push(run.slice(0, length))
      start += length - 1
      break
    }
  }
  return found
}

const isFull = (address: string): boolean => {
  if (isIP(address) === 4) return !address.endsWith('.0')
  const { hostname } = new URL(`http://[${address}]/`)
  return !/^\[(?:[0-9a-f]+:){1,4}:\]$/.test(hostname) && hostname !== '[::]'
}

/** Every text in a row, nested ones included, with its place; private_ip is meant to be whole. */
export const textsOf = (value: unknown, place = ''): readonly (readonly [place: string, text: string])[] => {
  if (typeof value === 'string') return [[place, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .filter(([name]) => name !== 'private_ip')
    .flatMap(([name, each]) => textsOf(each, `${place}/${name}`))
}
