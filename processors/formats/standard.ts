import { type CompiledFormat, compileFormat, type TextFormat } from './compile.ts'
import { formats } from './list.ts'

let compiled: readonly CompiledFormat[] | undefined

/** The list, compiled once; of entries that are one and the same line the first. */
export const standardFormats = (): readonly CompiledFormat[] => {
  if (compiled !== undefined) return compiled
  const seen = new Set<string>()
  compiled = formats.map(compileFormat).filter((format) => {
    if (format.kind === 'json') return true
    const key = `${signature(format)} ${format.format.looks?.source ?? ''}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
  return compiled
}

const signature = ({ template }: TextFormat): string =>
  JSON.stringify(template.map((piece) => (typeof piece === 'string' ? piece : [piece.kind, piece.unit])))
