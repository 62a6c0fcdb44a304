/**
 * Where a full address stands, in words that JavaScript and the SQL of every warehouse read alike. It is cruder than the
 * masking and knows nothing of it: an address whose last octet is not 0, or that does not end in `::`; dots, colons and the
 * character before it may be percent-escapes.
 */
const hex = '[0-9a-f]'
const escaped = (mark: string, code: string): string => `(?:${mark}|%(?:25)*${code})`
const dot = escaped('[.]', '2e')
const colon = escaped(':', '3a')
const anyEscape = `%(?:25)*(?:[013-9a-f]${hex}|2[0-46-9a-f])`

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const person = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]?)'
const before = `(?:^|[^0-9.]|(?:^|[^0-9])[.]|${anyEscape})`
const behind = '(?:$|[^0-9.]|[.](?:$|[^0-9]))'
const ipv4 = `${before}(?:${octet}${dot}){3,3}${person}${behind}`

const group = `${hex}{1,4}`
const head = `(?:[23]${hex}{3,3}|f[cd]${hex}{2,2}|fe[89ab]${hex})`
const ipv6 = [
  `(?:${group}${colon}){7,7}${hex}`,
  `(?:${group}${colon}){2,7}${colon}${hex}`,
  `${head}${colon}{2,2}${hex}`,
].join('|')

/** A regular expression without backslashes, captures or look-around; capitals are as good as small letters. */
export const fullAddress = `${ipv4}|(?:^|[^0-9a-f%]|${anyEscape})(?:${ipv6})`

/** The expression in pieces that a narrow pane shows whole. */
const pieces = `(?i)${fullAddress}`.match(/.{1,60}/g) ?? []

/** SQL that is true for a text with a full address; `\x` and `\u00` are read as `%`. */
export const holdsFullAddress = (text: string): string =>
  `COALESCE(REGEXP_EXTRACT(REPLACE(REPLACE(
  ${text}, CONCAT(CHR(92), 'x'), '%'), CONCAT(CHR(92), 'u00'), '%'), CONCAT(
  ${pieces.map((piece) => `'${piece}'`).join(',\n  ')})), '') <> ''`
