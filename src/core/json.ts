import type { z } from 'zod'

/** What a text of JSON says, or undefined where the text is none. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a terminal may obey, and what some readers take for the end of a line. */
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Each of its UTF-16 units, because JSON has no longer escape. */
const escaped = (character: string): string =>
  character.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A value as JSON in which every control, format and line character is escaped, as lone surrogates are. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replaceAll(unsafe, escaped)

/** A value as one line of JSON, with its end. */
export const jsonLine = (value: unknown): string => `${jsonText(value)}\n`

/** Those of the lines that are JSON of this shape; what else a program prints, and a line that was cut, is passed over. */
export const jsonLinesIn = <T>(lines: readonly string[], schema: z.ZodType<T>): readonly T[] =>
  lines.flatMap((line) => {
    if (!line.startsWith('{')) return []
    const parsed = schema.safeParse(jsonOf(line))
    return parsed.success ? [parsed.data] : []
  })

/** The newest of them. */
export const lastJsonLineIn = <T>(lines: readonly string[], schema: z.ZodType<T>): T | undefined => {
  for (const line of lines.toReversed()) {
    const [found] = jsonLinesIn([line], schema)
    if (found !== undefined) return found
  }
  return undefined
}
