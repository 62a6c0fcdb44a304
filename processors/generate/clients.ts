import { between, oneOf, type Random, weighted } from './random.ts'

/** Who sends requests: an address and a browser. */
export interface Client {
  readonly ip: string
  readonly agent: string
}

// Documentation and benchmark networks only: they look public, and belong to nobody.
const networks = ['192.0.2', '198.51.100', '203.0.113'] as const

const browsers = weighted<string>([
  [browser('Windows NT 10.0; Win64; x64', 'Chrome/131.0.6778.86 Safari/537.36'), 24],
  [browser('Macintosh; Intel Mac OS X 10_15_7', 'Chrome/130.0.6723.117 Safari/537.36'), 10],
  [browser('Linux; Android 14; Pixel 8', 'Chrome/131.0.6778.81 Mobile Safari/537.36'), 14],
  [browser('Windows NT 10.0; Win64; x64', 'Chrome/131.0.6778.86 Safari/537.36 Edg/131.0.2903.63'), 8],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    16,
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    9,
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0', 9],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 5],
  [browser('Linux; Android 10; K', 'Chrome/130.0.0.0 Mobile Safari/537.36'), 4],
  ['okhttp/4.12.0', 1],
])

function browser(system: string, rest: string): string {
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`
}

const bots = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)',
]

const tools = ['python-requests/2.32.3', 'curl/8.5.0', 'Go-http-client/1.1', 'Mozilla/5.0 zgrab/0.x']

/** An IPv4 address that looks public. */
export const ipv4 = (random: Random): string =>
  random() < 0.35
    ? `${oneOf(random, networks)}.${between(random, 1, 254)}`
    : `198.${between(random, 18, 19)}.${between(random, 0, 255)}.${between(random, 1, 254)}`

/** An IPv6 address of the documentation network, now and then written in full or mapped from IPv4. */
export const ipv6 = (random: Random): string => {
  const style = random()
  if (style < 0.03) return `::ffff:${ipv4(random)}`
  const site = `2001:db8:${group(random)}:${between(random, 1, 255).toString(16)}`
  if (style < 0.35) return `${site}::${group(random)}`
  if (style < 0.4) return `${site.toUpperCase()}::${group(random).toUpperCase()}`
  return `${site}:${group(random)}:${group(random)}:${group(random)}:${group(random)}`
}

const group = (random: Random): string => between(random, 1, 0xffff).toString(16)

const address = (random: Random, ipv6Share: number): string => (random() < ipv6Share ? ipv6(random) : ipv4(random))

/** Somebody with a browser. */
export const person = (random: Random, ipv6Share: number): Client => ({
  ip: address(random, ipv6Share),
  agent: browsers(random),
})

/** A crawler of a search engine. */
export const crawler = (random: Random, ipv6Share: number): Client => ({
  ip: address(random, ipv6Share),
  agent: oneOf(random, bots),
})

/** A script that means no good. */
export const attacker = (random: Random, ipv6Share: number): Client => ({
  ip: address(random, ipv6Share),
  agent: oneOf(random, tools),
})

const names =
  'ada ben carla deniz elif farid grace hana ivan june kofi lena mateo nadia omar priya quinn rosa sven tara uma viktor wei yara zoe'.split(
    ' ',
  )

/** The name under which a person logs in. */
export const userName = (random: Random): string => `${oneOf(random, names)}${between(random, 10, 499)}`
