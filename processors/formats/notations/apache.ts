import type { DurationUnit, Template } from '../template.ts'
import { cutAt, fieldOf, headerFields, requestLetters, type Variables } from './variables.ts'

/** https://httpd.apache.org/docs/current/mod/mod_log_config.html#formats; Varnish, lighttpd, Tomcat, Jetty and Liberty speak it too. */
const variables: Variables = { ...requestLetters, a: 'client', v: 'host', V: 'host', p: 'port' }

const units: Readonly<Record<string, DurationUnit>> = { s: 's', ms: 'ms', us: 'us', ns: 'ns' }

const variable = /%(?:!?\d{3}(?:,\d{3})*)?[<>]?(?:\{([^}]*)\})?[<>]?(\^ti|\^to|%|[a-zA-Z])/g

/** A text of Apache's `LogFormat`. */
export const apacheTemplate = (text: string): Template => {
  const hasBody = /%[<>]?[bB]/.test(text)
  return cutAt(text.replaceAll('\\"', '"').replaceAll('\\t', '\t'), variable, ([shown, argument, letter = '']) => {
    if (letter === '%') return ['%']
    if (letter === 't' && argument === undefined) return ['[', { kind: 'time', name: '%t' }, ']']
    if (letter === 't') return [{ kind: 'time', name: shown }]
    // Liberty's way to write a time in brackets
    if (letter === 'W' && argument === 't') return ['[', { kind: 'time', name: shown }, ']']
    if (letter === 'i') return [{ kind: headerFields[argument?.toLowerCase() ?? ''] ?? 'ignored', name: shown }]
    if (letter === 'T' && argument !== undefined)
      return [{ kind: 'duration', unit: units[argument] ?? 's', name: shown }]
    if (letter === 'o' || letter === 'e' || letter === 'C' || letter === 'n') return [{ kind: 'ignored', name: shown }]
    // all bytes, headers too, are the next best
    if (letter === 'O' && !hasBody) return [{ kind: 'size', name: shown }]
    return [fieldOf(letter, variables, shown)]
  })
}
