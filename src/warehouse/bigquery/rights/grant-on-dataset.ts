import type { CallOptions } from '../../warehouse.ts'
import type { Service } from '../service.ts'
import { accessAnswer, type DatasetAccess, everyVersion, maySee, readDataset } from './dataset-access.ts'
import type { Grant } from './grants.ts'
import { changesTooFast, mayNotGrant } from './refusals.ts'

const mostRaces = 8

/** The list replaces the whole of the one before, so every entry that was read is kept; undefined when nothing is missing. */
const withWriters = (dataset: DatasetAccess, grants: readonly Grant[]): DatasetAccess['access'] | undefined => {
  const emails = [...new Set(grants.flatMap(({ email }) => email ?? []))]
  const missing = emails.filter((email) => !maySee.write(dataset, email))
  return missing.length === 0
    ? undefined
    : [...dataset.access, ...missing.map((userByEmail) => ({ role: 'WRITER', userByEmail }))]
}

/** Adds writers to the dataset's access list by read, append and write with the etag that was read; whoever else changes it at the same time loses nothing. */
export const grantOnDataset = async (
  service: Service,
  grants: readonly Grant[],
  options: CallOptions,
): Promise<void> => {
  const what = `change who may use the dataset ${service.place.project}.${service.place.dataset}`
  const about = { what, grants, role: 'roles/bigquery.dataOwner' }
  for (let races = 0; races < mostRaces; races += 1) {
    const read = await readDataset(service, options)
    if ('failure' in read) throw mayNotGrant(service, read.failure, about)
    const access = withWriters(read.value, grants)
    if (access === undefined) return
    const { etag } = read.value
    const written = await service.ask(
      {
        method: 'PATCH',
        path: service.datasetPath(),
        query: everyVersion,
        body: { access },
        shape: accessAnswer,
        doing: what,
        ...(etag === undefined ? {} : { ifMatch: etag }),
      },
      options,
      ({ status }) => status === 403 || status === 412,
    )
    if ('value' in written) return
    if (written.failure.status !== 412) throw mayNotGrant(service, written.failure, about)
  }
  throw changesTooFast(`The access list of ${service.place.project}.${service.place.dataset}`)
}
