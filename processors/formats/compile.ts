import { compilePattern, type Pattern } from './compile-pattern.ts'
import { compileSteps, type Steps } from './compile-steps.ts'
import type { Format } from './format.ts'
import { compileKeyMap, type KeyMap } from './key-map.ts'
import { marksOf } from './marks.ts'
import { templateOf } from './notations/notations.ts'
import { joined, type Template } from './template.ts'

/** A format ready to read text lines: by the exact rules, and as the table that the scanner runs. */
export interface TextFormat {
  readonly kind: 'text'
  readonly format: Format
  readonly template: Template
  /** Texts that stand in every line, one behind another. */
  readonly marks: readonly string[]
  readonly strict: Pattern
  /** Takes user names with blanks; absent where that is no different. */
  readonly loose: Pattern | undefined
  /** True for a format with fields of any number between others: it is tried last. */
  readonly isLoose: boolean
  /** Undefined where only the exact rules can read it. */
  readonly steps: Steps | undefined
}

/** A format of JSON lines. */
interface JsonFormat {
  readonly kind: 'json'
  readonly format: Format
  readonly keys: KeyMap
}

export type CompiledFormat = TextFormat | JsonFormat

/** Compiles an entry, each part when it is asked for; throws an AppError of kind `usage` for a text that cannot be one of a log. */
export const compileFormat = (format: Format): CompiledFormat => {
  if (format.notation === 'json') return { kind: 'json', format, keys: compileKeyMap(format.text) }
  const template = joined(templateOf(format))
  const strict = once(() => compilePattern(template, false))
  const steps = once(() => compileSteps(template))
  const isLoose = template.some((piece) => typeof piece === 'object' && piece.kind === 'between')
  const loose = once(() => {
    const pattern = compilePattern(template, true)
    return pattern.expression.source === strict().expression.source && !isLoose ? undefined : pattern
  })
  return {
    kind: 'text',
    format,
    template,
    marks: marksOf(template),
    isLoose,
    get strict() {
      return strict()
    },
    get loose() {
      return loose()
    },
    get steps() {
      return steps()
    },
  }
}

const once = <Made>(make: () => Made): (() => Made) => {
  let made: { readonly value: Made } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
