import type { GeneratorKnobs, VisitState } from '../../src/core/generator.ts'
import { ipv4, ipv6 } from './clients.ts'
import { between, oneOf, type Pick, type Random, weighted } from './random.ts'

/** A page as it is asked for. */
export interface Page {
  readonly method: string
  readonly target: string
  /** Usual size of the answer in bytes. */
  readonly bytes: number
}

const terms = [
  'charcoal',
  'brisket+rub',
  'gas+grill',
  'thermometer',
  'pulled%20pork',
  'k%C3%A4se',
  'wood+chips',
  'gloves',
]
const apis = ['/api/v1/stock', '/api/v1/recommendations', '/api/v1/prices', '/api/v1/reviews'] as const

/** Share of API calls and pages that carry somebody's address in their target. */
const addressInTarget = 0.03

/** Makes the pages of the shop. */
export const openPages = (knobs: GeneratorKnobs): ((state: Exclude<VisitState, 'exit'>, random: Random) => Page) => {
  const category: Pick<string> = weighted(Object.entries(knobs.categories))
  return (state, random) => {
    switch (state) {
      case 'home':
        return page(random() < 0.02 ? '/index.html' : '/', 14_200)
      case 'login':
        return { method: 'POST', target: random() < 0.03 ? `/login?next=${back(random)}` : '/login', bytes: 420 }
      case 'products':
        return page(
          random() < 0.3 ? '/products' : `/products?category=${category(random)}&page=${between(random, 1, 6)}`,
          22_800,
        )
      case 'product':
        return page(`/products/${between(random, 1, 240)}`, 17_600)
      case 'search':
        return page(`/search?q=${oneOf(random, terms)}`, 19_300)
      case 'cart':
        return random() < 0.6 ? { method: 'POST', target: '/cart', bytes: 380 } : page('/cart', 8_100)
      case 'checkout':
        return { method: 'POST', target: '/checkout', bytes: 2_700 }
      case 'account':
        return page(random() < 0.5 ? '/account' : '/account/orders', 9_600)
      case 'api':
        return random() < addressInTarget
          ? page(`/api/v1/geo?ip=${random() < 0.8 ? ipv4(random) : encodeURIComponent(ipv6(random))}`, 240)
          : page(`${oneOf(random, apis)}?product=${between(random, 1, 240)}`, 1_150)
    }
  }
}

const page = (target: string, bytes: number): Page => ({ method: 'GET', target, bytes })

const back = (random: Random): string => encodeURIComponent(`http://${ipv4(random)}/cart`)
