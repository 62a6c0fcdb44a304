import fc from 'fast-check'
import type { Expression } from './expressions.ts'

/** A text of about that many characters. */
export type Hostile = (length: number) => string

const letters = [...' \t\n"-.:/aZ0_=\\%([{<\';,@|+$*&#`?!)]}>~^\0é', '\u200d', '\u{1f600}', '\u0301']

const repeated =
  (piece: string, before = '', after = ''): Hostile =>
  (length) =>
    before + piece.repeat(Math.ceil(length / piece.length)) + after

/** One or two characters again and again, also with a last one that fits nothing. */
export const usual: readonly Hostile[] = letters.flatMap((letter) => [
  repeated(letter),
  repeated(letter, '', '\u0001'),
  ...letters.flatMap((other) => (other === letter ? [] : [repeated(letter + other)])),
])

const matchesOf = (source: string, flags: string): readonly string[] => {
  try {
    const expression = new RegExp(source, flags.replaceAll(/[gyd]/g, ''))
    return fc.sample(fc.stringMatching(expression, { size: 'small' }), { numRuns: 4, seed: 7 })
  } catch {
    return []
  }
}

/** The words in an expression, as somebody who reads it would write them into a log. */
const wordsOf = (source: string): readonly string[] =>
  [
    ...new Set(
      source
        .replaceAll(/\\[bBdDwWsSnrt]/g, ' ')
        .replaceAll(/\\(\W)/g, '$1')
        .split(/[^\w<>:/@#;'"!-]+/)
        .filter((word) => word.length > 1),
    ),
  ].slice(0, 8)

/** What an expression takes up to some place, and then the same piece without end. */
export const hostileTo = ({ source, flags }: Expression): readonly Hostile[] => {
  const words = wordsOf(source).flatMap((word) => [
    repeated(word),
    ...letters.flatMap((one) => [repeated(word + one), repeated(one, word, '\u0001')]),
  ])
  const begun = matchesOf(source, flags).flatMap((match) =>
    Array.from({ length: Math.min(40, match.length) }, (_, i) => match.slice(0, i + 1)).flatMap((start) => [
      repeated(start),
      repeated(start.slice(-1), start, '\u0001'),
      repeated(start.slice(-2), start, '\u0001'),
    ]),
  )
  return [...words, ...begun]
}

const pieces = [
  ...[
    ' ',
    '\t',
    'a',
    'Z',
    '0',
    '-',
    '_',
    '.',
    ':',
    '/',
    '"',
    "'",
    '\\',
    '%',
    '=',
    '&',
    '@',
    ',',
    '(',
    '[',
    '{',
    '<',
    '\0',
  ],
  ...[
    'a.',
    '1.',
    '1:',
    'a-',
    '%25',
    '%2',
    '\\x',
    '\\"',
    '/../',
    '::',
    'a@',
    'a=',
    '1 ',
    '" ',
    '[]',
    'user:a@',
    '://a:',
    '"a":',
  ],
  ...[
    '--',
    '--token ',
    'password',
    'password ',
    'eyJ-',
    '-----BEGIN ',
    'PRIVATE KEY-----',
    "' or ",
    '\u0301',
    '한',
    '\u{1f600}\u200d',
    'é',
  ],
]

const stamp = '10/Oct/2026:13:55:36 +0000'
/** A line of a log with one of its fields as long as it likes. */
const lines = (piece: string): readonly Hostile[] => [
  repeated(piece, '', ` - - [${stamp}] "GET / HTTP/1.1" 200 5 "-" "-"`),
  repeated(piece, '198.51.100.7 - ', ` [${stamp}] "GET / HTTP/1.1" 200 5 "-" "-"`),
  repeated(piece, `198.51.100.7 - - [${stamp}] "GET /`, ' HTTP/1.1" 404 5 "-" "-"'),
  repeated(piece, `198.51.100.7 - - [${stamp}] "GET /?q=`, ' HTTP/1.1" 500 5 "-" "-"'),
  repeated(piece, `198.51.100.7 - - [${stamp}] "`, '" 400 5 "-" "-"'),
  repeated(piece, `198.51.100.7 - - [${stamp}] "GET / HTTP/1.1" 200 5 "`, '" "-"'),
  repeated(piece, `198.51.100.7 - - [${stamp}] "GET / HTTP/1.1" 200 5 "-" "`, '"'),
  repeated(piece, '{"time":"2026-10-10T13:55:36Z","status":200,"request":"GET /', ' HTTP/1.1"}'),
  repeated(piece, 'Oct 10 13:55:36 host nginx: ', '!'),
]
const plain = (piece: string): readonly Hostile[] => [
  repeated(piece),
  repeated(piece, '', '\u0001'),
  repeated(`${piece} `),
  repeated(piece, 'GET /'),
]
/** Pieces without end, alone and in the fields of a log's lines. */
export const outside: readonly Hostile[] = pieces.flatMap((piece) => [...plain(piece), ...lines(piece)])
