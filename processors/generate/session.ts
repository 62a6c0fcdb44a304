import { type GeneratorKnobs, transitionsOf, type VisitState } from '../../src/core/generator.ts'
import { type Client, ipv4, ipv6, userName } from './clients.ts'
import { openPages, type Page } from './pages.ts'
import { type Pick, type Random, weighted } from './random.ts'
import { outageReply, replyBytes } from './replies.ts'
import type { Visit } from './visit.ts'

type OpenState = Exclude<VisitState, 'exit'>

/** Sessions whose entry came from another site. */
const foreignReferers = weighted<string>([
  ['-', 55],
  ['https://www.google.com/', 25],
  ['https://duckduckgo.com/', 5],
  ['https://news.example.org/best-smokers', 7],
  ['https://m.example.net/', 5],
])
const addressInReferer = 0.03
const site = 'https://shop.example.com'
const notModified = 0.04
const protocols = weighted<string>([
  ['HTTP/2.0', 55],
  ['HTTP/1.1', 42],
  ['HTTP/1.0', 1],
])

const isOpen = (state: VisitState): state is OpenState => state !== 'exit'

/** Makes sessions of people: each walks from page to page by the weights until it exits or its time is over. */
export const openSessions = (knobs: GeneratorKnobs): ((client: Client, random: Random, startAt: number) => Visit) => {
  const pages = openPages(knobs)
  const entry = picker(knobs.entry)
  const next = new Map(Object.entries(transitionsOf(knobs)).map(([state, weights]) => [state, picker(weights)]))
  const failing = new Map(knobs.high_error_pages.map(({ path, error_rate }) => [path, error_rate]))

  const statusOf = (state: OpenState, page: Page, random: Random): number => {
    if (random() < knobs.error_500_rate) return random() < 0.7 ? 500 : 502
    if (random() < (failing.get(page.target.split('?', 1)[0] ?? '') ?? 0)) return 503
    switch (state) {
      case 'checkout':
        return random() < knobs.checkout_500_rate ? 500 : 302
      case 'login':
        return random() < knobs.login_failure_rate ? 401 : 302
      case 'product':
        return random() < knobs.product_404_rate ? 404 : random() < notModified ? 304 : 200
      case 'cart':
        return page.method === 'POST' ? 201 : 200
      default:
        return random() < 0.004 ? 404 : random() < notModified ? 304 : 200
    }
  }

  return (client, random, startAt) => {
    const { min_browsing_seconds: least, max_browsing_seconds: most } = knobs
    const endAt = startAt + (least + random() * Math.max(0, most - least)) * 1e6
    const protocol = protocols(random)
    let state = entry(random)
    let user = '-'
    let referer = random() < addressInReferer ? `http://${host(random)}/` : foreignReferers(random)

    return (at, down) => {
      const here: OpenState = isOpen(state) ? state : 'home'
      const page = pages(here, random)
      const status = (down ? outageReply(random) : undefined) ?? statusOf(here, page, random)
      if (here === 'login' && status === 302) user = userName(random)
      const bytes = replyBytes(random, status, page.bytes)
      const request = { ...client, user, method: page.method, target: page.target, protocol, status, bytes, referer }
      if (page.method === 'GET') referer = `${site}${page.target}`
      state = here === 'login' && status >= 400 ? retryLogin(random) : (next.get(here)?.(random) ?? 'exit')
      if (here === 'account' && user === '-') state = 'login'
      if (here === 'cart' && random() < knobs.cart_abandonment_rate) state = 'exit'
      const nextAt = at + (0.3 - Math.log(1 - random())) * (knobs.page_view_seconds / 1.3) * 1e6
      return { request, nextAt: state === 'exit' || nextAt > endAt ? undefined : nextAt }
    }
  }
}

const picker = (weights: Readonly<Partial<Record<VisitState, number>>>): Pick<VisitState> => {
  const entries = Object.entries(weights).filter((entry): entry is [VisitState, number] => entry[1] > 0)
  return entries.length === 0 ? () => 'exit' : weighted(entries)
}

const retryLogin = (random: Random): VisitState => (random() < 0.5 ? 'login' : 'exit')

const host = (random: Random): string => (random() < 0.8 ? ipv4(random) : `[${ipv6(random)}]`)
