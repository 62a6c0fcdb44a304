import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disguised, planted, textWithAddresses } from '../mask/addresses.ts'
import { findFullAddresses } from '../mask/scan.ts'
import { query, stageOf } from '../write/support.ts'
import { textsOf } from './address-scan.ts'
import { type Row, runStage } from './support.ts'

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/private/${name}`, import.meta.url)))

const plain = ['203.0.113.77', '2001:db8:1:2:3:4:5:6', '2001:db8:9::77', '::ffff:203.0.113.78']

const encode = (text: string): string =>
  [...text].map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')
const marks = (text: string): string => text.replace(/[:.]/g, encode)

/** Ways in which addresses stand in logs, beside the plain one. */
const disguises: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => `ip${address}`,
  (address) => `client_${address}_web`,
  (address) => `[${address}]:443`,
  (address) => encodeURIComponent(`/p?ip=${address}`),
  (address) => encodeURIComponent(encodeURIComponent(`/p?ip=${address}`)),
  (address) => encodeURIComponent(encodeURIComponent(encodeURIComponent(`"${address}"`))),
  marks,
  encode,
  (address) => encode(encode(address)),
  (address) => marks(marks(address)),
  (address) => `%22${address}%22`,
  (address) => `\\x22${address}\\x22`,
  (address) => `\\u0022${address}\\u0022`,
  (address) => address.replace(/[:.]/g, (mark) => `\\x${mark.charCodeAt(0).toString(16)}`),
  (address) => address.replace(/[:.]/g, (mark) => `&#${mark.charCodeAt(0)};`),
  (address) => address.replace(/[:.]/g, (mark) => `&#x${mark.charCodeAt(0).toString(16)};`),
  (address) => address.replace(/[.]/g, '&period;').replace(/:/g, '&colon;'),
  (address) => `\\xe2\\x80\\x9c${address}\\xe2\\x80\\x9d`,
  (address) => (/^[0-9.]+$/.test(address) ? `ip-${address.replaceAll('.', '-')}.example` : `${address}%25eth0`),
]

const lineWith = (path: string, user: string, referer: string, agent: string, status: number): string =>
  `198.51.100.7 - ${user} [12/Mar/2026:10:00:01 +0000] "GET ${path} HTTP/1.1" ${status} 10 "${referer}" "${agent}"\n`

const plantedLog = Buffer.from(
  disguises
    .flatMap((disguise) => plain.map(disguise))
    .flatMap((worn) => [
      lineWith(`/a?x=${worn}`, '-', '-', '-', 200),
      lineWith(`/${worn}/b`, '-', '-', '-', 500),
      lineWith('/c', worn, '-', '-', 404),
      lineWith('/d', '-', `https://a.example/${worn}`, '-', 200),
      lineWith('/e', '-', '-', `Agent (${worn})`, 403),
      `198.51.100.7:2563 - - [12/Mar/2026:10:00:01 +0000] "MGLNDD_${worn}_443" 500 150 "-" "-"\n`,
    ])
    .join(''),
)

const fullIn = (rows: Readonly<Partial<Record<string, readonly Row[]>>>): readonly unknown[] =>
  Object.entries(rows)
    .flatMap(([table, each]) => textsOf(each, table))
    .filter(([, text]) => findFullAddresses(text).length > 0)

describe('addresses in every disguise', () => {
  test.each(['private', 'aggregated'])('stand in no text that %s writes', async (id) => {
    const { rows, counts } = await runStage(id, [plantedLog])
    expect(fullIn(rows)).toEqual([])
    expect(counts[0]).toMatchObject({ full_addresses: 0, lines_rejected: 0 })
    const lines = plantedLog.toString('latin1').split('\n').length - 1
    // in private one of the client and one that was planted, where no user is sent with it
    if (id === 'private') expect(counts[0]?.masked).toBeGreaterThanOrEqual(lines + (lines * 5) / 6)
    else expect(counts[0]?.masked).toBeGreaterThan(0)
  })

  test('stand in what structured writes', async () => {
    const { rows } = await runStage('structured', [plantedLog])
    expect(fullIn(rows).length).toBeGreaterThan(disguises.length * plain.length * 5)
  })

  test.each(['private', 'aggregated'])('of a log of others stand in no text that %s writes', async (id) => {
    const { rows, counts } = await runStage(id, [fixture('escapes.log')])
    expect(fullIn(rows)).toEqual([])
    expect(counts[0]?.full_addresses).toBe(0)
    const text = JSON.stringify(rows, (key, value: unknown) => (key === 'private_ip' ? undefined : value))
    expect(text.match(/203[^0-9]+0[^0-9]+113[^0-9]+(?:[1-9]|1[0-9])(?![0-9])/g)).toBeNull()
  })
})

