import { deleteDataset, getDataset, insertDataset, listDatasets, patchDataset } from './datasets.ts'
import { insertAll } from './insert-all.ts'
import { cancelJob, getJob, listJobs } from './jobs.ts'
import { insertLoad } from './load.ts'
import { notFound } from './problem.ts'
import {
  createProject,
  enableService,
  getBilling,
  getOperation,
  getProject,
  getProjectPolicy,
  getService,
  setProjectPolicy,
  testProject,
  testTable,
} from './projects.ts'
import { dryRun, getQueryResults, insertQuery, query } from './queries.ts'
import { getTablePolicy, setTablePolicy } from './table-policy.ts'
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
  'tables.testIamPermissions': testTable,
  'tables.getIamPolicy': getTablePolicy,
  'tables.setIamPolicy': setTablePolicy,
  'tabledata.list': listRows,
  'tabledata.insertAll': insertAll,
  'jobs.insert': insertLoad,
  'jobs.insert.query': insertQuery,
  'jobs.insert.dryRun': dryRun,
  'jobs.get': getJob,
  'jobs.list': listJobs,
  'jobs.cancel': cancelJob,
  'jobs.query': query,
  'jobs.getQueryResults': getQueryResults,
  'projects.get': getProject,
  'projects.create': createProject,
  'projects.getIamPolicy': getProjectPolicy,
  'projects.setIamPolicy': setProjectPolicy,
  'projects.testIamPermissions': testProject,
  'projects.getBillingInfo': getBilling,
  'services.get': getService,
  'services.enable': enableService,
  'operations.get': getOperation,
  unknown: missing,
})
