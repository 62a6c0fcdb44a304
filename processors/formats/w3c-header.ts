import { type CompiledFormat, compileFormat } from './compile.ts'

const known = new Map<string, CompiledFormat>()
const most = 100

/** The format that a `#Fields:` line says, compiled once. */
const formatOfHeader = (text: string): CompiledFormat => {
  const found = known.get(text)
  if (found !== undefined) return found
  const made = compileFormat({ id: 'w3c', title: titleOf(text), notation: 'w3c', text })
  if (known.size >= most) known.clear()
  known.set(text, made)
  return made
}

/** What is tried behind a header: what it says, and no other fields by another header's names. */
export const formatsBehind = (header: string, formats: readonly CompiledFormat[]): readonly CompiledFormat[] => [
  formatOfHeader(header),
  ...formats.filter(({ format }) => format.notation !== 'w3c'),
]

const titleOf = (text: string): string =>
  text.includes('x-edge-location') ? 'AWS CloudFront' : /\bs-ip\b|sc-win32-status/.test(text) ? 'IIS W3C' : 'W3C'

/** False only where no line about the log itself stands, behind the prefixes of other programs or not. */
export const mayHoldDirective = (text: string): boolean => text.includes('#') && directives.test(text)

const directives = /#(?:Version|Fields|Software|Date|Start-Date|End-Date|Remark|GMT-Offset):/i

/** True for a line about the log itself, such as `#Version: 1.0`. */
export const isDirective = (text: string): boolean => /^#[A-Z][A-Za-z-]*:/.test(text)

/** True for the directive that names the fields of the lines behind it. */
export const isHeader = (text: string): boolean => /^#Fields:\s*\S/i.test(text)
