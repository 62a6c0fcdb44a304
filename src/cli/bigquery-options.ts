import type { Config } from '../config/config.ts'

/** Where the tables are and who asks, as warehouse, rights and setup of BigQuery take it; a config without project.id has none. */
export const bigqueryOptions = ({ project, bigquery, warehouse, credentials }: Config) =>
  project.id === undefined
    ? undefined
    : {
        project: project.id,
        dataset: bigquery.dataset_name,
        location: bigquery.location,
        logResultsTable: bigquery.table_name,
        createIfMissing: project.create_if_missing,
        credentialsPath: credentials.path,
        ...(warehouse.api_endpoint === undefined ? {} : { apiEndpoint: warehouse.api_endpoint }),
        ...(warehouse.token_endpoint === undefined ? {} : { tokenEndpoint: warehouse.token_endpoint }),
      }
