import type { Template } from '../template.ts'
import { fieldOf, type Variables } from './variables.ts'

/** https://www.w3.org/TR/WD-logfile.html, IIS and CloudFront. */
const variables: Variables = {
  date: 'time',
  time: 'time',
  'date-time': 'time',
  'c-ip': 'client',
  'cs-username': 'user',
  'cs-method': 'method',
  'cs-uri': 'path',
  'cs-uri-stem': 'path',
  'cs-uri-query': 'query',
  'cs-version': 'protocol',
  'cs-protocol-version': 'protocol',
  'sc-status': 'status',
  'sc-bytes': 'size',
  'cs(referer)': 'referer',
  'cs(user-agent)': 'agent',
  'cs-host': 'host',
  'cs(host)': 'host',
  'x-host-header': 'host',
  'time-taken': ['duration', 'ms'],
  'x-forwarded-for': 'forwarded',
  'cs(x-forwarded-for)': 'forwarded',
}

/** CloudFront's times are seconds, those of IIS milliseconds. */
const isCloudFront = (names: readonly string[]): boolean => names.includes('x-edge-location')

/** A `#Fields:` header: the names of the fields, which blanks or tabs part. */
export const w3cTemplate = (header: string): Template => {
  const names = header
    .replace(/^#Fields:\s*/i, '')
    .trim()
    .split(/\s+/)
  const cloudFront = isCloudFront(names)
  // CloudFront names the host of the distribution and the one that was asked
  const hosts = names.filter((name) => variables[name.toLowerCase()] === 'host')
  const host = hosts.includes('x-host-header') ? 'x-host-header' : hosts[0]
  const separator = cloudFront ? '\t' : ' '
  return names.flatMap((name, i) => {
    const field = fieldOf(name.toLowerCase(), variables, name)
    const kept =
      field.kind === 'host' && name !== host
        ? ({ kind: 'ignored', name } as const)
        : cloudFront && field.kind === 'duration'
          ? ({ ...field, unit: 's' } as const)
          : field
    return i === 0 ? [kept] : [separator, kept]
  })
}
