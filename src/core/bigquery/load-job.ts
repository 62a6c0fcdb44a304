import type { Table } from '../tables.ts'
import { restSchema } from './schema.ts'

export interface LoadTarget {
  readonly projectId: string
  readonly datasetId: string
  /** Name in the dataset; log_results may have another one there. */
  readonly tableId: string
  /** Of the dataset; sent with every call, because a wrong one reads as not found. */
  readonly location: string
}

/** Id of the load job of a chunk: letters, digits, `_` and `-`. A failed job burns its id, so that a new try has a new attempt. */
export const loadJobId = (chunkId: string, table: string, attempt: number): string =>
  `bbq_${table}_${chunkId}_a${attempt}`.replaceAll(/[^A-Za-z0-9_-]/g, '-')

/** Body of jobs.insert that loads one Parquet file: all rows or none, into a table that must be there. */
export const loadJobBody = (table: Table, target: LoadTarget, jobId: string) => ({
  jobReference: { projectId: target.projectId, jobId, location: target.location },
  configuration: {
    labels: { app: 'bbq' },
    load: {
      destinationTable: { projectId: target.projectId, datasetId: target.datasetId, tableId: target.tableId },
      sourceFormat: 'PARQUET',
      parquetOptions: { enableListInference: true },
      schema: restSchema(table),
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_APPEND',
    },
  },
})

/** Label of the table raw_logs that holds the epoch. */
export const epochLabel = 'bbq_epoch'
