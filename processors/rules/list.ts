import { injections } from './injections.ts'
import type { Rule } from './rule.ts'
import { scanner } from './scanner.ts'
import { traversal } from './traversal.ts'

export const criticalError: Rule = {
  id: 'critical-error',
  kind: 'critical error',
  title: 'critical error',
  means: 'A request failed in the server.',
  looksAt: 'The status.',
  when: 'Every line with 5xx.',
  examples: ['GET /cart 503'],
  ordinary: ['GET /cart 404'],
}

export const failedLogins: Rule = {
  id: 'failed-logins',
  kind: 'security alert',
  title: 'failed logins',
  means: 'Somebody guesses passwords, perhaps with success in the end.',
  looksAt:
    'Answers 401 and 403, and POSTs of a login path that end in another 4xx; a 5xx says nothing about a password. They are counted for the client and its user; without a user for the client and the path, all login paths as one. What monitors ask is no login.',
  when: '`stages.failed_logins` (5) of them in a row in one window. A 2xx or 3xx takes them back: for the same user, on the same path, on a login path a POST.',
  examples: ['POST /login 401, five times', 'GET /admin 401, five times'],
  ordinary: ['GET /intranet/a 401, 401, 200, for many paths (NTLM)', 'PROPFIND /dav/ 401, then 207 (WebDAV)'],
}

export const systemFailure: Rule = {
  id: 'system-failure',
  kind: 'system failure',
  title: 'system failure',
  means: 'The server, or what is behind it, is down.',
  looksAt: 'The statuses of all requests of one window.',
  when: 'The window reaches `stages.failure_requests` (20) requests, and `stages.failure_share` (0.5) of them or more ended in 5xx; once a window.',
  examples: ['10 of 20 requests 503'],
  ordinary: ['9 of 20 requests 503', '19 requests, all 503'],
}

/** Every rule; a line may meet several. */
export const rules: readonly Rule[] = [criticalError, failedLogins, traversal, ...injections, scanner, systemFailure]
