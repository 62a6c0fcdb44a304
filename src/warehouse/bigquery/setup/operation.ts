import { z } from 'zod'
import { AppError } from '../../../core/errors.ts'
import { redact } from '../../../core/redact.ts'
import type { CallOptions } from '../../warehouse.ts'
import type { OtherApi } from '../other-apis.ts'
import type { Service } from '../service.ts'
import { waitUntil } from '../wait-until.ts'

/** What an API answers that goes on working after its answer. */
export const operationAnswer = z.looseObject({
  name: z.string(),
  done: z.boolean().default(false),
  error: z.looseObject({ message: z.string().default('') }).optional(),
})

type Operation = z.infer<typeof operationAnswer>

interface Begun {
  readonly api: OtherApi
  readonly version: 'v1' | 'v3'
  readonly operation: Operation
  /** What is being done, to follow `Google did not`. */
  readonly doing: string
}

/** Waits for the end of an operation; an AppError where it fails or takes longer than the deadline. */
export const finish = async (service: Service, begun: Begun, options: CallOptions): Promise<void> => {
  const { api, version, doing } = begun
  let operation = begun.operation
  const over = await waitUntil(async (call) => {
    if (!operation.done)
      operation = await service.get(
        { method: 'GET', api, path: `/${version}/${operation.name}`, shape: operationAnswer, doing },
        call,
      )
    return operation.done
  }, options)
  if (operation.error !== undefined)
    throw new AppError({ what: `Google did not ${doing}.`, why: redact(operation.error.message), kind: 'refused' })
  if (!over)
    throw new AppError({
      what: `Google has not finished to ${doing}.`,
      why: 'It goes on there.',
      next: ['Look again in some minutes: bbq setup'],
      kind: 'unreachable',
    })
}
