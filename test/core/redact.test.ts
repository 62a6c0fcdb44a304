import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact } from '../../src/core/redact.ts'

const secret = 'S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3t'

describe('redacting', () => {
  test.each([
    ['a private key', `{"private_key":"-----BEGIN PRIVATE KEY-----\\n${secret}\\n-----END PRIVATE KEY-----\\n"}`],
    ['a private key over lines', `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`],
    ['a private key that was cut off', `x -----BEGIN PRIVATE KEY-----\n${secret}`],
    ['an age key', `AGE-SECRET-KEY-1${secret}`],
    ['a password in an address', `postgres://me:${secret}@host/db`],
    ['a bearer token', `Authorization: Bearer ${secret}`],
    ['a Google token', `ya29.${secret}`],
    ['a web token', `eyJhbGciOi.${secret}.sig`],
    ['a web token that was cut off', `eyJhbGciOi${secret}`],
    ['a password in an address without a scheme', `//postgres ://me:${secret}@host/db`],
    ['a password in a word of its own name', `MY-db_password-token=${secret}`],
    ['a password in JSON', `{"password": "${secret}"}`],
    ['a quoted password with spaces', `password='a ${secret} b'`],
    ['a token in the environment', `BACALHAU_API_TOKEN=${secret} bacalhau job run`],
    ['a token flag', `bacalhau --api-token ${secret} job run`],
    ['an access key', `aws_secret_access_key: ${secret}`],
  ])('takes %s out and keeps the rest', (_, text) => {
    const result = redact(`before ${text}`)
    expect(result).not.toContain(secret)
    expect(result).toContain('[redacted]')
    expect(result.startsWith('before ')).toBe(true)
  })

  test.each([
    'bacalhau job run --wait=false --id-only --no-template < .bbq/jobs/bbq-raw-1.yaml',
    '198.51.100.7 - - [2026-11-24T10:22:31Z] "GET /login?page=2 HTTP/1.1" 200 3358 "-" "curl/8"',
    'SELECT region, COUNT(*) FROM log_results GROUP BY 1',
    'https://example.com:1234/path',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text)
  })

  test('finds a secret whatever stands around it', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('password=', 'token: ', '"', '://a:b@', 'Bearer ', '-----BEGIN PRIVATE KEY-----', ' '),
    )
    const around = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redact(`${before} token=${secret} ${after}`)).not.toContain(secret)
      }),
    )
  })
})
