import { between, oneOf, type Random } from './random.ts'
import type { Request } from './visit.ts'

/** Formats lines; keeps the last second it wrote, because most lines share it. Lines are latin1 text: one character, one byte. */
export const lineWriter = (): ((at: number, request: Request) => string) => {
  let second = Number.NaN
  let prefix = ''
  return (at, request) => {
    const whole = Math.floor(at / 1e6)
    if (whole !== second) {
      second = whole
      prefix = new Date(whole * 1000).toISOString().slice(0, 19)
    }
    const micros = (Math.floor(at) - whole * 1e6 + 1e6).toString().slice(1)
    const { ip, user, method, target, protocol, status, bytes, referer, agent } = request
    return `${ip} - ${user} [${prefix}.${micros}+0000] "${method} ${target} ${protocol}" ${status} ${bytes ?? '-'} "${referer}" "${agent}"\n`
  }
}

const stackTraces = [
  'java.lang.IllegalStateException: cart 4711 has no owner',
  '    at com.example.shop.Cart.checkout(Cart.java:214)',
  'PHP Warning:  Undefined array key "sku" in /srv/shop/product.php on line 88',
]

/** What crashes, full disks and careless clients make of a line; none of them is a log line any more. */
export const damage = (random: Random, line: string): string => {
  const body = line.slice(0, -1)
  switch (between(random, 0, 6)) {
    case 0:
      return `${body.slice(0, between(random, 12, Math.floor(body.length / 2)))}\n`
    case 1:
      return `${oneOf(random, stackTraces)}\n`
    case 2:
      return `${body.replace(/" \d{3} /, '" 999 ')}\n`
    case 3:
      return `${body.replace(/\[\d{4}-\d\d/, (found) => `${found.slice(0, 5)}-13`)}\n`
    case 4:
      return `${body.slice(0, -1)} \xc3\x28\xff"\n`
    case 5:
      return `${body.slice(0, -1)} "quoted" name"\n`
    default:
      return `\x16\x03\x01\x02${'\x01'.repeat(between(random, 1, 5))}\xfc\n`
  }
}

/** Requests that are strange and yet log lines: no real request, an escaped quote, a name in place of an address. */
export const oddRequest = (random: Random, request: Request): Request => {
  switch (between(random, 0, 3)) {
    case 0:
      return { ...request, agent: `${request.agent} \\"beta\\"`, user: '-' }
    case 1:
      return { ...request, agent: `${request.agent} caf\xc3\xa9` }
    case 2:
      return { ...request, ip: 'crawler.example.net', user: '-' }
    default:
      return { ...request, target: `${request.target}#:~:text=\\"rub\\"` }
  }
}

/** A client that went away before it asked for anything. */
export const noRequest = (line: string): string => line.replace(/"[^"]*" \d{3} \S+ /, '"-" 408 - ')
