import { z } from 'zod'
import type { CallOptions } from '../warehouse.ts'
import { type Failure, isMissing } from './failure.ts'
import type { Service } from './service.ts'
import { tableAnswer, type WireTable } from './wire.ts'

const isThere = ({ status }: Failure): boolean => status === 409
const isStale = ({ status }: Failure): boolean => status === 412

const pathOf = (service: Service, name: string): string => service.datasetPath(`/tables/${encodeURIComponent(name)}`)

/** Metadata of a table, or undefined where it or the dataset is missing; free. */
export const findTableInfo = async (
  service: Service,
  name: string,
  options: CallOptions,
): Promise<WireTable | undefined> => {
  const answer = await service.ask(
    { method: 'GET', path: pathOf(service, name), shape: tableAnswer, doing: `look at the table ${name}` },
    options,
    isMissing,
  )
  return 'value' in answer ? answer.value : undefined
}

/** Makes a table; false when one of that name is there already. */
export const insertTable = async (
  service: Service,
  name: string,
  body: object,
  options: CallOptions,
): Promise<boolean> => {
  const { project, dataset } = service.place
  const answer = await service.ask(
    {
      method: 'POST',
      path: service.datasetPath('/tables'),
      body: { ...body, tableReference: { projectId: project, datasetId: dataset, tableId: name } },
      shape: tableAnswer,
      doing: `make the table ${name}`,
    },
    options,
    () => true,
  )
  if ('value' in answer) return true
  // whatever went wrong, another program may have made it at the same time
  if (isThere(answer.failure) || (await findTableInfo(service, name, options)) !== undefined) return false
  throw service.explain(answer.failure, `make the table ${name}`)
}

/** Changes a table that still is as it was read; undefined when somebody else was faster or it is gone. */
export const patchTable = async (
  service: Service,
  name: string,
  body: object,
  etag: string | undefined,
  options: CallOptions,
): Promise<WireTable | undefined> => {
  const answer = await service.ask(
    {
      method: 'PATCH',
      path: pathOf(service, name),
      body,
      ...(etag === undefined ? {} : { ifMatch: etag }),
      shape: tableAnswer,
      doing: `change the table ${name}`,
    },
    options,
    (failure) => isStale(failure) || isMissing(failure),
  )
  return 'value' in answer ? answer.value : undefined
}

/** Removes a table, or finds it gone. */
export const deleteTable = async (service: Service, name: string, options: CallOptions): Promise<void> => {
  await service.ask(
    { method: 'DELETE', path: pathOf(service, name), shape: z.unknown(), doing: `remove the table ${name}` },
    options,
    isMissing,
  )
}
