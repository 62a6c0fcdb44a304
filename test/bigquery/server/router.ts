import type { Endpoint } from './types.ts'

export interface Route {
  readonly endpoint: Endpoint
  /** Decoded parts of the path: project, dataset, table, job, service. */
  readonly params: Readonly<Record<string, string>>
  readonly upload: boolean
}

const v2 = '/bigquery/v2/projects/:project'

/** Method, path with `:name` for one segment, endpoint. A verb stands behind `::`. */
const routes: readonly (readonly [string, string, Endpoint])[] = [
  ['POST', '/token', 'oauth.token'],
  ['GET', `${v2}/datasets`, 'datasets.list'],
  ['POST', `${v2}/datasets`, 'datasets.insert'],
  ['GET', `${v2}/datasets/:dataset`, 'datasets.get'],
  ['PATCH', `${v2}/datasets/:dataset`, 'datasets.patch'],
  ['DELETE', `${v2}/datasets/:dataset`, 'datasets.delete'],
  ['GET', `${v2}/datasets/:dataset/tables`, 'tables.list'],
  ['POST', `${v2}/datasets/:dataset/tables`, 'tables.insert'],
  ['GET', `${v2}/datasets/:dataset/tables/:table`, 'tables.get'],
  ['PATCH', `${v2}/datasets/:dataset/tables/:table`, 'tables.patch'],
  ['DELETE', `${v2}/datasets/:dataset/tables/:table`, 'tables.delete'],
  ['POST', `${v2}/datasets/:dataset/tables/:table::testIamPermissions`, 'tables.testIamPermissions'],
  ['POST', `${v2}/datasets/:dataset/tables/:table::getIamPolicy`, 'tables.getIamPolicy'],
  ['POST', `${v2}/datasets/:dataset/tables/:table::setIamPolicy`, 'tables.setIamPolicy'],
  ['GET', `${v2}/datasets/:dataset/tables/:table/data`, 'tabledata.list'],
  ['POST', `${v2}/datasets/:dataset/tables/:table/insertAll`, 'tabledata.insertAll'],
  ['GET', `${v2}/jobs`, 'jobs.list'],
  ['POST', `${v2}/jobs`, 'jobs.insert.query'],
  ['POST', `/upload${v2}/jobs`, 'jobs.insert'],
  ['GET', `${v2}/jobs/:job`, 'jobs.get'],
  ['POST', `${v2}/jobs/:job/cancel`, 'jobs.cancel'],
  ['POST', `${v2}/queries`, 'jobs.query'],
  ['GET', `${v2}/queries/:job`, 'jobs.getQueryResults'],
  ['POST', '/v3/projects', 'projects.create'],
  ['GET', '/v3/projects/:project', 'projects.get'],
  ['GET', '/v3/operations/:operation', 'operations.get'],
  ['GET', '/v1/operations/:operation', 'operations.get'],
  ['POST', '/v3/projects/:project::getIamPolicy', 'projects.getIamPolicy'],
  ['POST', '/v3/projects/:project::setIamPolicy', 'projects.setIamPolicy'],
  ['POST', '/v3/projects/:project::testIamPermissions', 'projects.testIamPermissions'],
  ['GET', '/v1/projects/:project/billingInfo', 'projects.getBillingInfo'],
  ['GET', '/v1/projects/:project/services/:service', 'services.get'],
  ['POST', '/v1/projects/:project/services/:service::enable', 'services.enable'],
]

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replace('::', '%')
      .replace(/:(\w+)/g, '(?<$1>[^/:]+)')
      .replace('%', ':')}$`,
  )

const compiled = routes.map(([method, path, endpoint]) => ({ method, pattern: patternOf(path), endpoint, path }))

/** What a request asks for; undefined for what no API has. */
export const findRoute = (method: string, path: string): Route | undefined => {
  for (const route of compiled) {
    if (route.method !== method) continue
    const found = route.pattern.exec(path)
    if (found === null) continue
    const params = Object.fromEntries(
      Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
    return { endpoint: route.endpoint, params, upload: route.path.startsWith('/upload/') }
  }
  return undefined
}
