import type { z } from 'zod'

/** The newest line that is JSON of this shape, or undefined. */
export const answerIn = <T>(lines: readonly string[], schema: z.ZodType<T>): T | undefined => {
  for (const line of lines.toReversed()) {
    if (!line.startsWith('{')) continue
    try {
      const parsed = schema.safeParse(JSON.parse(line))
      if (parsed.success) return parsed.data
    } catch {
      // a line that was cut; the one before it may be whole
    }
  }
  return undefined
}
