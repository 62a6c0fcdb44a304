import type { IncomingMessage } from 'node:http'
import { boundaryOf, readMetadata, readUpload } from './multipart.ts'
import { invalid } from './problem.ts'

export interface Body {
  readonly value: unknown
  readonly file?: Buffer
}

/** JSON, a form as its text, or nothing. */
export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request.iterator({ destroyOnReturn: false })) chunks.push(Buffer.from(chunk))
  const text = Buffer.concat(chunks).toString('utf8')
  if (text === '') return undefined
  if (!(request.headers['content-type'] ?? '').includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('Parse Error')
  }
}

/**
 * An upload of two parts. `onMetadata` is told of the JSON part as soon as it is there, in the middle of the file if that is large,
 * and ends the reading by answering true; then the answer is undefined.
 */
export const readMultipart = async (
  request: IncomingMessage,
  onMetadata: (metadata: unknown) => boolean,
): Promise<Body | undefined> => {
  const boundary = boundaryOf(request.headers['content-type'])
  if (boundary === undefined) throw invalid('The stand-in takes multipart uploads only.')
  const chunks: Buffer[] = []
  let told = false
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(Buffer.from(chunk))
    if (told) continue
    const metadata = readMetadata(Buffer.concat(chunks), boundary)
    if (metadata === undefined) continue
    told = true
    if (onMetadata(metadata)) return undefined
  }
  const upload = readUpload(Buffer.concat(chunks), boundary)
  if (upload === undefined) throw invalid('The multipart body is not complete.')
  return { value: upload.metadata, file: upload.file }
}
