import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseLine } from '../../../processors/formats/parse-line.ts'

const parsedLines = (path: string) =>
  readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => parseLine(line))

const events = (path: string) =>
  parsedLines(path).map((parsed) => {
    if (!parsed.ok) throw new Error(parsed.reason)
    return parsed.event
  })

test('what bots send: each line with a status is a row, impossible statuses are refused as that', () => {
  const parsed = parsedLines('logs/03-bots-garbage.log')
  expect(parsed.slice(0, 12).every(({ ok }) => ok)).toBe(true)
  expect(parsed.slice(12).map((line) => (line.ok ? 'a row' : line.reason))).toEqual(Array(4).fill('bad_status'))
  const methods = parsed.flatMap((line) => (line.ok ? [line.event.method] : []))
  expect(methods).toEqual([null, null, null, null, null, null, 'PRI', 'CONNECT', null, null, 'GET', 'GET'])
})

test('users with blanks, in quotes, or nobody', () => {
  expect(events('private/users.log').map(({ user }) => user)).toEqual([
    'jane.roe@example.org',
    null,
    'Jane Roe',
    'EXAMPLE\\\\jroe',
    null,
    'CN=Jane Roe,O=Example',
    'jos\\xc3\\xa9',
    '192.0.2.77',
    null,
  ])
})

test('requests have method, target and protocol as far as they are there', () => {
  const rows = events('logs/08-request-spaces.log').map(({ method, path, protocol }) => [method, path, protocol])
  expect(rows).toEqual([
    ['GET', '/index.php?x=a b', 'HTTP/1.1'],
    ['GET', "/search.php?q=' OR '1'='1", 'HTTP/1.1'],
    ['GET', '/my file (2).pdf', 'HTTP/1.1'],
    ['GET', '/index.html', null],
    ['GET', '/', null],
    ['POST', '/login page', 'HTTP/1.1'],
    ['GET', '/double-space', 'HTTP/1.1'],
    ['get', '/lower', 'HTTP/1.1'],
    ['GET', '/x', 'HTTP/1.10'],
    ['GET', '/x', 'http/1.1'],
    ['OPTIONS', 'rtsp://198.51.100.3/s RTSP/1.0', null],
    ['GET', '/caf\\xc3\\xa9', 'HTTP/1.1'],
    ['GET', '/', 'HTTP/3'],
    ['GET', '/h2', 'HTTP/2'],
  ])
})

test('fields that no format names are taken along', () => {
  const rows = events('logs/12-trailing-fields.log')
  expect(rows).toHaveLength(12)
  expect(rows.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200, 500, 200, 200, 200, 301])
  expect(rows.at(-1)).toMatchObject({ host: 'www.example.com', client: '192.0.2.161', user: 'jroe', path: '/' })
})
