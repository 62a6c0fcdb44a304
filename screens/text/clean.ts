import { redact } from '../../src/core/redact.ts'
import { sanitize } from '../../src/core/sanitize.ts'

/** No row of a screen holds more, nor do the few rows that a long text is given. */
const shown = 4_096
/** Within so many characters before its end a text is cut at a blank: half a secret would not be known as one. */
const longestWord = 1_024

const cut = (text: string): string => {
  if (text.length <= shown) return text
  const head = text.slice(0, shown)
  const blank = head.lastIndexOf(' ')
  return `${blank < shown - longestWord ? head : head.slice(0, blank)}…`
}

/** Free text from outside as it may be shown: without secrets, unable to drive the terminal, and no longer than anybody reads. */
export const clean = (text: string): string => cleanWhole(cut(text))

/** The same for a text that is copied: its end stays. */
export const cleanWhole = (text: string): string => sanitize(redact(text))
