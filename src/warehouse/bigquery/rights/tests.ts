import { z } from 'zod'
import { tables } from '../../../core/tables.ts'
import type { CallOptions } from '../../warehouse.ts'
import { type Failure, isMissing } from '../failure.ts'
import { nameIn } from '../place.ts'
import type { Service } from '../service.ts'
import { tableRights } from './wanted.ts'

const granted = z.looseObject({ permissions: z.array(z.string()).default([]) })

/** Which of the permissions the account has on the whole project; undefined where the project cannot be asked. */
export const testProject = async (
  service: Service,
  permissions: readonly string[],
  options: CallOptions,
): Promise<ReadonlySet<string> | undefined> => {
  const { project } = service.place
  const answer = await service.ask(
    {
      method: 'POST',
      api: 'cloudresourcemanager',
      path: `/v3/projects/${encodeURIComponent(project)}:testIamPermissions`,
      body: { permissions },
      shape: granted,
      doing: `test the rights on the project ${project}`,
    },
    options,
    // an API that is off, a project that may not be seen, a server that has no such call
    ({ status }) => [400, 403, 404, 405, 501].includes(status),
  )
  return 'value' in answer ? new Set(answer.value.permissions) : undefined
}

/** Which rights the account has on every table that is there; undefined where none is. A hint: a test may answer too much. */
export const testTables = async (service: Service, options: CallOptions): Promise<ReadonlySet<string> | undefined> => {
  const sets = await Promise.all(tables.map(({ name }) => testTable(service, nameIn(service.place, name), options)))
  const there = sets.filter((set) => set !== undefined)
  return there.length === 0
    ? undefined
    : new Set(tableRights.filter((permission) => there.every((set) => set.has(permission))))
}

/** A missing table has an empty set rather than a 404, as has one on which nothing is allowed. */
const testTable = async (
  service: Service,
  name: string,
  options: CallOptions,
): Promise<ReadonlySet<string> | undefined> => {
  const answer = await service.ask(
    {
      method: 'POST',
      path: service.datasetPath(`/tables/${encodeURIComponent(name)}:testIamPermissions`),
      body: { permissions: tableRights },
      shape: granted,
      doing: `test the rights on the table ${name}`,
    },
    options,
    (failure) => isMissing(failure) || [400, 403, 405, 501].includes(failure.status),
  )
  if (!('value' in answer)) return undefined
  return answer.value.permissions.length === 0 ? undefined : new Set(answer.value.permissions)
}

/** The failure of a dry run, which costs nothing and needs only the right to run jobs; undefined when the account has it. */
export const tryDryRun = async (service: Service, options: CallOptions): Promise<Failure | undefined> => {
  const { project, location } = service.place
  const answer = await service.ask(
    {
      method: 'POST',
      path: '/jobs',
      body: {
        jobReference: { projectId: project, location },
        configuration: { dryRun: true, query: { query: 'SELECT 1', useLegacySql: false } },
      },
      shape: z.looseObject({ status: z.looseObject({ state: z.string() }) }),
      doing: tryingJobs,
    },
    options,
    () => true,
  )
  return 'failure' in answer ? answer.failure : undefined
}

/** What a dry run does, for errors. */
export const tryingJobs = 'answer a dry run'
