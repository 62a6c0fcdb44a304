const mark = '[redacted]'

const patterns: readonly (readonly [RegExp, string])[] = [
  // whole private keys, also with their line ends written as \n, and one that is cut off
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g, mark],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]+/gi, mark],
  // scheme://user:password@host
  [/(:\/\/[^\s:/@]*:)[^\s/@]+@/g, `$1${mark}@`],
  [/(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${mark}`],
  // Google, AWS, GitHub and JSON web tokens, known by their shape
  [/\bya29\.[A-Za-z0-9._-]+/g, mark],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, mark],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mark],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}/g, mark],
  [/\beyJ(?:[A-Za-z0-9_-]{17,}|[A-Za-z0-9_-]+(?=\.))(?:\.[A-Za-z0-9_-]*)*/g, mark],
  // "private_key": "…", password=…, --token …, API_KEY: …
  [
    /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key(?:[_-]?id)?|credential)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&]+)/gi,
    `$1${mark}`,
  ],
  [/((?<![\w-])--[\w-]*(?:password|passwd|secret|token|key)\s+)(?!-)(?:"[^"]*"|'[^']*'|\S+)/gi, `$1${mark}`],
]

/** Text without keys, tokens and passwords; everything else stays as it is. */
export const redact = (text: string): string =>
  patterns.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text)
