import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { errorOf, stripAnsi } from '../../../src/cluster/bacalhau/errors.ts'

const recorded = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/bacalhau/${name}.stderr`, import.meta.url)), 'utf8')

const errorIn = (name: string) => errorOf(['node', 'list'], stripAnsi(recorded(name)), '203.0.113.7:1234', undefined)

describe('what the CLI says on stderr', () => {
  test.each([
    ['api-unreachable', 'unreachable', /203\.0\.113\.7:1234 does not answer/],
    ['api-black-hole', 'unreachable', /does not answer/],
    ['api-host-unknown', 'unreachable', /no such host/],
    ['api-tls-on-plain', 'unreachable', /TLS/],
    ['auth-none-node-list', 'refused', /asks for credentials, and was given none/],
    ['auth-none-job-run', 'refused', /asks for credentials, and was given none/],
    ['auth-wrong-user', 'refused', /did not accept the credentials/],
    ['auth-wrong-key-node-list', 'refused', /did not accept the credentials/],
    ['auth-wrong-key-job-logs', 'refused', /did not accept the credentials/],
    ['auth-key-and-user', 'usage', /an API key and a user at once/],
    ['auth-readonly-job-run', 'refused', /does not allow this with these credentials/],
    ['dry-run-readonly', 'refused', /does not allow this with these credentials/],
    ['dry-run-wrong-key', 'refused', /did not accept the credentials/],
    ['inline-8m', 'refused', /too large/],
    ['job-run-same-again', 'failed', /the same was sent before/],
    ['job-run-invalid-spec', 'usage', /does not take its spec/],
    ['job-run-invalid-yaml', 'usage', /does not take its spec/],
    ['job-run-bad-env', 'usage', /does not take its spec/],
    ['job-describe-unknown', 'failed', /does not know it/],
    ['job-logs-dead-node', 'unreachable', /log cannot be read/],
    ['flag-unknown', 'usage', /CLI is not the one/],
  ] as const)('%s is %s', (name, kind, what) => {
    const error = errorIn(name)
    expect(error.kind).toBe(kind)
    expect(error.what).toMatch(what)
    expect(error.next.length).toBeGreaterThan(0)
  })

  test.each([
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', /cluster\.ca_file/],
    ['http: server gave HTTP response to HTTPS client', /http:\/\//],
    ['Client sent an HTTP request to an HTTPS server.', /https:\/\//],
  ])('%s says what to write', (text, next) => {
    const error = errorOf(['node', 'list'], `Error: network error: Get "…": ${text}\n`, 'a:1', undefined)
    expect(error.kind).toBe('unreachable')
    expect(error.next[0]).toMatch(next)
  })

  test('its own words are the reason, without colours, hints and prompts', () => {
    expect(errorIn('job-run-invalid-spec').why).toBe(
      'the job provided is invalid: invalid job type: "opz"; missing job tasks',
    )
    expect(errorIn('auth-wrong-key-node-list').why).toBe('unauthorized')
    expect(errorIn('dry-run-readonly').why).toBe('Request Forbidden')
    expect(errorIn('api-unreachable').why).toBe('server is not running or not reachable at http://127.0.0.1:1999')
  })

  test('an unknown text is kept, with the line to run by hand', () => {
    const error = errorOf(['job', 'list', '--x'], 'Error: Internal server error\n', 'a:1', undefined)
    expect(error.what).toBe('bacalhau job list failed.')
    expect(error.why).toBe('Internal server error')
    expect(error.next).toEqual(['Run it by hand: bacalhau job list --x'])
    expect(errorOf(['job', 'list'], '', 'a:1', undefined).why).toBe('It said nothing about why.')
  })
})
