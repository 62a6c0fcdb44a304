import { deleteDataset, getDataset, insertDataset, listDatasets, patchDataset } from './datasets.ts'
import { cancelJob, getJob, listJobs } from './jobs.ts'
import { insertLoad } from './load.ts'
import { notFound } from './problem.ts'
import { listRows } from './tabledata.ts'
import { deleteTable, getTable, insertTable, listTables, patchTable } from './tables.ts'
import { giveToken } from './token.ts'
import type { Endpoint } from './types.ts'
import type { Handler } from './world.ts'

const missing: Handler = ({ params }) => {
  throw notFound(JSON.stringify(params))
}

/** What answers which endpoint. */
export const handlersFor = (tokenUrl: () => string): Readonly<Record<Endpoint, Handler>> => ({
  'oauth.token': giveToken(tokenUrl),
  'datasets.get': getDataset,
  'datasets.list': listDatasets,
  'datasets.insert': insertDataset,
  'datasets.patch': patchDataset,
  'datasets.delete': deleteDataset,
  'tables.get': getTable,
  'tables.list': listTables,
  'tables.insert': insertTable,
  'tables.patch': patchTable,
  'tables.delete': deleteTable,
  'tables.testIamPermissions': missing,
  'tables.getIamPolicy': missing,
  'tabledata.list': listRows,
  'tabledata.insertAll': missing,
  'jobs.insert': insertLoad,
  'jobs.insert.query': missing,
  'jobs.insert.dryRun': missing,
  'jobs.get': getJob,
  'jobs.list': listJobs,
  'jobs.cancel': cancelJob,
  'jobs.query': missing,
  'jobs.getQueryResults': missing,
  'projects.get': missing,
  'projects.create': missing,
  'projects.getIamPolicy': missing,
  'projects.setIamPolicy': missing,
  'projects.testIamPermissions': missing,
  'projects.getBillingInfo': missing,
  'services.get': missing,
  'services.enable': missing,
  'operations.get': missing,
  unknown: missing,
})
