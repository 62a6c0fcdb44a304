import { redact } from '../../src/core/redact.ts'
import { sanitize } from '../../src/core/sanitize.ts'

/** Free text from outside as it may be shown: without secrets, and unable to drive the terminal. */
export const clean = (text: string): string => sanitize(redact(text))