test('private sends no user and no client but its network', async () => {
  const { rows } = await runStage('private', [fixture('users.log')])
  const results = rows.log_results ?? []
  expect(results.length).toBeGreaterThan(3)
  expect(results.map((row) => row['user_id'])).toEqual(results.map(() => null))
  expect(new Set(results.map((row) => row['ip']))).toEqual(new Set(['192.0.2.0']))
  expect(JSON.stringify(results)).not.toMatch(/jane|jroe/i)
})

describe('report and query', () => {
  const proof = stageOf('private').queries.find(({ id }) => id === 'private-full')?.sql ?? ''

  const asked = async (log: Buffer) => {
    const folder = mkdtempSync(join(tmpdir(), 'bbq-proof-'))
    try {
      const runs = [await runStage('private', [log]), await runStage('structured', [log])]
      const file = join(folder, 'rows.json')
      writeFileSync(
        file,
        runs.flatMap(({ rows }) => (rows.log_results ?? []).map((row) => `${JSON.stringify(row)}\n`)).join(''),
      )
      const columns = [
        'version',
        'chunk_id',
        'ip',
        'user_id',
        'message',
        'referer',
        'user_agent',
        'host',
        'forwarded_for',
      ]
      const from = `read_json('${file}', format = 'newline_delimited', columns = {${columns.map((name) => `${name}: 'VARCHAR'`).join(', ')}})`
      const found = await query(proof.replaceAll('{log_results}', from).replaceAll('{epoch}', 'e1'))
      return {
        query: Object.fromEntries(found.map((row) => [String(row['version']), Number(row['full_addresses'])])),
        report: {
          private: runs[0]?.counts[0]?.full_addresses,
          structured: runs[1]?.counts[0]?.full_addresses,
        },
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  test.each([
    ['planted addresses', plantedLog],
    ['escapes', fixture('escapes.log')],
    ['users', fixture('users.log')],
    [
      'every kind of line',
      readFileSync(fileURLToPath(new URL('../../fixtures/stages/every-kind.log', import.meta.url))),
    ],
  ])('agree to the row on %s', async (_, log) => {
    const { query: counted, report } = await asked(log)
    expect(counted).toEqual(report)
    expect(report.private).toBe(0)
    expect(report.structured).toBeGreaterThan(0)
  })

  test('agree on whatever stands in fields, where most clients are networks', async () => {
    const text = fc.oneof(planted, textWithAddresses, disguised(textWithAddresses))
    const clean = (given: string): string => given.replace(/["\0-\x20\\]/g, '_')
    const line = fc
      .tuple(fc.constantFrom('198.51.100.0', '2001:db8::', 'a.example', '198.51.100.7'), text, text, text, fc.boolean())
      .map(([client, one, two, three, odd]) =>
        odd
          ? `${client} - - [12/Mar/2026:10:00:01 +0000] "${one.replaceAll('"', '')}" 400 1 "-" "-"\n`
          : `${client} - - [12/Mar/2026:10:00:01 +0000] "GET /${clean(one)} HTTP/1.1" 200 1 "${clean(two)}" "${clean(three)}"\n`,
      )
    const [lines = []] = fc.sample(fc.array(line, { minLength: 3_000, maxLength: 3_000, size: 'max' }), {
      numRuns: 1,
      seed: 7,
    })
    const { query: counted, report } = await asked(Buffer.from(lines.join('')))
    expect(counted).toEqual(report)
    expect(report.structured).toBeGreaterThan(1_000)
    expect(report.structured).toBeLessThan(3_000)
  })
})
