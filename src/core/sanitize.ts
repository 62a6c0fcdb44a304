const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u
const everyUnsafe = new RegExp(unsafe.source, 'gu')

/** Text from outside (logs, job output, SQL, errors) as one row that cannot drive a terminal: tabs and line ends become a space, every other control, format or lone surrogate character becomes `·`. */
export const sanitize = (text: string): string =>
  unsafe.test(text) ? text.replaceAll(everyUnsafe, (c) => (c === '\t' || c === '\n' || c === '\r' ? ' ' : '·')) : text
