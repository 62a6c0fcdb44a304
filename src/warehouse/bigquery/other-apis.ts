import { isGoogle } from '../../core/bigquery/endpoint.ts'

/** Google's APIs for what BigQuery itself has no call for: projects and their policies, services, billing. */
export type OtherApi = 'cloudresourcemanager' | 'serviceusage' | 'cloudbilling'

/** Where such an API answers; beside a server that is not Google's nothing is ever sent to Google. */
export const rootOf = (api: OtherApi, apiEndpoint: string): string =>
  isGoogle(apiEndpoint) ? `https://${api}.googleapis.com` : apiEndpoint.replace(/(?<!\/)\/+$/, '')
