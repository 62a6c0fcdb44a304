import { AppError } from '../../core/errors.ts'
import type { CallOptions } from '../warehouse.ts'
import { isMissing } from './failure.ts'
import { notThere } from './missing.ts'
import type { Service } from './service.ts'
import { datasetAnswer } from './wire.ts'

/** Location of the dataset, or undefined where there is none; free. */
export const findDataset = async (service: Service, options: CallOptions): Promise<string | undefined> => {
  const answer = await service.ask(
    {
      method: 'GET',
      path: service.datasetPath(),
      shape: datasetAnswer,
      doing: `look at the dataset ${service.place.dataset}`,
    },
    options,
    isMissing,
  )
  return 'value' in answer ? answer.value.location : undefined
}

/** Makes the dataset where it is missing; one that lies elsewhere is refused with both places. */
export const confirmDataset = async (service: Service, create: boolean, options: CallOptions): Promise<void> => {
  const { project, dataset, location } = service.place
  let found = await findDataset(service, options)
  if (found === undefined) {
    if (!create) throw notThere(`The dataset ${project}.${dataset}`)
    const made = await service.ask(
      {
        method: 'POST',
        path: '/datasets',
        body: { datasetReference: { projectId: project, datasetId: dataset }, location },
        shape: datasetAnswer,
        doing: `make the dataset ${dataset} in ${location}`,
      },
      options,
      () => true,
    )
    // whatever went wrong, another program may have made it at the same time
    found = 'value' in made ? made.value.location : await findDataset(service, options)
    if (found === undefined && 'failure' in made) throw service.explain(made.failure, `make the dataset ${dataset}`)
  }
  const error = liesElsewhere(service, found)
  if (error !== undefined) throw error
}

/** The error of a dataset whose location is not the config's; undefined when it is, or is not known. */
export const liesElsewhere = ({ place }: Service, found: string | undefined): AppError | undefined => {
  const { project, dataset, location } = place
  if (found === undefined || found === '' || found.toLowerCase() === location.toLowerCase()) return undefined
  return new AppError({
    what: `The dataset ${project}.${dataset} lies in ${found}, but the config says ${location}.`,
    why: 'A dataset never moves, and BigQuery finds nothing in it under another location.',
    next: [
      `Set bigquery.location: ${found}`,
      `Or set bigquery.dataset_name to another name, and it is made in ${location}.`,
    ],
    kind: 'usage',
  })
}
