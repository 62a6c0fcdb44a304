import type { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import type { CallOptions } from '../warehouse.ts'
import { type ErrorContext, explain } from './errors.ts'
import type { Failure } from './failure.ts'
import type { Place } from './place.ts'
import type { Gateway, Request } from './request.ts'

/** Calls to one dataset, decoded, with failures explained. */
export interface Service {
  readonly place: Place
  /** `/datasets/D` and what follows it. */
  readonly datasetPath: (rest?: string) => string
  /** The decoded answer. Failures for which `expected` is true come back as they are, all others as an AppError. */
  readonly ask: <S extends z.ZodType>(
    what: Ask<S>,
    options: CallOptions,
    expected?: (failure: Failure) => boolean,
  ) => Promise<Answer<z.infer<S>>>
  /** As `ask`, for calls all of whose failures end them. */
  readonly get: <S extends z.ZodType>(what: Ask<S>, options: CallOptions) => Promise<z.infer<S>>
  readonly explain: (failure: Failure, doing: string) => AppError
}

interface Ask<S extends z.ZodType> extends Request {
  readonly shape: S
  /** What is being done, to follow `BigQuery did not`. */
  readonly doing: string
}

type Answer<T> = { readonly value: T } | { readonly failure: Failure }

/** Opens the calls to a dataset. */
export const openService = (
  gateway: Gateway,
  context: Pick<ErrorContext, 'place' | 'apiEndpoint'>,
  account: () => string | undefined,
): Service => {
  const { place } = context
  const explained = (failure: Failure, doing: string): AppError => {
    const known = account()
    return explain(failure, { ...context, doing, ...(known === undefined ? {} : { account: known }) })
  }
  const ask: Service['ask'] = async ({ shape, doing, ...request }, options, expected = () => false) => {
    const decoded = async () => {
      const reply = await gateway.send(request, options)
      if (!reply.ok) {
        if (expected(reply.failure)) return { failure: reply.failure }
        throw explained(reply.failure, doing)
      }
      const parsed = shape.safeParse(reply.body)
      return parsed.success ? { value: parsed.data } : { error: parsed.error }
    }
    const first = await decoded()
    const parsed = 'error' in first ? await decoded() : first
    if (!('error' in parsed)) return parsed
    throw new AppError({
      what: `BigQuery at ${context.apiEndpoint} gave an answer that is none when it was to ${doing}.`,
      why: `${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? 'unknown shape'}.`,
      next: ['Check warehouse.api_endpoint: something else may answer there.'],
    })
  }
  return {
    place,
    datasetPath: (rest = '') => `/datasets/${encodeURIComponent(place.dataset)}${rest}`,
    ask,
    get: async (what, options) => {
      const answer = await ask(what, options)
      if ('value' in answer) return answer.value
      throw explained(answer.failure, what.doing)
    },
    explain: explained,
  }
}
