import { epochLabel } from '../../../src/core/bigquery/load-job.ts'
import { restSchema } from '../../../src/core/bigquery/schema.ts'
import { tables } from '../../../src/core/tables.ts'

export interface DatasetPlace {
  /** Root of BigQuery's API. */
  readonly url: string
  readonly projectId: string
  readonly dataset: string
  /** Absent where the server asks for none. */
  readonly token?: string
}

const call = async ({ url, projectId, token }: DatasetPlace, method: string, path: string, body: unknown) => {
  const answer = await fetch(`${url}/bigquery/v2/projects/${projectId}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Makes the dataset with its four tables, of an epoch. */
export const makeDataset = async (place: DatasetPlace, epoch: string): Promise<void> => {
  const { projectId, dataset } = place
  await call(place, 'POST', '/datasets', { datasetReference: { projectId, datasetId: dataset }, location: 'US' })
  for (const table of tables)
    await call(place, 'POST', `/datasets/${dataset}/tables`, {
      tableReference: { projectId, datasetId: dataset, tableId: table.name },
      schema: restSchema(table),
      timePartitioning: { type: 'DAY', field: table.arrival },
      clustering: { fields: [table.eventTime] },
      ...(table.name === 'raw_logs' ? { labels: { [epochLabel]: epoch } } : {}),
    })
}

/** Starts another epoch, as a reset does. */
export const relabel = (place: DatasetPlace, epoch: string): Promise<unknown> =>
  call(place, 'PATCH', `/datasets/${place.dataset}/tables/raw_logs`, { labels: { [epochLabel]: epoch } })
