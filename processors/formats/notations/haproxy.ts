import type { Template } from '../template.ts'
import { cutAt, fieldOf, type Variables } from './variables.ts'

const variables: Variables = {
  ci: 'client',
  cp: 'port',
  t: 'time',
  tr: 'time',
  T: 'time',
  trg: 'time',
  trl: 'time',
  Tl: 'time',
  Ts: 'time',
  r: 'request',
  HM: 'method',
  HU: 'path',
  HPO: 'path',
  HP: 'path',
  HQ: 'query',
  HV: 'protocol',
  ST: 'status',
  B: 'size',
  Ta: ['duration', 'ms'],
  Tt: ['duration', 'ms'],
}

/** https://docs.haproxy.org/3.0/configuration.html#8.2.6; captured headers stand in braces or are missing. */
export const haproxyTemplate = (text: string): Template => {
  const quoted = text.includes('%{+Q}o')
  return cutAt(
    text.replaceAll('\\"', '"').replace(/%\{\+Q\}o ?/, ''),
    /%(?:\{([^}]*)\})?(?:\[[^\]]*\]|([A-Za-z]+))/g,
    ([shown, flags = '', name = '']) => {
      const field = fieldOf(name, variables, shown)
      if (name === 'hr' || name === 'hs') return [{ ...field, optional: true }]
      const inQuotes = flags.includes('+Q') || (quoted && !flags.includes('-Q') && mayBeText.has(name))
      return inQuotes ? ['"', field, '"'] : [field]
    },
  )
}

/** Of HAProxy's variables those that it quotes when it is asked to. */
const mayBeText = new Set(['r', 'ft', 'f', 'b', 's', 'tsc', 'CC', 'CS', 'hrl', 'hsl', 'HM', 'HP', 'HU', 'HV', 'HQ'])
