import { type CompiledFormat, compileFormat } from './compile.ts'
import { formats } from './list.ts'

let compiled: readonly CompiledFormat[] | undefined

/** The list as `auto` tries it, compiled once; without entries whose lines look like those of another. */
export const standardFormats = (): readonly CompiledFormat[] => {
  compiled ??= formats.filter(({ foundAs }) => foundAs === undefined).map(compileFormat)
  return compiled
}
