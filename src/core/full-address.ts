/**
 * Where a full address stands, in words that JavaScript and the SQL of every warehouse read alike. It is cruder than the
 * masking and knows nothing of it: an address whose last octet is not 0, or that does not end in `::`; dots, colons and the
 * character before it may be percent-escapes.
 */
const hex = '[0-9a-fA-F]'
const escaped = (mark: string, code: string): string => `(?:${mark}|%(?:25)*${code})`
const dot = escaped('[.]', '2[eE]')
const colon = escaped(':', '3[aA]')
const anyEscape = `%(?:25)*(?:[013-9a-fA-F]${hex}|2[0-46-9a-fA-F])`

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const person = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]?)'
const before = `(?:^|[^0-9.]|(?:^|[^0-9])[.]|${anyEscape})`
const behind = '(?:$|[^0-9.]|[.](?:$|[^0-9]))'
const ipv4 = `${before}(?:${octet}${dot}){3,3}${person}${behind}`

const group = `${hex}{1,4}`
const head = `(?:[23]${hex}{3,3}|[fF][cCdD]${hex}{2,2}|[fF][eE][89abAB]${hex})`
const ipv6 = [
  `(?:${group}${colon}){7,7}${hex}`,
  `${group}(?:${colon}${group})+${colon}{2,2}${hex}`,
  `${group}${colon}{2,2}(?:${group}${colon})+${hex}`,
  `${head}${colon}{2,2}${hex}`,
].join('|')
const loopback = `(?:^|[^0-9a-zA-Z_:%])::[0-9]`

/** A regular expression without backslashes, captures or look-around. */
export const fullAddress = `${ipv4}|(?:^|[^0-9a-fA-F%]|${anyEscape})(?:${ipv6})|${loopback}`

/** SQL that is true for a text with a full address; `\x` and `\u00` are read as `%`. */
export const holdsFullAddress = (text: string): string =>
  `COALESCE(REGEXP_EXTRACT(REPLACE(REPLACE(${text}, CONCAT(CHR(92), 'x'), '%'), CONCAT(CHR(92), 'u00'), '%'), '${fullAddress}'), '') <> ''`
