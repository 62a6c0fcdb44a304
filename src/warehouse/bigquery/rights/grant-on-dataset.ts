import type { CallOptions } from '../../warehouse.ts'
import type { Service } from '../service.ts'
import { accessAnswer, type DatasetAccess, everyVersion, maySee, readDataset } from './dataset-access.ts'
import type { Grant } from './grants.ts'
import { changesTooFast, mayNotGrant, notWhole } from './refusals.ts'

const mostRaces = 8

type Entries = NonNullable<DatasetAccess['access']>

/** The list replaces the whole of the one before, so every entry that was read is kept; undefined when nothing is missing. */
const withWriters = (dataset: DatasetAccess, entries: Entries, grants: readonly Grant[]): Entries | undefined => {
  const emails = [...new Set(grants.flatMap(({ email }) => email ?? []))]
  const missing = emails.filter((email) => !maySee.write(dataset, email))
  return missing.length === 0
    ? undefined
    : [...entries, ...missing.map((userByEmail) => ({ role: 'WRITER', userByEmail }))]
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
    const { etag, access: entries } = read.value
    // what is not shown would be lost
    if (etag === undefined || entries === undefined) throw notWhole(service, about)
    const access = withWriters(read.value, entries, grants)
    if (access === undefined) return
    const written = await service.ask(
      {
        method: 'PATCH',
        path: service.datasetPath(),
        query: everyVersion,
        body: { access },
        shape: accessAnswer,
        doing: what,
        ifMatch: etag,
      },
      options,
      ({ status }) => status === 400 || status === 403 || status === 412,
    )
    if ('value' in written) return
    if (written.failure.status !== 412) throw mayNotGrant(service, written.failure, about)
  }
  throw changesTooFast(`The access list of ${service.place.project}.${service.place.dataset}`)
}
