import { isIPv4, isIPv6 } from 'node:net'

/** Addresses in a text, as it stands or with its escapes undone once, that still have their last octet or last 64 bits; knows nothing of the masking. */
export const findFullAddresses = (text: string): readonly string[] => {
  const undone = text.replace(/%([0-7][0-9a-fA-F])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return [...new Set([text, undone])].flatMap(scan)
}

const longest = 45

const scan = (text: string): readonly string[] => {
  const found: string[] = []
  for (let start = 0; start < text.length; start++) {
    if (/\w/.test(text.charAt(start - 1))) continue
    for (let end = Math.min(text.length, start + longest); end > start; end--) {
      if (/\w/.test(text.charAt(end))) continue
      const part = text.slice(start, end)
      if (isIPv4(part) ? !part.endsWith('.0') : !part.includes('%') && isIPv6(part) && hasInterface(part))
        found.push(part)
    }
  }
  return found
}

const hasInterface = (address: string): boolean => {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail = ''] = plain.split('::')
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'))
  const filled = [...groups(head), ...Array<string>(8).fill('0')].slice(0, 8 - groups(tail).length)
  return [...filled, ...groups(tail)].slice(4).some((group) => group !== '0')
}
