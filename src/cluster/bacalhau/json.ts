import type { z } from 'zod'
import { notUnderstood } from './errors.ts'

/** The JSON document in what the CLI printed: log lines before it and a trailer behind it are passed over. */
export const decode = <T>(what: string, stdout: string, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(documentIn(what, stdout))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw notUnderstood(what, `${issue?.path.map(String).join('.') || 'the whole'}: ${issue?.message ?? 'unknown'}`)
}

const documentIn = (what: string, stdout: string): unknown => {
  const lines = stdout.split('\n')
  for (const [index, line] of lines.entries()) {
    if (!/^([[{]|null$)/.test(line)) continue
    const text = lines.slice(index).join('\n')
    for (const candidate of [text, text.replace(/\nTo fetch more records use:[\s\S]*$/, ''), line]) {
      try {
        return JSON.parse(candidate)
      } catch {
        // a log line that only looks like JSON, or something behind the document
      }
    }
  }
  throw notUnderstood(
    what,
    lines.every((line) => line.trim() === '') ? 'It was empty.' : `It was: ${stdout.trim().slice(0, 200)}`,
  )
}
