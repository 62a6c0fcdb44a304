import { isIPv4, isIPv6 } from 'node:net'

/** Full addresses in a text, as it stands and after each undoing of its escapes; knows nothing of the masking. */
export const findFullAddresses = (text: string): readonly string[] => [...new Set(readings(text).flatMap(scan))]

const readings = (text: string): readonly string[] => {
  const found = [text]
  for (let next = undo(text); next !== found.at(-1) && found.length < 12; next = undo(next)) found.push(next)
  return found
}

const character = (hex: string, base: number): string => {
  const code = Number.parseInt(hex, base)
  return code < 128 ? String.fromCharCode(code) : '\ufffd'
}

const undo = (text: string): string =>
  text.replace(
    /%([0-9a-f]{2})|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|&#x0*([0-9a-f]{1,5});|&#0*([0-9]{1,6});/gi,
    (_, percent?: string, x?: string, u?: string, hex?: string, decimal?: string) =>
      decimal === undefined ? character(percent ?? x ?? u ?? hex ?? '', 16) : character(decimal, 10),
  )

const scan = (text: string): readonly string[] => [...scanIpv4(text, '.'), ...scanIpv4(text, '-'), ...scanIpv6(text)]

const scanIpv4 = (text: string, mark: '.' | '-'): readonly string[] => {
  const runs = text.match(mark === '.' ? /[0-9.]+/g : /[0-9-]+/g) ?? []
  return runs.flatMap((run) =>
    // what stands between empty groups stands for itself
    run.split(`${mark}${mark}`).filter((part) => {
      const address = part
        .split(mark)
        .filter((group) => group !== '')
        .join('.')
      return isIPv4(address) && !address.endsWith('.0')
    }),
  )
}

const scanIpv6 = (text: string): readonly string[] =>
  [...text.matchAll(/[0-9a-fA-F:]+(?:\.[0-9]+)*/g)].flatMap(({ 0: run, index }) => {
    const address = run.replace(/(?<!:):$/, '').replace(/^:(?!:)/, '')
    if (!isIPv6(address) || !hasInterface(address)) return []
    const names = /^([0-9a-fA-F]*)::([0-9a-fA-F]*)$/.exec(address)
    const glued = /\w/.test(text.charAt(index - 1)) || /\w/.test(text.charAt(index + run.length))
    return names !== null && (glued || !/[0-9]/.test(address)) ? [] : [address]
  })

const hasInterface = (address: string): boolean => {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail = ''] = plain.split('::')
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'))
  const missing = 8 - groups(head).length - groups(tail).length
  const all = plain.includes('::')
    ? [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
    : groups(head)
  return all.slice(4).some((group) => group !== '0')
}
