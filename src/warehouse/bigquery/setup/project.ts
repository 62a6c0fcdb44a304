import { AppError } from '../../../core/errors.ts'
import type { Repair, SetupStep } from '../../setup.ts'
import type { CallOptions } from '../../warehouse.ts'
import { isApiOff, isNoProject } from '../errors.ts'
import type { Failure } from '../failure.ts'
import type { Desk } from '../rights/desk.ts'
import { tryDryRun, tryingJobs } from '../rights/tests.ts'
import type { Service } from '../service.ts'
import { sharedBy, waitUntil } from '../wait-until.ts'
import { homeOf } from './home.ts'
import { finish, operationAnswer } from './operation.ts'
import type { SetupParts } from './parts.ts'

/** The failures that are about the project itself; all others are looked at by a later step. */
const aboutLater = (failure: Failure): boolean => failure.status === 403

/** A project in the making is there within seconds. */
const takenMs = 10_000

const parentFlag = (parent: string | undefined): string => {
  const [, kind, id] = /^(organization|folder)s\/(\d+)$/.exec(parent ?? '') ?? []
  return kind === undefined ? '' : ` --${kind}=${id}`
}

const makeProject = async (operator: Desk, parent: string | undefined, left: () => CallOptions): Promise<void> => {
  const { service } = operator
  const { project } = service.place
  const doing = `make the project ${project}`
  const made = await service.ask(
    {
      method: 'POST',
      api: 'cloudresourcemanager',
      path: '/v3/projects',
      body: { projectId: project, displayName: project, ...(parent === undefined ? {} : { parent }) },
      shape: operationAnswer,
      doing,
    },
    left(),
    ({ status }) => status === 400 || status === 403 || status === 409,
  )
  if ('value' in made)
    return finish(service, { api: 'cloudresourcemanager', version: 'v3', operation: made.value, doing }, left())
  // the request may have come twice because its first answer was lost, and the project be in the making
  const short = { ...left(), deadlineMs: takenMs }
  if (
    made.failure.status === 409 &&
    (await waitUntil(async (call) => !isNothing(await tryDryRun(service, call)), short))
  )
    return
  throw mayNotMake(service, made.failure, parent, homeOf((await operator.who()).email))
}

const isNothing = (failure: Failure | undefined): boolean => failure !== undefined && isNoProject(failure)

const mayNotMake = (
  service: Service,
  failure: Failure,
  parent: string | undefined,
  home = "THE-OPERATOR'S-OWN",
): AppError => {
  const { project } = service.place
  const byHand = `gcloud projects create ${project}${parentFlag(parent)}`
  if (isApiOff(failure))
    return new AppError({
      what: `The operator cannot make the project ${project}: in its own project the Cloud Resource Manager API is off.`,
      why: failure.message,
      next: [
        `Switch it on there: gcloud services enable cloudresourcemanager.googleapis.com --project=${home}`,
        `Or with your own login: ${byHand}`,
      ],
      kind: 'refused',
      cause: failure,
    })
  if (failure.status === 409)
    return new AppError({
      what: `The id ${project} is taken, by a project that this account does not see.`,
      why: 'Ids of projects are one space for everybody, and that of a deleted project stays taken.',
      next: ['Choose another one: set project.id, or add --project-id PROJECT'],
      kind: 'refused',
      cause: failure,
    })
  return new AppError({
    what: `The operator may not make the project ${project}.`,
    why: `${failure.message.replace(/\.$/, '')}. A service account makes projects only below an organization or a folder.`,
    next: [
      `With your own login: ${byHand}`,
      'Or log in for bbq: gcloud auth application-default login, and take credentials.json away',
      ...(parent === undefined ? ['Or below an organization: --parent organizations/NUMBER'] : []),
    ],
    kind: 'refused',
    cause: failure,
  })
}

const repairOf = ({ operator, parent }: SetupParts): Repair => {
  const { service } = operator
  const { project } = service.place
  return {
    title: `make the project ${project}`,
    flag: '--create-project',
    command: 'bbq setup --create-project',
    changes: [`+ project ${project}${parent === undefined ? '' : ` in ${parent}`}`],
    lines: [`gcloud projects create ${project}${parentFlag(parent)}`],
    run: async ({ onStep, ...options }) => {
      const left = sharedBy(options)
      await makeProject(operator, parent, left)
      onStep('waiting until BigQuery knows the project')
      const known = await waitUntil(async (call) => !isNothing(await tryDryRun(service, call)), left())
      if (known) return `made ${project} just now`
      throw new AppError({
        what: `BigQuery does not know the new project ${project} yet.`,
        next: ['Wait some minutes, then look again: bbq setup'],
        kind: 'unreachable',
      })
    },
  }
}

/** Whether BigQuery knows the project of the config. */
export const projectStep = (parts: SetupParts): SetupStep => ({
  id: 'project',
  title: 'Project',
  after: 'account',
  look: async (options) => {
    const { service } = parts.operator
    const failure = await tryDryRun(service, options)
    if (failure === undefined || aboutLater(failure)) return { detail: service.place.project }
    const problem = service.explain(failure, tryingJobs)
    if (!isNoProject(failure)) throw problem
    return { problem, repair: repairOf(parts) }
  },
})
