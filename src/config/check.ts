import { z } from 'zod'
import { AppError } from '../core/errors.ts'
import { redact } from '../core/redact.ts'
import type { ConfigKey } from './key.ts'
import type { Given, Layer, UnknownKey } from './layers.ts'
import { nearestPath } from './nearest.ts'
import { keys, sections } from './schema.ts'

interface Problem {
  readonly what: string
  readonly why?: string
  readonly next: string
}

const shown = (value: unknown): string => {
  const text = redact(JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** What a key takes, in words: `a whole number from 1 to 86400`. */
const expected = (key: ConfigKey, issue: z.core.$ZodIssue): string => {
  if (key.kind === 'structure' && issue.path.length > 0)
    return `other values at ${issue.path.map(String).join('.')}: ${issue.message}`
  if (key.choices !== undefined) {
    const words = key.choices.join(', ')
    if (key.kind !== 'list') return `one of ${words}`
    return issue.code === 'too_small' ? `at least ${issue.minimum} of ${words}` : `any of ${words}`
  }
  if (issue.code === 'too_small') return `at least ${issue.minimum}`
  if (issue.code === 'too_big') return `at most ${issue.maximum}`
  if (issue.code === 'invalid_type') {
    if (key.kind === 'number') return issue.expected === 'int' ? 'a whole number' : 'a number'
    if (key.kind === 'boolean') return 'true or false'
    if (key.kind === 'list') return 'a list of texts'
    if (key.kind === 'text') return 'a text'
  }
  return issue.message
}

/** Why a value does not fit its key, or undefined when it does: `takes at most 32`. */
export const misfit = (key: ConfigKey, value: unknown): string | undefined => {
  const parsed = z.safeParse(key.schema, value)
  const issue = parsed.success ? undefined : parsed.error.issues[0]
  return issue === undefined ? undefined : `takes ${expected(key, issue)}`
}

const valueProblem = (key: ConfigKey, given: Given): Problem | undefined => {
  const why = misfit(key, given.value)
  if (why === undefined) return undefined
  const quote = key.kind === 'text' && typeof given.value === 'number'
  return {
    what: `${given.origin}: ${key.path} is ${shown(given.value)}.`,
    why: `It ${why}.`,
    next: quote
      ? `Put it in quotes: ${key.path.slice(key.path.lastIndexOf('.') + 1)}: "${given.value}".`
      : key.default === undefined
        ? 'Correct it, or leave it out.'
        : `Correct it, or leave it out for the default ${shown(key.default)}.`,
  }
}

const unknownProblem = ({ path, origin }: UnknownKey): Problem => {
  const known = path.includes('.') ? keys.map((key) => key.path) : sections.map((section) => section.name)
  const nearest = nearestPath(path, known)
  return {
    what: `${origin}: ${path} is no key of the config.`,
    ...(nearest === undefined ? {} : { why: `The nearest known one is ${nearest}.` }),
    next:
      nearest === undefined
        ? 'Remove it; config.yaml.example lists every key.'
        : `Write ${nearest} instead, or remove it; config.yaml.example lists every key.`,
  }
}

/** Problems that are named. */
const mostNamed = 20

/** Throws one AppError (kind usage) that names the problems, the first in full. */
export const checkLayers = (unknown: readonly UnknownKey[], layers: readonly Layer[]): void => {
  const values = layers.flatMap((layer) =>
    keys.flatMap((key) => {
      const given = layer.get(key.path)
      return given === undefined ? [] : (valueProblem(key, given) ?? [])
    }),
  )
  const count = unknown.length + values.length
  const [first, ...others] = [...unknown.slice(0, mostNamed).map(unknownProblem), ...values].slice(0, mostNamed)
  if (first === undefined) return
  throw new AppError({
    what: first.what,
    ...(first.why === undefined ? {} : { why: first.why }),
    next: [
      first.next,
      ...others.map((problem) => `Then ${problem.what}${problem.why ? ` ${problem.why}` : ''}`),
      ...(count > mostNamed ? [`Then ${count - mostNamed} more.`] : []),
    ],
    kind: 'usage',
  })
}
