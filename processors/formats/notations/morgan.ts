import type { Template } from '../template.ts'
import { cutAt, fieldOf, type Variables } from './variables.ts'

const variables: Variables = {
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
    return [fieldOf(whole, variables, shown)]
  })
