import type { Template } from '../template.ts'
import { cutAt, fieldOf, headerFields, type Variables } from './variables.ts'

const gunicorn: Variables = {
  h: 'client',
  u: 'user',
  t: 'time',
  r: 'request',
  m: 'method',
  U: 'path',
  q: 'query',
  H: 'protocol',
  s: 'status',
  b: 'size',
  B: 'size',
  f: 'referer',
  a: 'agent',
  T: ['duration', 's'],
  M: ['duration', 'ms'],
  D: ['duration', 'us'],
  L: ['duration', 's'],
}

/** https://docs.gunicorn.org/en/stable/settings.html#access-log-format */
export const gunicornTemplate = (text: string): Template =>
  cutAt(text.replaceAll('\\"', '"'), /%\((?:\{([^}]+)\})?([^)]+)\)s/g, ([shown, header, name = '']) => {
    if (header !== undefined) return [{ kind: headerFields[header.toLowerCase()] ?? 'ignored', name: shown }]
    const field = fieldOf(name, gunicorn, shown)
    return field.kind === 'time' ? ['[', field, ']'] : [field]
  })

const haproxy: Variables = {
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
      const field = fieldOf(name, haproxy, shown)
      if (name === 'hr' || name === 'hs') return [{ ...field, optional: true }]
      const inQuotes = flags.includes('+Q') || (quoted && !flags.includes('-Q') && mayBeText.has(name))
      return inQuotes ? ['"', field, '"'] : [field]
    },
  )
}

/** Of HAProxy's variables those that it quotes when it is asked to. */
const mayBeText = new Set(['r', 'ft', 'f', 'b', 's', 'tsc', 'CC', 'CS', 'hrl', 'hsl', 'HM', 'HP', 'HU', 'HV', 'HQ'])

const squid: Variables = {
  ts: 'time',
  tu: 'time',
  tg: 'time',
  tl: 'time',
  '>a': 'client',
  '>A': 'client',
  un: 'user',
  ul: 'user',
  rm: 'method',
  '>rm': 'method',
  ru: 'path',
  '>ru': 'path',
  rv: 'protocol',
  '>rv': 'protocol',
  '>Hs': 'status',
  Hs: 'status',
  '<st': 'size',
  tr: ['duration', 'ms'],
}

/** https://www.squid-cache.org/Doc/config/logformat/; a number before a name is its least width. */
export const squidTemplate = (text: string): Template =>
  cutAt(
    text.replaceAll('\\"', '"'),
    /%["'[#/]?(-?\d+)?(?:\{([^}]*)\})?([<>]?[a-zA-Z]+(?:::[a-zA-Z<>]+)?)/g,
    ([shown, width, argument, name = '']) => {
      const header = />h$/.test(name) ? headerFields[argument?.toLowerCase() ?? ''] : undefined
      const field = header === undefined ? fieldOf(name, squid, shown) : { kind: header, name: shown }
      return [width === undefined || width.startsWith('0') ? field : { ...field, padded: true }]
    },
  )

const envoy: Variables = {
  START_TIME: 'time',
  'REQ(:METHOD)': 'method',
  'REQ(:PATH)': 'path',
  'REQ(X-ENVOY-ORIGINAL-PATH?:PATH)': 'path',
  PROTOCOL: 'protocol',
  RESPONSE_CODE: 'status',
  BYTES_SENT: 'size',
  DURATION: ['duration', 'ms'],
  DOWNSTREAM_REMOTE_ADDRESS: 'client',
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: 'client',
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: 'ignored',
}

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#format-strings */
export const envoyTemplate = (text: string): Template =>
  cutAt(
    text.replaceAll('\\"', '"').replace(/(?:\\n|\n)$/, ''),
    /%([A-Z_0-9]+)(\([^)]*\))?(?::\d+)?%/g,
    ([shown, name = '', argument = '']) => {
      const header = name === 'REQ' ? headerFields[argument.slice(1, -1).toLowerCase()] : undefined
      if (header !== undefined) return [{ kind: header, name: shown }]
      return [fieldOf(name === 'REQ' ? name + argument : name, envoy, shown)]
    },
  )

const morgan: Variables = {
  'remote-addr': 'client',
  'remote-user': 'user',
  date: 'time',
  method: 'method',
  url: 'path',
  'http-version': 'protocol',
  status: 'status',
  'res[content-length]': 'size',
  referrer: 'referer',
  'user-agent': 'agent',
  'response-time': ['duration', 'ms'],
  'req[host]': 'host',
  'req[x-forwarded-for]': 'forwarded',
}

/** https://github.com/expressjs/morgan#tokens */
export const morganTemplate = (text: string): Template =>
  cutAt(text, /:([a-z][a-z-]*)(\[[^\]]*\])?/g, ([shown, name = '', argument = '']) => {
    const whole = name === 'res' || name === 'req' ? `${name}${argument.toLowerCase()}` : name
    return [fieldOf(whole, morgan, shown)]
  })

const words: Variables = {
  host: 'host',
  client: 'client',
  port: 'port',
  user: 'user',
  requester: 'user',
  time: 'time',
  request: 'request',
  request_uri: 'request',
  status: 'status',
  elb_status_code: 'status',
  http_status: 'status',
  size: 'size',
  sent_bytes: 'size',
  bytes_sent: 'size',
  referer: 'referer',
  user_agent: 'agent',
  domain_name: 'host',
  host_header: 'host',
  remote_ip: 'client',
  total_time: ['duration', 'ms'],
  target_processing_time: ['duration', 's'],
  backend_processing_time: ['duration', 's'],
  between: 'between',
}

/** Names of fields with what stands between them, as the documents of AWS have it. */
export const wordsTemplate = (text: string): Template =>
  cutAt(text, /[A-Za-z][A-Za-z0-9_-]*/g, ([shown]) => [fieldOf(shown.toLowerCase().replaceAll('-', '_'), words, shown)])
