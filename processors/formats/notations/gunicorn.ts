import type { Template } from '../template.ts'
import { cutAt, fieldOf, headerFields, requestLetters, type Variables } from './variables.ts'

const variables: Variables = {
  ...requestLetters,
  t: 'time',
  f: 'referer',
  a: 'agent',
  M: ['duration', 'ms'],
  L: ['duration', 's'],
}

/** https://docs.gunicorn.org/en/stable/settings.html#access-log-format */
export const gunicornTemplate = (text: string): Template =>
  cutAt(text.replaceAll('\\"', '"'), /%\((?:\{([^}]+)\})?([^)]+)\)s/g, ([shown, header, name = '']) => {
    if (header !== undefined) return [{ kind: headerFields[header.toLowerCase()] ?? 'ignored', name: shown }]
    const field = fieldOf(name, variables, shown)
    return field.kind === 'time' ? ['[', field, ']'] : [field]
  })
