import type { AppError } from '../core/errors.ts'
import { redact } from '../core/redact.ts'
import { sanitize } from '../core/sanitize.ts'

const cleanRows = (text: string): readonly string[] =>
  redact(text)
    .split('\n')
    .map(sanitize)
    .filter((row) => row.trim() !== '')

const rows = (text: string): string => cleanRows(text).join('\n  ')

/** What happened, why and what to do next, as lines for stderr; the stack only on demand. */
export const renderError = (error: AppError, debug: boolean): string => {
  const lines = [rows(error.what)]
  if (error.why !== undefined) lines.push(`  why   ${rows(error.why)}`)
  for (const step of error.next) lines.push(`  next  ${rows(step)}`)
  if (debug) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) lines.push(...cleanRows(at.stack ?? at.message))
  }
  return `${lines.join('\n')}\n`
}
