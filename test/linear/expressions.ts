import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A regular expression as it stands in the program. */
export interface Expression {
  readonly source: string
  readonly flags: string
  /** `src/core/redact.ts:8` of the first that is so. */
  readonly where: string
}

const isNode = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const literalsIn = (
  node: unknown,
): readonly { readonly start: number; readonly source: string; readonly flags: string }[] => {
  if (Array.isArray(node)) return node.flatMap(literalsIn)
  if (!isNode(node)) return []
  const { type, regex, start } = node
  if (type === 'Literal' && isNode(regex))
    return [{ start: Number(start), source: String(regex['pattern']), flags: String(regex['flags']) }]
  return Object.values(node).flatMap(literalsIn)
}

/** Every literal of the program's sources, each once. */
export const expressions = (): readonly Expression[] => {
  const all = new Map<string, Expression>()
  for (const file of globSync('{src,screens,processors}/**/*.{ts,tsx}', { cwd: root }).sort()) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const { start, source, flags } of literalsIn(parseSync(file, text).program)) {
      const key = `/${source}/${flags}`
      if (!all.has(key)) all.set(key, { source, flags, where: `${file}:${text.slice(0, start).split('\n').length}` })
    }
  }
  return [...all.values()]
}
