import type { Template } from '../template.ts'
import { cutAt, fieldOf, headerFields, type Variables } from './variables.ts'

const variables: Variables = {
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
      const field = header === undefined ? fieldOf(name, variables, shown) : { kind: header, name: shown }
      return [width === undefined || width.startsWith('0') ? field : { ...field, padded: true }]
    },
  )
