import type { CompiledFormat } from './compile.ts'
import { countTokens } from './compile-pattern.ts'
import type { Wrapper } from './wrappers.ts'

/** How a line was understood. */
export interface Shape {
  /** Around the line, the outermost first. */
  readonly wrappers: readonly Wrapper[]
  readonly format: CompiledFormat
  /** What stands behind the fields of the format, each with the blank before it; empty where nothing does. */
  readonly behind: string
  /** False where the line fits the format only when less is asked of it. */
  readonly isStrict: boolean
}

/** `syslog, combined + 2 fields` */
export const titleOf = ({ wrappers, format, behind }: Shape): string => {
  const more = countTokens(behind)
  const fields = more === 0 ? '' : ` + ${more} ${more === 1 ? 'field' : 'fields'}`
  return [...wrappers.map(({ title }) => title), `${format.format.title}${fields}`].join(', ')
}
