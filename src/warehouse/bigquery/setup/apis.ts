import { z } from 'zod'
import { AppError } from '../../../core/errors.ts'
import type { Repair, SetupStep } from '../../setup.ts'
import type { CallOptions } from '../../warehouse.ts'
import { isApiOff } from '../errors.ts'
import type { Failure } from '../failure.ts'
import { tryDryRun, tryingJobs } from '../rights/tests.ts'
import type { Service } from '../service.ts'
import { sharedBy, waitUntil } from '../wait-until.ts'
import { homeOf } from './home.ts'
import { finish, operationAnswer } from './operation.ts'
import type { SetupParts } from './parts.ts'

const bigquery = 'bigquery.googleapis.com'
const resourceManager = 'cloudresourcemanager.googleapis.com'

/** What the resource manager answers to the smallest question. */
const askResourceManager = async (service: Service, options: CallOptions): Promise<Failure | undefined> => {
  const answer = await service.ask(
    {
      method: 'POST',
      api: 'cloudresourcemanager',
      path: `/v3/projects/${encodeURIComponent(service.place.project)}:testIamPermissions`,
      body: { permissions: ['resourcemanager.projects.get'] },
      shape: z.looseObject({}),
      doing: 'look whether the resource manager answers',
    },
    options,
    () => true,
  )
  return 'failure' in answer ? answer.failure : undefined
}

const isOff = (failure: Failure | undefined): boolean => failure !== undefined && isApiOff(failure)

interface Api {
  readonly name: string
  /** Where it must be on. */
  readonly project: string
}

const lineOf = ({ name, project }: Api): string => `gcloud services enable ${name} --project=${project}`

const enable = async (service: Service, api: Api, left: () => CallOptions): Promise<void> => {
  const { name, project } = api
  const doing = `switch ${name} on in ${project}`
  const begun = await service.ask(
    {
      method: 'POST',
      api: 'serviceusage',
      path: `/v1/projects/${encodeURIComponent(project)}/services/${name}:enable`,
      body: {},
      shape: operationAnswer,
      doing,
    },
    left(),
    ({ status, reason }) => status === 403 && reason !== 'accessNotConfigured',
  )
  if ('failure' in begun)
    throw new AppError({
      what: `The operator may not ${doing}.`,
      why: 'That takes roles/serviceusage.serviceUsageAdmin, which Data Editor and Job User do not hold.',
      next: [`Let somebody who may run: ${lineOf(api)}`, 'Wait two minutes, then look again: bbq setup'],
      kind: 'refused',
      cause: begun.failure,
    })
  await finish(service, { api: 'serviceusage', version: 'v1', operation: begun.value, doing }, left())
}

const repairOf = (
  service: Service,
  apis: readonly Api[],
  stillOff: (options: CallOptions) => Promise<boolean>,
): Repair => ({
  title: `switch ${apis.map(({ name }) => name).join(' and ')} on`,
  flag: '--enable-apis',
  command: 'bbq setup --enable-apis',
  changes: apis.map(({ name, project }) => `project ${project}: + ${name}`),
  lines: apis.map(lineOf),
  run: async ({ onStep, ...options }) => {
    const names = apis.map(({ name }) => name)
    const left = sharedBy(options)
    for (const api of apis) await enable(service, api, left)
    onStep('waiting until it has spread, which may take two minutes')
    if (await waitUntil(async (call) => !(await stillOff(call)), left())) return `switched ${names.join(', ')} on`
    throw new AppError({
      what: `${names.join(' and ')} ${names.length === 1 ? 'was' : 'were'} switched on, which is not seen yet.`,
      next: ['Wait two minutes, then look again: bbq setup'],
      kind: 'unreachable',
    })
  },
})

/** Whether BigQuery is switched on in the project, and the resource manager, which tells and grants rights on it. */
export const apisStep = ({ operator: { service, who } }: SetupParts): SetupStep => ({
  id: 'apis',
  title: 'APIs',
  after: 'project',
  look: async (options) => {
    const [query, manager] = await Promise.all([tryDryRun(service, options), askResourceManager(service, options)])
    const managerOff = isOff(manager)
    const { project } = service.place
    const ofManager: Api = { name: resourceManager, project: homeOf((await who()).email) ?? project }
    if (query !== undefined && isOff(query))
      return {
        problem: service.explain(query, tryingJobs),
        repair: repairOf(service, [{ name: bigquery, project }, ...(managerOff ? [ofManager] : [])], async (call) =>
          isOff(await tryDryRun(service, call)),
        ),
      }
    if (managerOff)
      return {
        detail: 'BigQuery is on; the Cloud Resource Manager API is off, so rights on the project are not seen',
        next: [lineOf(ofManager)],
        repair: repairOf(service, [ofManager], async (call) => isOff(await askResourceManager(service, call))),
      }
    return { detail: 'BigQuery is on' }
  },
})
