import type { Format, Notation } from '../format.ts'
import type { Template } from '../template.ts'
import { apacheTemplate } from './apache.ts'
import { envoyTemplate } from './envoy.ts'
import { gunicornTemplate } from './gunicorn.ts'
import { haproxyTemplate } from './haproxy.ts'
import { morganTemplate } from './morgan.ts'
import { nginxTemplate } from './nginx.ts'
import { squidTemplate } from './squid.ts'
import { w3cTemplate } from './w3c.ts'
import { wordsTemplate } from './words.ts'

const templates: Readonly<Record<Exclude<Notation, 'json'>, (text: string) => Template>> = {
  apache: apacheTemplate,
  nginx: nginxTemplate,
  gunicorn: gunicornTemplate,
  haproxy: haproxyTemplate,
  squid: squidTemplate,
  envoy: envoyTemplate,
  morgan: morganTemplate,
  words: wordsTemplate,
  w3c: w3cTemplate,
}

/** The fields of a text format, and what stands between them. */
export const templateOf = ({ notation, text }: Format): Template =>
  notation === 'json' ? [] : templates[notation](text)

/** How a text from a server's config tells its notation; the first that fits. */
const marks: readonly (readonly [Notation, RegExp])[] = [
  ['w3c', /^\s*#Fields:/i],
  ['json', /^\s*\{/],
  ['nginx', /\$\{?[a-z][a-z0-9_]+/],
  ['gunicorn', /%\([^)]+\)s/],
  ['envoy', /%[A-Z][A-Z_]+(?:\([^)]*\))?(?::\d+)?%/],
  ['haproxy', /%(?:\{[^}]*\})?(?:ci|ST|HM|HU|HP|tr|trg|Tt|Ta|ac)\b/],
  ['squid', /%(?:["'[#/]?-?\d*)(?:>a|<st|ts\b|rm\b|ru\b|un\b|Ss\b|>Hs)/],
  ['morgan', /:(?:remote-addr|method|status|url)\b/],
  ['apache', /%(?:[<>]|\{)?[a-zA-Z>]/],
]

export const notationOf = (text: string): Notation | undefined => marks.find(([, mark]) => mark.test(text))?.[0]
