/** Prefix lengths that masking keeps. */
export interface Prefixes {
  /** 0 to 32 */
  readonly maskIpv4: number
  /** 0 to 128 */
  readonly maskIpv6: number
}

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const dottedQuad = new RegExp(`^(${octet})\\.(${octet})\\.(${octet})\\.(${octet})$`)

/** The 32 bits of a strict dotted quad, unsigned; undefined for anything else. */
export const parseIpv4 = (text: string): number | undefined => {
  if (text.length > 15) return undefined
  const found = dottedQuad.exec(text)
  if (found === null) return undefined
  return Number(found[1]) * 16_777_216 + Number(found[2]) * 65_536 + Number(found[3]) * 256 + Number(found[4])
}

/** The eight groups of an IPv6 address without zone; undefined for anything else. */
export const parseIpv6 = (text: string): readonly number[] | undefined => {
  if (text.length < 2 || text.length > 45) return undefined
  const gap = text.indexOf('::')
  if (gap < 0) {
    const all = parseGroups(text, true)
    return all?.length === 8 ? all : undefined
  }
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap), false)
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2), true)
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

const group = /^[0-9a-fA-F]{1,4}$/

const parseGroups = (text: string, mayEndDotted: boolean): readonly number[] | undefined => {
  const parts = text.split(':')
  const groups: number[] = []
  for (const [index, part] of parts.entries()) {
    if (group.test(part)) groups.push(Number.parseInt(part, 16))
    else {
      const dotted = mayEndDotted && index === parts.length - 1 ? parseIpv4(part) : undefined
      if (dotted === undefined) return undefined
      groups.push(Math.floor(dotted / 65_536), dotted % 65_536)
    }
  }
  return groups
}

const formatIpv4 = (bits: number): string => `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`

/** Lower case, the longest run of at least two zero groups as `::`, the first of equals. */
const formatIpv6 = (groups: readonly number[]): string => {
  let from = -1
  let length = 1
  for (let start = 0; start < 8; start++) {
    let end = start
    while (end < 8 && groups[end] === 0) end++
    if (end - start > length) {
      from = start
      length = end - start
    }
    if (end > start) start = end
  }
  const hex = groups.map((value) => value.toString(16))
  if (from < 0) return hex.join(':')
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`
}

const maskIpv4Bits = (bits: number, prefix: number): string =>
  formatIpv4(prefix === 0 ? 0 : (bits & (-1 << (32 - prefix))) >>> 0)

const isMapped = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((value) => value === 0)

/** The network of eight groups; IPv4 inside IPv6 (`::ffff:…`) by the IPv4 rule, dotted. */
export const maskGroups = (groups: readonly number[], prefixes: Prefixes): string => {
  if (isMapped(groups)) return maskIpv4Bits((groups[6] ?? 0) * 65_536 + (groups[7] ?? 0), prefixes.maskIpv4)
  return formatIpv6(
    groups.map((value, index) => {
      const kept = prefixes.maskIpv6 - index * 16
      return kept >= 16 ? value : kept <= 0 ? 0 : value & (0xffff << (16 - kept)) & 0xffff
    }),
  )
}

/** The network of an address without zone; undefined for anything else. */
export const maskAddress = (text: string, prefixes: Prefixes): string | undefined => {
  const bits = parseIpv4(text)
  if (bits !== undefined) return maskIpv4Bits(bits, prefixes.maskIpv4)
  const groups = parseIpv6(text)
  return groups === undefined ? undefined : maskGroups(groups, prefixes)
}

const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/
const withPort = /^([0-9.]+):\d{1,5}$/

/** What is stored of a client: its network, or null when the host is no address. A zone, a port and brackets are dropped. */
export const maskHost = (host: string, prefixes: Prefixes): string | null => {
  const address = bracketed.exec(host)?.[1] ?? withPort.exec(host)?.[1] ?? host
  if (address !== host && host.startsWith('[') && !address.includes(':')) return null
  const zone = address.indexOf('%')
  if (zone < 0) return maskAddress(address, prefixes) ?? null
  if (!/^[^%/]+$/.test(address.slice(zone + 1)) || !address.includes(':')) return null
  return maskAddress(address.slice(0, zone), prefixes) ?? null
}

/** True when a client is an IPv4 or IPv6 address, zone and port allowed. */
export const isAddress = (host: string): boolean => maskHost(host, { maskIpv4: 32, maskIpv6: 128 }) !== null
