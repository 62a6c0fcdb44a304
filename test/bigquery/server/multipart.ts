import { z } from 'zod'

export interface Upload {
  readonly metadata: unknown
  readonly file: Buffer
}

/** The boundary of `multipart/related`; undefined for any other type. */
export const boundaryOf = (contentType: string | undefined): string | undefined => {
  if (contentType === undefined || !/^multipart\/related/i.test(contentType)) return undefined
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  return found?.[1] ?? found?.[2]
}

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('no JSON')
    return z.NEVER
  }
})

/** Ends of lines are CRLF by the standard; some senders have LF. */
const headEnd = (body: Buffer, from: number): number => {
  const crlf = body.indexOf('\r\n\r\n', from)
  const lf = body.indexOf('\n\n', from)
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4
  return lf < 0 ? -1 : lf + 2
}

const partAt = (
  body: Buffer,
  boundary: string,
  from: number,
): { readonly part: Buffer; readonly next: number } | undefined => {
  const start = body.indexOf(`--${boundary}`, from)
  if (start < 0) return undefined
  const content = headEnd(body, start)
  if (content < 0) return undefined
  const end = body.indexOf(`\n--${boundary}`, content)
  if (end < 0) return undefined
  return { part: body.subarray(content, body[end - 1] === 13 ? end - 1 : end), next: end + 1 }
}

/** The JSON part, as soon as it is there whole. */
export const readMetadata = (body: Buffer, boundary: string): unknown => {
  const first = partAt(body, boundary, 0)
  return first === undefined ? undefined : jsonText.safeParse(first.part.toString('utf8')).data
}

/** Both parts; undefined when the body does not end as it must. */
export const readUpload = (body: Buffer, boundary: string): Upload | undefined => {
  const first = partAt(body, boundary, 0)
  const second = first === undefined ? undefined : partAt(body, boundary, first.next)
  if (first === undefined || second === undefined) return undefined
  const closed = body.subarray(second.next).toString('latin1').startsWith(`--${boundary}--`)
  return closed ? { metadata: jsonText.safeParse(first.part.toString('utf8')).data, file: second.part } : undefined
}
