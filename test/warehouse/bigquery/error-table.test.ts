import { afterEach, describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../../src/core/errors.ts'
import { tables } from '../../../src/core/tables.ts'
import { explain } from '../../../src/warehouse/bigquery/errors.ts'
import type { BigqueryOptions } from '../../../src/warehouse/bigquery/open.ts'
import type { Fault } from '../../bigquery/server/faults.ts'
import type { StandInOptions } from '../../bigquery/server/types.ts'
import { call, type Demo, openDemo, refusal, words } from './demo.ts'

let demo: Demo | undefined
afterEach(async () => {
  await demo?.close()
  demo = undefined
})

const always = { times: Number.POSITIVE_INFINITY }
const deadlineMs = 2_500

interface Case {
  readonly standIn?: StandInOptions & { readonly roles?: readonly string[] }
  readonly faults?: readonly Fault[]
  /** The tables are there before anything goes wrong. */
  readonly made?: true
  readonly wish?: Partial<BigqueryOptions>
  readonly during: 'confirm' | 'status' | 'query'
  readonly kind: ErrorKind
  readonly what: RegExp
  readonly fix: RegExp
}

const cases: Readonly<Record<string, Case>> = {
  'a key that was deleted': {
    faults: [{ on: 'oauth.token', do: 'invalid_grant', ...always }],
    during: 'confirm',
    kind: 'refused',
    what: /no access token for the account\.\ninvalid_grant/,
    fix: /gcloud iam service-accounts keys create/,
  },
  'a clock that is wrong': {
    faults: [{ on: 'oauth.token', do: 'clock wrong', ...always }],
    during: 'confirm',
    kind: 'refused',
    what: /no access token/,
    fix: /Set the clock/,
  },
  'no server': {
    wish: { apiEndpoint: 'http://127.0.0.1:9' },
    during: 'status',
    kind: 'unreachable',
    what: /127\.0\.0\.1:9 did not look at the table.*\n.*ECONNREFUSED/,
    fix: /warehouse\.api_endpoint/,
  },
  'no name server': {
    wish: { apiEndpoint: 'https://bigquery.invalid' },
    during: 'status',
    kind: 'unreachable',
    what: /bigquery\.invalid did not/,
    fix: /goes on meanwhile/,
  },
  'a server that is silent': {
    faults: [{ on: 'tables.get', do: 'silence', ...always }],
    during: 'status',
    kind: 'unreachable',
    what: /did not look at the table .*\nThere was no answer within/,
    fix: /Try again/,
  },
  'an answer that never ends': {
    faults: [{ on: 'tables.get', do: 'never ending answer', ...always }],
    during: 'status',
    kind: 'unreachable',
    what: /did not look at the table/,
    fix: /Try again/,
  },
  'errors of the service that do not end': {
    faults: [{ on: 'tables.get', do: '503 before acceptance', ...always }],
    during: 'status',
    kind: 'unreachable',
    what: /did not look at the table/,
    fix: /Try again/,
  },
  'the sign-in page of a network': {
    faults: [{ on: 'tables.get', do: 'html page with 200', ...always }],
    during: 'status',
    kind: 'unreachable',
    what: /is not BigQuery/,
    fix: /sign-in page/,
  },
  'the page of a proxy that lets nobody through': {
    made: true,
    faults: [{ on: 'tables.get', do: 'html page with 403', ...always }],
    during: 'status',
    kind: 'unreachable',
    what: /is not BigQuery/,
    fix: /proxy/,
  },
  'the API off': {
    standIn: { apiEnabled: false },
    during: 'confirm',
    kind: 'refused',
    what: /The BigQuery API is off in the project demo/,
    fix: /gcloud services enable bigquery\.googleapis\.com --project=demo/,
  },
  'a login without a quota project': {
    faults: [{ on: 'datasets.get', do: '403 no quota project', ...always }],
    during: 'confirm',
    kind: 'refused',
    what: /names no project whose quota/,
    fix: /gcloud auth application-default set-quota-project demo/,
  },
  'no right to run jobs': {
    standIn: { roles: ['roles/bigquery.dataEditor'] },
    during: 'query',
    kind: 'refused',
    what: /operator@\S+ may not run jobs in the project demo/,
    fix: /--member=serviceAccount:operator@\S+ --role=roles\/bigquery\.jobUser/,
  },
  'no right on the dataset': {
    standIn: { roles: ['roles/bigquery.jobUser'] },
    during: 'confirm',
    kind: 'refused',
    what: /operator@\S+ may not .*dataset/,
    fix: /roles\/bigquery\.dataEditor/,
  },
  'a project that does not exist': {
    wish: { project: 'no-such-project' },
    during: 'confirm',
    kind: 'usage',
    what: /There is no project no-such-project/,
    fix: /gcloud projects list/,
  },
  'a dataset that lies elsewhere, when it is made': {
    made: true,
    wish: { location: 'EU' },
    during: 'confirm',
    kind: 'usage',
    what: /lies in US, but the config says EU/,
    fix: /bigquery\.location: US/,
  },
  'a dataset that lies elsewhere, when it is asked': {
    made: true,
    wish: { location: 'EU' },
    during: 'query',
    kind: 'usage',
    what: /lies in US, but the config says EU/,
    fix: /bigquery\.location: US/,
  },
  'a quota that is used up': {
    faults: [{ on: 'jobs.insert.dryRun', do: '403 quotaExceeded', ...always }],
    during: 'query',
    kind: 'refused',
    what: /A quota of the project demo is used up/,
    fix: /Wait/,
  },
  'a rate that stays exceeded': {
    faults: [{ on: 'jobs.insert.dryRun', do: '403 rateLimitExceeded', ...always }],
    during: 'query',
    kind: 'unreachable',
    what: /more calls than it takes/,
    fix: /Wait a few seconds/,
  },
  'billing off': {
    made: true,
    faults: [{ on: 'jobs.insert.query', do: '403 billingNotEnabled', ...always }],
    during: 'query',
    kind: 'refused',
    what: /has no billing/,
    fix: /gcloud billing projects link demo/,
  },
}

describe('each error of BigQuery ends in the fix for it, within the deadline', () => {
  test.each(Object.entries(cases))(
    '%s',
    async (_, { standIn = {}, faults = [], made, wish, during, kind, what, fix }) => {
      demo = await openDemo(standIn)
      const { server } = demo
      if (made) await demo.warehouse.confirm(tables, call())
      server.faults.add(...faults)
      const warehouse = demo.open(wish)
      const begun = performance.now()
      const error = await refusal(
        during === 'confirm'
          ? warehouse.confirm(tables, call(deadlineMs))
          : during === 'status'
            ? warehouse.status(call(deadlineMs))
            : warehouse.query('SELECT COUNT(*) FROM {raw_logs}', { ...call(deadlineMs), limit: 1 }),
      )
      const ms = performance.now() - begun
      await warehouse.close()
      expect(error.kind).toBe(kind)
      expect(`${error.what}\n${error.why}`).toMatch(what)
      expect(error.next.join('\n')).toMatch(fix)
      expect(ms).toBeLessThan(deadlineMs + 4_000)
      expect(words(error)).not.toMatch(/PRIVATE KEY|ya29|Bearer/)
    },
  )
})

test.each([
  ['responseTooLarge', 'Response too large to return. Consider specifying a destination table.', /LIMIT/],
  ['blocked', 'BigQuery has temporarily denylisted the operation.', /bbq doctor/],
])('a 403 for %s is no lack of rights', (reason, message, fix) => {
  const place = { project: 'demo', dataset: 'logs', location: 'US', logResultsTable: 'log_results' }
  const error = explain({ status: 403, reason, message }, { place, apiEndpoint: 'https://a.b', doing: 'run the query' })
  expect(words(error)).not.toMatch(/Grant|may not/)
  expect(error.next.join('\n')).toMatch(fix)
})
