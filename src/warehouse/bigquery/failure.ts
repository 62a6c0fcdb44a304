import { z } from 'zod'
import { jsonOf } from '../../core/json.ts'
import { redact } from '../../core/redact.ts'

/** A call that BigQuery did not answer, or refused. */
export interface Failure {
  /** HTTP status; 0 when no whole answer came. */
  readonly status: number
  /** BigQuery's word such as `accessDenied`; for no answer `silence` or the system's code; `tokenRefused` when no access token was given. */
  readonly reason: string
  readonly message: string
  readonly retryAfterMs?: number
}

const errorBody = z.object({
  error: z.object({
    message: z.string().catch(''),
    errors: z.array(z.object({ reason: z.string().catch('') })).catch([]),
    /** Of the APIs beside BigQuery, which have no `errors`. */
    details: z.array(z.object({ reason: z.string().catch('') })).catch([]),
  }),
})

/** What an answer with an error status says. */
export const failureOf = (status: number, text: string, retryAfter: string | null): Failure => {
  const parsed = errorBody.safeParse(jsonOf(text))
  const seconds = Number(retryAfter ?? Number.NaN)
  return {
    status,
    reason: parsed.data === undefined ? '' : reasonOf(parsed.data.error),
    message: oneLine(parsed.data?.error.message || `HTTP status ${status}`),
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  }
}

const reasonOf = ({ errors, details }: z.infer<typeof errorBody>['error']): string => {
  const found = [...errors, ...details].find(({ reason }) => reason !== '')?.reason ?? ''
  return found === 'SERVICE_DISABLED' ? 'accessNotConfigured' : found
}

const thrownShape = z.object({
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  cause: z.object({ code: z.string() }).optional().catch(undefined),
  response: z.object({ status: z.number(), data: z.unknown() }).optional().catch(undefined),
})
const tokenAnswer = z.object({ error: z.string().catch(''), error_description: z.string().catch('') })

/** What a call ended with that got no answer: from the network, or from where tokens are given out. */
export const failureOfThrown = (thrown: unknown): Failure => {
  const message = oneLine(thrown instanceof Error ? thrown.message : String(thrown))
  const shape = thrownShape.safeParse(thrown).data
  const response = shape?.response
  if (response !== undefined) {
    const said = tokenAnswer.safeParse(typeof response.data === 'string' ? jsonOf(response.data) : response.data).data
    const words = [said?.error, said?.error_description].filter((word) => word !== undefined && word !== '').join(': ')
    return { status: response.status, reason: 'tokenRefused', message: oneLine(words === '' ? message : words) }
  }
  const code = [shape?.code, shape?.cause?.code].find((one) => typeof one === 'string' && /^[A-Z_]+$/.test(one))
  return { status: 0, reason: code === undefined ? 'network' : String(code), message }
}

/** True where a dataset, table or job is not there; a project that is not there is another thing. */
export const isMissing = ({ status, message }: Failure): boolean =>
  status === 404 && !/^not found: project/i.test(message)

const longest = 400

const oneLine = (text: string): string => {
  const line = redact(text).replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line
}
