/** What a line that no format takes looks like. */
export interface Guess {
  readonly id: string
  /** Goes behind "it looks like". */
  readonly title: string
  readonly looks: RegExp
  /** What to do about it. */
  readonly next: string
}

/** What to do about lines that look like nothing. */
export const nameFormat = "Name its format: --format, from docs/formats.md or the server's config."
const own = 'Give --format the LogFormat or log_format line of the server that writes it.'
const otherFile = 'Give the access log instead; it often stands beside this file.'
const unpack = (line: string): string => `Unpack it, then give the result: ${line}`

/** The first that fits decides, so what is told by its first bytes stands before what is told by its words. */
const guesses: readonly Guess[] = [
  { id: 'bzip2', title: 'bzip2', looks: /^BZh[1-9]/, next: unpack('bunzip2 -k FILE') },
  { id: 'xz', title: 'xz', looks: /^.7zXZ/s, next: unpack('unxz -k FILE') },
  { id: 'zip', title: 'a ZIP archive', looks: /^PK[\u0003\u0005]/, next: unpack('unzip FILE') },
  {
    id: 'utf16',
    title: 'UTF-16',
    looks: /^(?:\ufffd\ufffd|\ufeff)?(?:[^\0]\0|\0[^\0]){4}/,
    next: unpack('iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8'),
  },
  {
    id: 'tls',
    title: 'the first bytes of TLS',
    looks: /^\u0016\u0003/,
    next: 'A client spoke HTTPS to a port that expects HTTP; such lines can be left.',
  },
  { id: 'markup', title: 'HTML or XML', looks: /^\s*<(?:\?xml|!doctype|html|[a-z]\w*>)/i, next: otherFile },
  {
    id: 'json',
    title: 'JSON',
    looks: /^\s*\{\s*"[^"]*"\s*:/,
    next: 'Give --format a map of its keys, or the name of the server that writes it.',
  },
  {
    id: 'nginx_error',
    title: 'an error log of nginx, not an access log',
    looks: /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#\d+/,
    next: otherFile,
  },
  {
    id: 'apache_error',
    title: 'an error log of Apache, not an access log',
    looks: /^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}\] \[/,
    next: otherFile,
  },
  {
    id: 'stack_trace',
    title: 'a stack trace',
    looks:
      /^(?:\s+at .+[:(]|Traceback \(most recent call last\)|\s+File ".+", line \d+|Caused by: |(?:[\w$]+\.)+\w*(?:Exception|Error)\b)/,
    next: 'An application wrote into the log; such lines can be left.',
  },
  {
    id: 'vhost',
    title: 'a host before the client',
    looks: /^(?=[\d.-]*[a-z_])[\w.-]+(?::\d+)? (?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]+) \S+ .*\[/i,
    next: 'Name that format: --format vhost_combined',
  },
  {
    id: 'w3c',
    title: 'a W3C log',
    looks:
      /^#(?:Version|Fields|Software|Date|Remark): |^\d{4}-\d\d-\d\d\s\d\d:\d\d:\d\d\s\S+\s(?:GET|POST|HEAD|PUT)\s\//,
    next: 'Give --format the #Fields: line of the file.',
  },
  {
    id: 'unknown_order',
    title: 'an access log with its fields in another order',
    looks: /"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT) [^"]*(?:"|$)|\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d/,
    next: own,
  },
  {
    id: 'syslog',
    title: 'syslog without a request',
    looks: /^(?:<\d{1,3}>)?(?:1 )?(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ [\w./-]+(?:\[\d+\])?:? /,
    next: 'Give the log of the web server alone: journalctl -u nginx -o cat, or a tag of its own in syslog.',
  },
  {
    id: 'logfmt',
    title: 'key=value pairs',
    looks: /^(?:\S+ )?(?:[\w.]+=(?:"[^"]*"|\S*)(?: |$)){3}/,
    next: own,
  },
  {
    id: 'csv',
    title: 'CSV',
    looks: /^(?:"[^"]*"|[^",;\t]*)(?:([,;\t])(?:"[^"]*"|[^",;\t]*))(?:\1(?:"[^"]*"|[^",;\t]*)){2}/,
    next: own,
  },
  {
    id: 'time_alone',
    title: 'a time and a message, without a client',
    looks: /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d/,
    next: otherFile,
  },
]

/** More of a line says nothing new, and could make the look at it long. */
const looked = 500

const guessOf = (line: string): Guess | undefined => {
  const beginning = line.slice(0, looked)
  return guesses.find(({ looks }) => looks.test(beginning))
}

/** What most of the lines look like that look like anything. */
export const guessOfMost = (lines: readonly string[]): Guess | undefined => {
  const votes = new Map<Guess, number>()
  for (const line of lines) {
    const guess = guessOf(line)
    if (guess !== undefined) votes.set(guess, (votes.get(guess) ?? 0) + 1)
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** The guess of a report, by its id. */
export const guessById = (id: string | undefined): Guess | undefined => guesses.find((guess) => guess.id === id)
