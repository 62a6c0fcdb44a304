import type { Edit, Find } from '../rewrite.ts'
import type { Transformation } from './transformation.ts'

const word = '(email)'
const localPart = /[\p{L}\p{N}._+~-]/u
const domainPart = /[\p{L}\p{N}.-]/u
const domain = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*\p{L}/u

/** Names of files, such as picture@2x.png, end so; no domain does. */
const fileEnding =
  /\.(?:avif|bmp|css|gif|gz|htm|html|ico|jpeg|jpg|js|json|jsx|map|mjs|mp3|mp4|pdf|php|png|svg|ts|tsx|ttf|txt|webm|webp|woff|woff2|xml)$/i

/** Bytes of the longest address of this kind, 64 and 255, with some for escapes that were undone. */
const longest = 320

const find: Find = ({ text }) => {
  const edits: Edit[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at
    const least = edits.at(-1)?.end ?? 0
    while (start > least && localPart.test(text.charAt(start - 1))) start--
    if (start === at) continue
    let end = at + 1
    while (end < text.length && end - at < longest && domainPart.test(text.charAt(end))) end++
    const name = domain.exec(text.slice(at + 1, end))?.[0]
    if (name === undefined || fileEnding.test(name)) continue
    edits.push({ start, end: at + 1 + name.length, text: word })
  }
  return edits
}

/** An e-mail address becomes a word. */
export const emails: Transformation = { find: () => find, signs: () => ({ character: '@' }) }
